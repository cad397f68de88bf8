import Commands
import Foundation
import Testing

@Suite("A log that is not there") struct LostLogTests {
    private let data = FileManager.default.temporaryDirectory
        .appendingPathComponent("barback-\(UUID().uuidString)").path

    private func refuses(_ files: [String]) throws -> Bool {
        defer { try? FileManager.default.removeItem(atPath: data) }
        for file in files {
            let url = URL(fileURLWithPath: "\(data)/\(file)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: url)
        }
        do { try LostLog.check(data) } catch {
            return "\(error)".hasSuffix("the log is missing; put it back from a backup")
        }
        return false
    }

    @Test(arguments: ["log.db-wal", "keys/log.vkey", "models/orders"])
    func `was there where something of it is left`(file: String) throws {
        #expect(try refuses([file]))
        #expect(try !refuses([file, "log.db"]))
    }

    @Test func `has never been there after a first start that was killed`() throws {
        #expect(try !refuses([]))
        #expect(try !refuses(["keys/log.key", "models/orders.lock", "run/commands.lock"]))
    }
}
