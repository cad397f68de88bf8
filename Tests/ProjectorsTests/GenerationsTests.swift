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

    private func open() throws -> Projection { try Generations(.menu, files, bar.log).open() }

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
            _ = try Projection(.menu, path: files.path(generation: killed), log: bar.log)
        }
        _ = try open()
        #expect(try pointer() == "4\n")
        #expect(try databases() == ["menu.g1.db", "menu.g4.db"])
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
