internal import Crypto
public import Domain
internal import EventStore
internal import SQLite

/// What verifying a whole log has proved.
public struct Verification: Equatable, Sendable {
    public let events: Position
    /// The tree hash over all of them, in base64 as the signed checkpoints write it.
    public let root: String
    public let checkpoints: Int64

    /// The key at hand signed another log.
    public struct OtherLog: Error, CustomStringConvertible {
        public let log: UUID
        public let keyLog: String

        public var description: String {
            "this is log \(log), and the key belongs to log \(keyLog): it is another bar's log, or "
                + "another bar's key"
        }
    }

    /// Verifies every event from the first, beside a writer or without one.
    ///
    /// `progress` is called after each page with what is verified and what there is.
    /// - Throws: ``LogError/damaged(at:reason:)`` with the first bad position, ``OtherLog``.
    public static func run(
        path: String, key: VerifierKey?, progress: (Position, Position) throws -> Void
    ) throws -> Verification {
        do {
            return try verify(path, key, progress)
        } catch LogError.sqlite(let reason) where reason.isCorrupt {
            // A file that is no database (any more) is bad from the first event on.
            throw LogError.damaged(at: Position.start.next, reason: reason.message)
        }
    }

    private static func verify(
        _ path: String, _ key: VerifierKey?, _ progress: (Position, Position) throws -> Void
    ) throws -> Verification {
        // A head that is bad is named last: an event before it may be the first bad one.
        let log = try reader(path)
        var head = try log?.head()
        if let key, let head, key.logID != head.logID.description {
            throw OtherLog(log: head.logID, keyLog: key.logID)
        }
        let verifier = try Verifier(path: path, publicKey: key?.publicKey)
        while try verifier.verifyPage() {
            try progress(verifier.verified, max(head?.position ?? .start, verifier.verified))
        }
        repeat {
            // Where a writer goes on meanwhile, what has come is verified too.
            try verifier.verifyEnd()
            head = try LogReader(path: path).head()
        } while head?.position != verifier.verified
        let root = head?.frontier.root(hashingWith: SHA256()).bytes ?? []
        return Verification(
            events: verifier.verified, root: Base64.encode(root),
            checkpoints: try checkpointCount(path, verifier.verified))
    }

    private static func reader(_ path: String) throws(LogError) -> LogReader? {
        do throws(LogError) {
            return try LogReader(path: path)
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
    }

    private static func checkpointCount(
        _ path: String, _ last: Position
    ) throws(SQLiteError) -> Int64 {
        let connection = try Connection(path: path, mode: .readOnly)
        return try connection.integer(
            "SELECT count(*) FROM checkpoint WHERE size <= \(last.number)")
    }
}
