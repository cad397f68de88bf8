internal import Crypto
public import Domain
public import EventStore
internal import SQLite

/// What verifying a whole log has proved.
public struct Verification: Equatable, Sendable {
    public let events: Position
    /// The tree hash over all of them, in base64 as the signed checkpoints write it.
    public let root: String
    public let checkpoints: Int64

    /// Verifies every event from the first, beside a writer or without one.
    ///
    /// `progress` is called after each page with what is verified and what there is.
    /// - Throws: ``LogError/damaged(at:reason:)`` with the first bad position.
    public static func run(
        path: String, key: VerifierKey?, progress: (Position, Position) -> Void
    ) throws(LogError) -> Verification {
        do throws(LogError) {
            return try verify(path, key, progress)
        } catch {
            // A file that is no database (any more) is bad from the first event on.
            guard case .sqlite(let reason) = error, reason.isCorrupt else { throw error }
            throw .damaged(at: Position(1), reason: reason.message)
        }
    }

    private static func verify(
        _ path: String, _ key: VerifierKey?, _ progress: (Position, Position) -> Void
    ) throws(LogError) -> Verification {
        let verifier = try Verifier(path: path, publicKey: key?.publicKey)
        // A head that is bad is named last: an event before it may be the first bad one.
        let (log, headDamage) = try openReader(path)
        var end = try log?.head().position ?? .start
        while true {
            while try verifier.verifyPage() {
                if verifier.verified > end { end = try log?.head().position ?? verifier.verified }
                progress(verifier.verified, max(end, verifier.verified))
            }
            do throws(LogError) {
                if let headDamage { throw headDamage }
                try verifier.verifyEnd()
                let checkpoints = try countCheckpoints(path)
                guard let head = try log?.head(), head.position == verifier.verified else {
                    continue
                }
                if let key, key.logID != head.logID.description {
                    throw .damaged(
                        at: Position(1),
                        reason: "this is log \(head.logID), the key is for \(key.logID)")
                }
                return Verification(
                    events: head.position,
                    root: Base64.encode(head.frontier.root(hashingWith: SHA256()).bytes),
                    checkpoints: checkpoints)
            } catch {
                // A writer may have gone on between the last page and the look at the head.
                guard headDamage == nil, try verifier.verifyPage() else { throw error }
            }
        }
    }

    private static func openReader(_ path: String) throws(LogError) -> (LogReader?, LogError?) {
        do throws(LogError) {
            return (try LogReader(path: path), nil)
        } catch {
            guard case .damaged = error else { throw error }
            return (nil, error)
        }
    }

    /// How many checkpoints there are, none beyond the head: nobody has cut events off the end.
    private static func countCheckpoints(_ path: String) throws(LogError) -> Int64 {
        let found: (count: Int64, signed: Int64, present: Int64)
        do throws(SQLiteError) {
            let connection = try Connection(path: path, mode: .readOnly)
            // One statement sees one moment, whatever the writer does.
            let row = try connection.prepare(
                """
                SELECT count(*), coalesce(max(size), 0), (SELECT position FROM head)
                FROM checkpoint
                """)
            defer { row.reset() }
            guard try row.step() else { return 0 }
            found = (row.integer(0), row.integer(1), row.integer(2))
        } catch {
            throw .sqlite(error)
        }
        guard found.signed <= found.present else {
            throw .damaged(
                at: Position(found.present).next,
                reason: "the event is missing: a checkpoint signed \(found.signed) events")
        }
        return found.count
    }
}
