import Domain
import EventStore
import Foundation
import ReadModels
import SQLite
import Testing

@testable import Projectors

@Suite("A rebuild without a projector") struct RebuildTests {
    let bar: TestModels
    let files: ModelFiles

    init() throws {
        bar = try TestModels()
        files = ModelFiles("orders", dataDirectory: bar.directory)
        let drink = try bar.drink(bar.section())
        for number in 1...20 {
            let order = try bar.order(drink, ticket: Int64(number))
            if number % 2 == 0 { try bar.move(order, .pending, .ready) }
        }
    }

    private func rebuild(rollingBack: Bool = false) throws -> RebuildReport {
        try RebuildRequest.run(
            .orders, rollingBack: rollingBack, dataDirectory: bar.directory,
            progress: { _, _ in }, goesOn: { true })
    }

    private func change(_ generation: Int, _ sql: String) throws {
        let raw = try Connection(path: files.path(generation: generation), mode: .readWrite)
        try raw.execute(sql)
        #expect(raw.changes > 0)
    }

    private func pointer() throws -> String {
        try String(contentsOfFile: files.pointer, encoding: .utf8)
    }

    @Test func `of nothing makes the first generation`() throws {
        let report = try rebuild()
        #expect(report.generation == 1 && report.before == nil && report.isEqual)
        #expect(report.position == 32)
        #expect(try pointer() == "1\n")
        #expect(report.now == (try bar.build(.orders).contentDigest()))
    }

    @Test func `is equal to a live one that is as the log says, also where that was behind`() throws
    {
        _ = try rebuild()
        try bar.append(.bar(.orderingPaused(message: "x")))
        let report = try rebuild()
        #expect(report.generation == 2 && report.before == report.now)
        #expect(report.position == 33)
    }

    @Test func `differs from a live one that is not, and goes live, and goes back`() throws {
        _ = try rebuild()
        try change(1, "UPDATE placed_order SET note = 'forged' WHERE ticket = 3")
        let report = try rebuild()
        #expect(!report.isEqual && report.before != nil)
        #expect(try pointer() == "2\n")
        try bar.append(.bar(.orderingPaused(message: "x")))
        let back = try rebuild(rollingBack: true)
        #expect(back.generation == 1 && back.position == 33 && !back.isEqual)
        #expect(try pointer() == "1\n")
        // And forward again.
        #expect(try rebuild(rollingBack: true).generation == 2)
        #expect(try rebuild().isEqual)
        #expect(try pointer() == "3\n")
    }

    @Test func `takes the place of one that cannot be read`() throws {
        _ = try rebuild()
        try Data(repeating: 0x5A, count: 50_000).write(
            to: URL(fileURLWithPath: files.path(generation: 1)))
        let report = try rebuild()
        #expect(report.generation == 2 && report.before == nil)
        #expect(report.now == (try bar.build(.orders).contentDigest()))
    }

    @Test func `has nothing to go back to at first`() throws {
        #expect(throws: Rebuild.NothingBefore.self) { try rebuild(rollingBack: true) }
        _ = try rebuild()
        #expect(throws: Rebuild.NothingBefore.self) { try rebuild(rollingBack: true) }
        #expect(try pointer() == "1\n")
    }

    @Test func `that is stopped leaves all as it was`() throws {
        _ = try rebuild()
        let before = try FileManager.default.contentsOfDirectory(atPath: files.directory).sorted()
        var looks = 0
        #expect(throws: RebuildStopped.self) {
            try RebuildRequest.run(
                .orders, rollingBack: false, dataDirectory: bar.directory,
                progress: { _, _ in },
                goesOn: {
                    looks += 1
                    return looks < 3
                })
        }
        #expect(looks == 3)
        let after = try FileManager.default.contentsOfDirectory(atPath: files.directory).sorted()
        #expect(before == after)
        #expect(try pointer() == "1\n")
    }

    @Test func `stops at an event that cannot be applied, and the live one stays`() throws {
        _ = try rebuild()
        try bar.append("OrderPlaced", "{}", schema: 2)
        #expect(throws: Projection.Failure.self) { try rebuild() }
        #expect(try pointer() == "1\n")
        let names = try FileManager.default.contentsOfDirectory(atPath: files.directory)
        #expect(!names.contains { $0.hasSuffix(".unfinished") })
    }
}

@Suite("A message to a projector") struct ProjectorMessageTests {
    @Test(
        arguments: [
            .rebuild, .rollBack, .damaged, .progress(done: 5, all: 10), .failed("no more room"),
            .done(RebuildReport(position: 7, generation: 2, before: nil, now: "ab")),
            .done(RebuildReport(position: 7, generation: 2, before: "aa", now: "ab")),
        ] as [ProjectorMessage])
    func `is read as it was written`(message: ProjectorMessage) {
        #expect(message.line.last == "\n")
        #expect(ProjectorMessage(String(message.line.dropLast())) == message)
    }

    @Test func `is one line, whatever it says`() {
        #expect(ProjectorMessage.failed("one\ntwo").line == "1 failed one two\n")
    }

    @Test(arguments: [
        "", "1", "rebuild", "2 rebuild", "1 dance", "1 progress 1", "1 progress a b",
        "1 done 1 2 3",
    ])
    func `that is none of these is not read`(line: String) {
        #expect(ProjectorMessage(line) == nil)
    }
}
