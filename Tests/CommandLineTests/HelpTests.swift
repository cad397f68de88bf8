import Testing

@testable import EventStore
@testable import barback

@Suite("The help") struct HelpTests {
    @Test func `lists every subcommand once`() {
        let names = Program.subcommands.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(Help.overview.contains("\n  \(name) ")) }
    }

    @Test(arguments: Program.subcommands.map(\.name))
    func `of a subcommand shows its usage and explains each flag`(name: String) throws {
        let subcommand = try #require(Program.subcommands.first { $0.name == name })
        let text = Help.text(of: subcommand)
        #expect(text.contains("\nusage: barback \(name)"))
        for flag in subcommand.flags {
            #expect(text.contains("\n  \(flag.shape) "))
            if let variable = flag.variable { #expect(text.contains(variable)) }
        }
        #expect(text.hasSuffix("\n"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test(arguments: Program.subcommands.map(\.name))
    func `of a subcommand teaches by two examples and says how it ends`(name: String) throws {
        let subcommand = try #require(Program.subcommands.first { $0.name == name })
        let lines = subcommand.details.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("  barback \(name)") }.count >= 2)
        #expect(subcommand.details.contains("Exit codes:"))
    }

    @Test func `breaks a long usage before the edge of a terminal`() {
        for subcommand in Program.subcommands {
            let lines = Help.usage(of: subcommand).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 })
        }
    }

    @Test func `names the log format that is written`() {
        #expect(Version.logFormat == Schema.format)
    }

    @Test func `takes every flag of serve from the environment too`() {
        for flag in Subcommand.serve.flags {
            let name = flag.name.uppercased().replacing("-", with: "_")
            #expect(flag.variable == "BARBACK_\(name)")
        }
    }
}

@Suite("Words for people") struct WordsTests {
    @Test func `group thousands`() {
        #expect(grouped(0) == "0")
        #expect(grouped(999) == "999")
        #expect(grouped(1_234_567) == "1,234,567")
        #expect(grouped(-1_000) == "-1,000")
    }

    @Test func `name the two largest units of time`() {
        #expect(duration(seconds: 0) == "0 s")
        #expect(duration(seconds: 59) == "59 s")
        #expect(duration(seconds: 3_600) == "1 h")
        #expect(duration(seconds: 90_061) == "1 d 1 h")
        #expect(duration(seconds: 150) == "2 min 30 s")
        #expect(seconds(milliseconds: 1_999) == "1.9 s")
        #expect(seconds(milliseconds: 999) == "999 ms")
    }

    @Test func `count bytes in thousands`() {
        #expect(size(bytes: 999) == "999 B")
        #expect(size(bytes: 1_500) == "1 kB")
        #expect(size(bytes: 5_242_880) == "5.2 MB")
        #expect(size(bytes: 1_100_000_000) == "1.1 GB")
    }

    @Test func `stand in columns`() {
        let table = Table(
            [["name", "pid"], ["commands", "7", "late"], ["front"]], alignRight: [1])
        #expect(table.text == "name       pid\ncommands     7   late\nfront\n")
    }
}

@Suite("An ending") struct EndingTests {
    @Test func `that a new start cannot mend says so`() {
        #expect(Ending(of: UsageError("no")) == Ending("no", .usage, isHopeless: true))
        #expect(Ending(of: LogError.newerFormat(found: 2, known: 1)).isHopeless)
        #expect(Ending(of: LogError.newerFormat(found: 2, known: 1)).code == .failure)
    }
}
