import Crypto
import Domain
import EventStore
import Foundation
import SQLite
import Testing

/// A directory that goes with the test.
final class Scratch {
    let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("barback-\(Foundation.UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: false)
        path = directory.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// A log of small events for one test.
final class TestLog {
    static let noon = Time(microseconds: 1_800_000_000_000_000)
    static let catalogue = Catalogue([.init("Poured"), .init("Spilled")])

    let scratch: Scratch
    private(set) var writer: LogWriter
    private var random: UInt64 = 0

    init(state: String = "", publicKey: [UInt8]? = nil) throws {
        scratch = try Scratch()
        writer = try LogWriter(
            path: scratch("log.db"), now: Self.noon, catalogue: Self.catalogue,
            publicKey: publicKey, state: state)
    }

    var path: String { scratch("log.db") }

    func reader() throws -> LogReader { try LogReader(path: path) }

    func reopen(
        at now: Time = noon, catalogue: Catalogue = catalogue, publicKey: [UInt8]? = nil
    ) throws {
        writer = try LogWriter(path: path, now: now, catalogue: catalogue, publicKey: publicKey)
    }

    /// Another connection to the file, past everything the log promises.
    func raw() throws -> Connection { try Connection(path: path, mode: .readWrite) }

    func stage(
        _ data: [String] = [#"{"n":1}"#], stream: String = "glass-1",
        expecting expected: ExpectedVersion = .any, type: String = "Poured", schema: Int = 1,
        key: CommandKey? = nil, at clock: Time = noon, reply: [UInt8] = [1]
    ) -> StagedCommand {
        let events = data.map { data in
            random += 1
            return StagedEvent(
                NewEvent(
                    stream: stream, expected: expected, type: type, schema: schema,
                    data: Array(data.utf8)),
                at: writer.stamp(clock), random: random)
        }
        return StagedCommand(
            id: key?.id ?? events[0].id, actor: "staff:host", key: key, events: events,
            reply: reply)
    }

    func append(_ stream: String = "glass-1", _ expected: ExpectedVersion = .any) throws {
        try writer.commit([stage(stream: stream, expecting: expected)])
    }

    /// Fills the log with `count` events in `count / 10` streams.
    func fill(_ count: Int) throws {
        try writer.commit(
            (0..<count).map { stage([#"{"n":\#($0)}"#], stream: "glass-\($0 / 10)") })
    }

    func positions() throws -> [Int64] {
        try reader().read(after: .start, limit: 1_000_000).map(\.position.number)
    }
}

func key(_ number: UInt64, print: UInt8 = 0) -> CommandKey {
    // Ids are digests: every bit of them varies.
    let digest = SHA256().digest(of: Array("\(number)".utf8)).bytes
    return CommandKey(
        id: Domain.UUID(bytes: Array(digest[..<16])) ?? UUID(high: 0, low: 0),
        fingerprint: [UInt8](repeating: print, count: 16))
}

/// The first bad position that a check names; nil when it finds none.
func badPosition(_ check: () throws -> Void) throws -> Int64? {
    do {
        try check()
    } catch LogError.damaged(let position, _) {
        return position.number
    }
    return nil
}

/// Verifies a whole log as `barback verify` does.
func verify(_ path: String, publicKey: [UInt8]? = nil, page: Int = 1_000) throws -> Int64? {
    try badPosition {
        let verifier = try Verifier(path: path, publicKey: publicKey)
        while try verifier.verifyPage(limit: page) {}
        try verifier.verifyEnd()
    }
}

extension Time {
    static func + (time: Time, microseconds: Int64) -> Time {
        Time(microseconds: time.microseconds + microseconds)
    }
}
