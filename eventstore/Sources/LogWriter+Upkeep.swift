public import Crypto
internal import Domain
internal import SQLite

// What the writer does between batches: sign, copy the write-ahead log, believe a verifier.
extension LogWriter {
    /// Signs and stores the present tree head; nothing happens where it was signed already.
    ///
    /// - Throws: what was found wrong with the log: nobody vouches for a damaged one.
    public func signCheckpoint(with key: SigningKey) throws(LogError) {
        if let damage { throw damage }
        guard head.position > lastSigned else { return }
        let checkpoint = SignedCheckpoint(head, hashingWith: hash, key: key)
        try stored { () throws(SQLiteError) in
            let insert = try connection.prepare(
                "INSERT OR IGNORE INTO checkpoint (size, root, note, frontier) VALUES (?, ?, ?, ?)")
            insert.bind(1, checkpoint.size)
            insert.bind(2, blob: checkpoint.root.bytes)
            insert.bind(3, checkpoint.note)
            insert.bind(4, blob: head.frontier.stored)
            try insert.run()
        }
        lastSigned = head.position
    }

    /// Copies the write-ahead log into the file once it is long; never waits for readers.
    ///
    /// 4,000 frames are 16 MB. Copying after every batch would cost half the rate, never copying
    /// would fill the disk; above 64 MB, when readers have held it back, they are waited for, and
    /// again after each further 64 MB: a wait is 200 ms in which nobody's order is taken.
    ///
    /// - Returns: whether there was anything to do.
    public func copyWriteAheadLog(idle: Bool) throws(LogError) -> Bool {
        try stored { () throws(SQLiteError) in
            if connection.walFrames > waitsAboveFrames {
                let isWhole = try connection.checkpoint(.truncate(busyMilliseconds: 200))
                waitsAboveFrames = (isWhole ? 0 : connection.walFrames) + Self.longFrames
                return true
            }
            guard connection.walFrames > (idle ? 0 : 4_000) else { return false }
            if try connection.checkpoint(.passive) { waitsAboveFrames = Self.longFrames }
            return true
        }
    }

    /// The published form of the key that signs: see ``SignedCheckpoint``.
    public func verifierKey(of publicKey: [UInt8]) -> String {
        SignedCheckpoint.verifierKey(
            logID: head.logID, publicKey: publicKey, hashingWith: hash)
    }

    /// Before the last process lets go of the file.
    public func close() throws(LogError) {
        try stored { () throws(SQLiteError) in
            _ = try connection.checkpoint(.truncate(busyMilliseconds: 200))
        }
    }

    /// Stops writing for good: a verifier has found something that was not written here.
    public func stop(because damage: LogError) { self.damage = damage }
}
