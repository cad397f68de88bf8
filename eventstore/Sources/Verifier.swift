internal import Crypto
public import Domain
internal import SQLite

/// Proves that the log holds what was written, or names the first position where it does not.
public final class Verifier {
    private let connection: Connection
    private let publicKey: [UInt8]?
    private let rows: Statement
    private let checkpoints: Statement
    private let hash = SHA256()
    private var leaf = LeafEncoder()
    private var frontier: Frontier
    private var lastID: [UInt8] = []
    private var lastRecorded = Int64.min
    private var nextCheckpoint: (size: Int64, root: [UInt8], note: String)?

    /// The last position found good.
    public var verified: Position { Position(frontier.size) }

    /// Opens a log for verification from its first event.
    ///
    /// Without a public key the checkpoints' roots are compared but their signatures are not.
    public convenience init(path: String, publicKey: [UInt8]?) throws(LogError) {
        do throws(SQLiteError) {
            try self.init(
                on: Connection(path: path, mode: .readOnly), from: Frontier(), publicKey: publicKey)
        } catch {
            throw error.isCannotOpen ? .missing(path: path) : .sqlite(error)
        }
    }

    private init(
        on connection: Connection, from frontier: Frontier, publicKey: [UInt8]?
    ) throws(SQLiteError) {
        self.connection = connection
        self.frontier = frontier
        self.publicKey = publicKey
        rows = try connection.prepare(
            "SELECT \(columns), leaf FROM event WHERE position > ? ORDER BY position LIMIT ?")
        checkpoints = try connection.prepare(
            "SELECT size, root, note FROM checkpoint WHERE size > ? ORDER BY size LIMIT 1")
    }

    /// Verifies the next `limit` events; false when there were none left.
    ///
    /// - Throws: ``LogError/damaged(at:reason:)`` with the first bad position.
    public func verifyPage(limit: Int = 1_000) throws(LogError) -> Bool {
        var count = 0
        // One that was signed since the last page is looked for anew.
        nextCheckpoint = nil
        let flaw: (position: Position, reason: String)?
        do throws(SQLiteError) {
            flaw = try firstFlaw(limit: limit, counting: &count)
        } catch {
            guard error.isCorrupt else { throw .sqlite(error) }
            throw .damaged(at: verified.next, reason: error.message)
        }
        if let flaw { throw .damaged(at: flaw.position, reason: flaw.reason) }
        return count > 0
    }

    private func firstFlaw(
        limit: Int, counting count: inout Int
    ) throws(SQLiteError) -> (position: Position, reason: String)? {
        rows.bind(1, frontier.size)
        rows.bind(2, Int64(limit))
        defer { rows.reset() }
        while try rows.step() {
            // A flaw in the checkpoint over a row is found once the row itself counts as verified.
            let position = verified.next
            if let reason = try flawInRow() { return (position, reason) }
            count += 1
        }
        return nil
    }

    /// Verifies what came meanwhile, that it is all there is, and that the head says the same.
    ///
    /// A checkpoint over more events than there are means that the end was cut off.
    public func verifyEnd() throws(LogError) {
        // One moment: the writer may go on while its log is verified.
        try stored { () throws(SQLiteError) in try connection.execute("BEGIN") }
        defer { connection.rollback() }
        while try verifyPage() {}
        let head = try Head.read(from: connection)
        guard head.position == verified else {
            throw .damaged(
                at: min(head.position, verified).next,
                reason: "the head says \(head.position) events, the log holds \(verified)")
        }
        guard head.frontier == frontier else {
            throw .damaged(at: verified, reason: "the events do not add up to the head's tree")
        }
        let signed = try stored { () throws(SQLiteError) in
            try connection.integer("SELECT coalesce(max(size), 0) FROM checkpoint")
        }
        guard signed <= verified.number else {
            throw .damaged(
                at: verified.next,
                reason: "a checkpoint was signed over \(signed) events, the log holds \(verified)")
        }
    }

    /// Nil when the row is as it was written.
    private func flawInRow() throws(SQLiteError) -> String? {
        let position = frontier.size + 1
        guard rows.integer(0) == position else {
            return rows.integer(0) > position ? "the event is missing" : "a position is repeated"
        }
        let id = rows.bytes(3)
        guard lastID.lexicographicallyPrecedes(id) else { return "its id is not later" }
        guard rows.integer(6) > lastRecorded else { return "its time is not later" }
        guard let digest = leafOfRow() else { return "its content does not fit its hash" }
        lastID = id
        lastRecorded = rows.integer(6)
        frontier.append(digest, hashingWith: hash)
        return try flawInCheckpoint()
    }

    /// Nil when the row does not fit the hash that was stored with it.
    private func leafOfRow() -> Digest? {
        leaf.start()
        for column in 0..<Int32(13) { leaf.column(column, of: rows) }
        let digest = hash.digest(of: leaf.bytes)
        return digest.bytes == rows.bytes(13) ? digest : nil
    }

    /// Verifies that the event before this verifier's start is there, as it was written.
    ///
    /// A start verifies what came after the last checkpoint; with the last event of all removed there
    /// would be nothing to verify, and the next one would be written behind a hole.
    private func verifyEventBeforeStart() throws(LogError) {
        guard frontier.size > 0 else { return }
        let flaw = try stored { () throws(SQLiteError) -> (Position, String)? in
            rows.bind(1, frontier.size - 1)
            rows.bind(2, Int64(1))
            defer { rows.reset() }
            guard try rows.step(), rows.integer(0) == frontier.size else {
                let last = try connection.integer("SELECT coalesce(max(position), 0) FROM event")
                return (Position(min(last, frontier.size - 1)).next, "the event is missing")
            }
            return leafOfRow() == nil ? (verified, "its content does not fit its hash") : nil
        }
        if let (position, reason) = flaw { throw .damaged(at: position, reason: reason) }
    }

    private func flawInCheckpoint() throws(SQLiteError) -> String? {
        if nextCheckpoint == nil || (nextCheckpoint?.size ?? 0) < frontier.size {
            checkpoints.bind(1, frontier.size - 1)
            defer { checkpoints.reset() }
            nextCheckpoint =
                try checkpoints.step()
                ? (checkpoints.integer(0), checkpoints.bytes(1), checkpoints.text(2))
                : (Int64.max, [], "")
        }
        guard let checkpoint = nextCheckpoint, checkpoint.size == frontier.size else { return nil }
        let root = frontier.root(hashingWith: hash)
        guard checkpoint.root == root.bytes else { return "the signed checkpoint here differs" }
        guard let publicKey else { return nil }
        return isSigned(
            checkpoint.note, checkpoint.size, checkpoint.root, by: publicKey, hashingWith: hash)
            ? nil : "the signature of the checkpoint here is not the bar's"
    }

    /// Verifies what a start verifies: the head, and the events since the last signed checkpoint.
    ///
    /// - Returns: the head.
    public static func verifyTail(path: String, publicKey: [UInt8]?) throws(LogError) -> Head {
        let connection = try stored { () throws(SQLiteError) in
            try Connection(path: path, mode: .readOnly)
        }
        let head = try Head.read(from: connection)
        try checkTail(of: connection, head: head, publicKey: publicKey)
        return head
    }

    /// Verifies head, frontier and the events since the last signed checkpoint.
    static func checkTail(
        of connection: Connection, head: Head, publicKey: [UInt8]?
    ) throws(LogError) {
        let last = try stored { () throws(SQLiteError) in
            let row = try connection.prepare(
                "SELECT size, root, note, frontier FROM checkpoint ORDER BY size DESC LIMIT 1")
            defer { row.reset() }
            return try row.step()
                ? (size: row.integer(0), root: row.bytes(1), note: row.text(2), row.bytes(3)) : nil
        }
        var start = Frontier()
        if let (size, root, note, subtrees) = last {
            let hash = SHA256()
            guard let frontier = Frontier(size: size, stored: subtrees),
                frontier.root(hashingWith: hash).bytes == root,
                publicKey.map({ isSigned(note, size, root, by: $0, hashingWith: hash) }) ?? true
            else {
                throw .damaged(
                    at: Position(size), reason: "the checkpoint here is not one this bar signed")
            }
            start = frontier
        }
        let verifier = try stored { () throws(SQLiteError) in
            try Verifier(on: connection, from: start, publicKey: nil)
        }
        try verifier.verifyEventBeforeStart()
        while try verifier.verifyPage() {}
        try verifier.verifyEnd()
    }
}

private func isSigned(
    _ note: String, _ size: Int64, _ root: [UInt8], by publicKey: [UInt8],
    hashingWith hash: SHA256
) -> Bool {
    let signed = SignedCheckpoint(note: note, hashingWith: hash, publicKey: publicKey)
    return signed?.size == size && signed?.root.bytes == root
}
