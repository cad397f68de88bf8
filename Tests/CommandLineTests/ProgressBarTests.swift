import Testing

@testable import barback

@Suite("A progress bar")
struct ProgressBarTests {
    @Test func `shows how far it is, in words and in a bar`() {
        #expect(
            ProgressBar.line(520_000, of: 1_000_000, "events")
                == "[############............]  52%   520,000 of 1,000,000 events")
    }

    @Test(arguments: [
        (nil, "[############............]  52%   520,000 of 1,000,000 events"),
        (62, "[############............]  52%   520,000 of 1,000,000 events"),
        (61, "[############............]  52%   520,000 of 1,000,000"),
        (54, "[############............]  52%"), (31, " 52%"), (5, " 52%"), (4, ""),
    ])
    func `leaves out what a narrow terminal has no room for`(columns: Int?, line: String) {
        #expect(ProgressBar.line(520_000, of: 1_000_000, "events", columns: columns) == line)
    }

    @Test(arguments: [(0, 10, "  0%"), (10, 10, "100%"), (11, 10, "100%"), (0, 0, "100%")])
    func `never leaves its frame`(done: Int64, all: Int64, percent: String) {
        let line = ProgressBar.line(done, of: all, "events")
        #expect(line.contains("] \(percent) "))
        #expect(line.prefix { $0 != "]" }.count == 25)
    }
}
