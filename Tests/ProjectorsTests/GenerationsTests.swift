import Domain
import EventStore
import Foundation
import ReadModels
import SQLite
import Testing

@testable import Projectors

@Suite("The generations of a read model") struct GenerationsTests {
    let bar: TestModels
    let files: ModelFiles

    init() throws {
        bar = try TestModels()
        files = ModelFiles("menu", dataDirectory: bar.directory)
        try FileManager.default.createDirectory(
            atPath: files.directory, withIntermediateDirectories: false)
        _ = try bar.section()
    }

    private func open() throws -> Projection { try Generations(.menu, files, bar.log).open().1 }

    private func databases() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: files.directory)
            .filter { $0.hasSuffix(".db") }.sorted()
    }

    /// What a new release with another format finds.
    private func age(_ generation: Int) throws {
        let raw = try Connection(path: files.path(generation: generation), mode: .readWrite)
        try raw.execute("UPDATE projection SET format = 0")
    }

    private func pointer() throws -> String {
        try String(contentsOfFile: files.pointer, encoding: .utf8)
    }

    @Test func `begin with the first and go on with it`() throws {
        for _ in 0..<2 { #expect(try open().position == Position(1)) }
        #expect(try pointer() == "1\n")
        #expect(try databases() == ["menu.g1.db"])
    }

    @Test func `are the one before and the live one`() throws {
        for generation in 1...3 {
            _ = try open()
            try age(generation)
        }
        #expect(try open().position == Position(1))
        #expect(try pointer() == "4\n")
        #expect(try databases() == ["menu.g3.db", "menu.g4.db"])
    }

    @Test(arguments: [false, true])
    func `do not pile up while one cannot be built`(hasLive: Bool) throws {
        if hasLive {
            _ = try open()
            try age(1)
        }
        try bar.append("SectionCreated", "nonsense")
        for _ in 0..<3 { #expect(throws: Projection.Failure.self) { try open() } }
        #expect(try databases() == (hasLive ? ["menu.g1.db"] : []))
    }

    @Test func `leave nothing of a build that was killed`() throws {
        _ = try open()
        try age(1)
        for killed in 2...3 {
            for ending in ["", "-journal"] {
                try write(files.unfinished(generation: killed) + ending)
            }
        }
        _ = try open()
        #expect(try pointer() == "2\n")
        #expect(try allFiles() == ["menu.g1.db", "menu.g2.db"])
    }

    @Test func `leave nothing of a check that was killed, and one at work alone`() throws {
        _ = try open()
        let own = files.check(by: ProcessInfo.processInfo.processIdentifier)
        // No kernel gives a process such a number.
        let dead = files.check(by: 999_999_999)
        for path in [own, dead, dead + "-journal"] { try write(path) }
        _ = try open()
        let names = try FileManager.default.contentsOfDirectory(atPath: files.directory)
        #expect(names.filter { $0.contains("check") } == [(own as NSString).lastPathComponent])
    }

    @Test func `have nothing beside them while they are built`() throws {
        let events = 5
        for number in 1...events { _ = try bar.section("Section \(number)") }
        var seen: Set<String> = []
        let watch = RebuildWatch(
            progress: { [files] _, _ in
                let names = try? FileManager.default.contentsOfDirectory(atPath: files.directory)
                seen.formUnion(names ?? [])
            }, goesOn: { true })
        _ = try Generations(.menu, files, bar.log).build(watch)
        #expect(seen == ["menu.g1.unfinished"])
    }

    @Test(arguments: ["9223372036854775807\n", "1000000000\n", "1000000001\n", "0\n", "-3\n"])
    func `begin anew behind a pointer that no bar has written`(nonsense: String) throws {
        _ = try open()
        for _ in 1...3 {
            try Data(nonsense.utf8).write(to: URL(fileURLWithPath: files.pointer))
            #expect(try open().position == Position(1))
            let live = try #require(try Generations(.menu, files, bar.log).live())
            #expect(try databases() == ["menu.g\(live).db"])
        }
    }

    @Test func `move a directory out of the pointer's place`() throws {
        _ = try open()
        let generations = Generations(.menu, files, bar.log)
        try FileManager.default.removeItem(atPath: files.pointer)
        try FileManager.default.createDirectory(
            atPath: files.pointer + "/kept", withIntermediateDirectories: true)
        #expect(try generations.lookAfter(1))
        #expect(try pointer() == "1\n")
        #expect(FileManager.default.fileExists(atPath: files.pointer + ".aside-1/kept"))
        try FileManager.default.removeItem(atPath: files.pointer)
        try FileManager.default.createDirectory(
            atPath: files.pointer, withIntermediateDirectories: true)
        #expect(try open().position == Position(1))
        #expect(try pointer() == "2\n")
    }

    @Test func `do not fill a live file that was emptied`() throws {
        _ = try open()
        try write(files.path(generation: 1), "")
        #expect(try Generations(.menu, files, bar.log).lookAfter(1) == false)
        #expect(try open().position == Position(1))
        #expect(try pointer() == "2\n")
    }

    private func write(_ path: String, _ text: String = "half a database") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func `leave nothing of files whose removal was cut short`() throws {
        _ = try open()
        for ending in ["-wal", "-shm"] {
            try Data("x".utf8).write(
                to: URL(fileURLWithPath: files.path(generation: 7) + ending))
        }
        _ = try open()
        #expect(try allFiles() == ["menu.g1.db"])
    }

    @Test func `keep one that was whole but did not go live before the kill`() throws {
        _ = try open()
        let generations = Generations(.menu, files, bar.log)
        #expect(try generations.build(.nobody) == 2)
        #expect(try open().position == Position(1))
        #expect(try pointer() == "1\n")
        #expect(try generations.build(.nobody) == 3)
        try generations.goLive(3, insteadOf: 1)
        #expect(try allFiles() == ["menu.g1.db", "menu.g3.db"])
    }

    @Test func `put a pointer right that somebody has changed`() throws {
        _ = try open()
        let generations = Generations(.menu, files, bar.log)
        for nonsense in ["nine\n", "2\n", ""] {
            try Data(nonsense.utf8).write(to: URL(fileURLWithPath: files.pointer))
            #expect(try generations.lookAfter(1))
            #expect(try pointer() == "1\n")
        }
        try FileManager.default.removeItem(atPath: files.pointer)
        #expect(try generations.lookAfter(1))
        #expect(try pointer() == "1\n")
        #expect(try generations.lookAfter(2) == false)
    }

    /// Without the logs and indexes that SQLite keeps beside a file.
    private func allFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: files.directory)
            .filter {
                $0.hasPrefix("menu.g")
                    && FileManager.default.fileExists(
                        atPath: "\(files.directory)/\($0)")
            }
            .filter { name in !databaseHas(name) }.sorted()
    }

    private func databaseHas(_ name: String) -> Bool {
        guard let end = name.range(of: ".db-") else { return false }
        let database = "\(files.directory)/\(name[..<end.lowerBound]).db"
        return FileManager.default.fileExists(atPath: database)
    }

    /// Not corrupt to SQLite: it says "no such column".
    @Test func `are built anew where one's schema has a wrong letter`() throws {
        _ = try open()
        let url = URL(fileURLWithPath: files.path(generation: 1))
        var bytes = try Data(contentsOf: url)
        while let place = bytes.range(of: Data("skipped".utf8)) { bytes[place.lowerBound] ^= 2 }
        try bytes.write(to: url)
        #expect(try open().position == Position(1))
        #expect(try pointer() == "2\n")
    }

    @Test func `give a file that was removed another number`() throws {
        for _ in 0..<2 { _ = try open() }
        try age(1)
        _ = try open()
        try FileManager.default.removeItem(atPath: files.path(generation: 2))
        #expect(try open().position == Position(1))
        #expect(try pointer() != "2\n")
    }
}
