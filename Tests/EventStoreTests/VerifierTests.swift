import Crypto
import Domain
import EventStore
import SQLite
import Testing

private let key = SigningKey(seed: [UInt8](repeating: 9, count: 32))

/// A log of 30 events with checkpoints after 10, 20 and 30, and a hand that may do anything to it.
private struct Tampering {
    let log: TestLog
    let raw: Connection

    init(signed sizes: Set<Int> = [10, 20, 30]) throws {
        log = try TestLog()
        var batch: [StagedCommand] = []
        for number in 1...30 {
            batch.append(log.stage([#"{"n":\#(number)}"#], stream: "glass-\(number % 4)"))
            guard number == 30 || sizes.contains(number) else { continue }
            try log.writer.commit(batch)
            batch = []
            if sizes.contains(number) { try log.writer.signCheckpoint(with: key) }
        }
        raw = try log.raw()
        try raw.execute(
            "DROP TRIGGER event_is_never_updated; DROP TRIGGER event_is_never_deleted")
    }

    func verify(with publicKey: [UInt8]? = key.publicKey) throws -> Int64? {
        try EventStoreTests.verify(log.path, publicKey: publicKey)
    }

    /// Writes the leaf that a row's columns ask for, from the description of its bytes alone.
    func forgeLeaf(at position: Int64) throws {
        let row = try raw.prepare("SELECT * FROM event WHERE position = ?")
        row.bind(1, position)
        guard try row.step() else { return }
        var bytes: [UInt8] = [0]
        for column in 0..<Int32(13) {
            var value = row.bytes(column)
            let kind: UInt8 =
                switch row.kind(column) {
                case .null: 0
                case .integer: 1
                case .text: 2
                case .blob, .real: 3
                }
            if kind == 1 { value = bigEndian(UInt64(row.integer(column)), 8) }
            bytes += [kind] + bigEndian(UInt64(value.count), 4) + value
        }
        row.reset()
        let update = try raw.prepare("UPDATE event SET leaf = ? WHERE position = ?")
        update.bind(1, blob: SHA256().digest(of: bytes).bytes)
        update.bind(2, position)
        try update.run()
    }

    /// Makes the head fit the rows that are there.
    func forgeHead() throws {
        let hash = SHA256()
        var frontier = Frontier()
        let leaves = try raw.prepare("SELECT leaf FROM event ORDER BY position")
        while try leaves.step() {
            frontier.append(try #require(Digest(bytes: leaves.bytes(0))), hashingWith: hash)
        }
        let update = try raw.prepare("UPDATE head SET position = ?, frontier = ?")
        update.bind(1, frontier.size)
        update.bind(2, blob: frontier.stored)
        try update.run()
    }

    /// Makes the roots of the checkpoints fit the rows; the signatures stay as they were.
    func forgeRoots() throws {
        let hash = SHA256()
        var frontier = Frontier()
        let leaves = try raw.prepare("SELECT leaf FROM event ORDER BY position")
        let update = try raw.prepare("UPDATE checkpoint SET root = ?, frontier = ? WHERE size = ?")
        while try leaves.step() {
            frontier.append(try #require(Digest(bytes: leaves.bytes(0))), hashingWith: hash)
            update.bind(1, blob: frontier.root(hashingWith: hash).bytes)
            update.bind(2, blob: frontier.stored)
            update.bind(3, frontier.size)
            try update.run()
        }
    }

    private func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
}

@Suite("A verified log") struct VerifierTests {
    @Test func `is fine as it was written`() throws {
        for page in [1, 7, 30, 1_000] {
            let tampering = try Tampering()
            #expect(
                try EventStoreTests.verify(
                    tampering.log.path, publicKey: key.publicKey, page: page) == nil)
        }
        #expect(try Tampering(signed: []).verify() == nil)
        #expect(try Tampering().verify(with: nil) == nil)
        let empty = try TestLog()
        #expect(try EventStoreTests.verify(empty.path) == nil)
    }

    @Test(arguments: [
        "position = 1000", "stream = 'glass-9'", "version = version + 100",
        "id = CAST(substr(id, 1, 15) || x'00' AS BLOB)", "type = 'Spilled'", "schema = 2",
        "recorded_at = recorded_at - 1", "recorded_at = recorded_at + 1", "actor = 'staff:hosT'",
        "command_id = zeroblob(16)", "correlation_id = zeroblob(16)",
        "causation_id = zeroblob(16)", "causation_id = x''", "key_id = x'00'", "key_id = x''",
        "data = replace(data, '12', '13')", "data = replace(data, ':', ': ')",
        "leaf = zeroblob(32)", "leaf = x''",
    ])
    func `names a row of which one column was changed`(change: String) throws {
        let tampering = try Tampering()
        try tampering.raw.execute("UPDATE event SET \(change) WHERE position = 12")
        #expect(try tampering.verify() == 12)
    }

    @Test(arguments: [1, 2, 10, 11, 29, 30] as [Int64])
    func `names the first of the rows that were changed`(position: Int64) throws {
        let tampering = try Tampering()
        try tampering.raw.execute(
            "UPDATE event SET data = '{}' WHERE position = \(position) OR position = 30")
        #expect(try tampering.verify() == position)
    }

    @Test(arguments: [1, 12, 29, 30] as [Int64])
    func `names a row that is gone`(position: Int64) throws {
        let tampering = try Tampering()
        try tampering.raw.execute("DELETE FROM event WHERE position = \(position)")
        #expect(try tampering.verify() == position)
    }

    @Test func `names the first of two rows that were swapped`() throws {
        let tampering = try Tampering()
        try tampering.raw.execute(
            """
            UPDATE event SET position = 0 WHERE position = 12;
            UPDATE event SET position = 12 WHERE position = 13;
            UPDATE event SET position = 13 WHERE position = 0
            """)
        #expect(try tampering.verify() == 12)
    }

    @Test func `names a row that was put in`() throws {
        let tampering = try Tampering()
        try tampering.raw.execute(
            """
            INSERT INTO event SELECT 31, stream, version + 100, id, type, schema, recorded_at + 100,
                actor, command_id, correlation_id, NULL, NULL, data, leaf
            FROM event WHERE position = 30
            """)
        try tampering.forgeLeaf(at: 31)
        #expect(try tampering.verify() == 31)
    }

    @Test(arguments: [
        // 29 has as many subtrees as 30, so only the rows tell.
        ("position = 29", 30), ("position = 31", 31), ("position = 0, frontier = x''", 1),
        ("frontier = CAST(substr(frontier, 1, 127) || x'00' AS BLOB)", 30), ("position = -1", -1),
    ])
    func `does not fit a head that was changed`(change: String, position: Int64) throws {
        let tampering = try Tampering(signed: [])
        try tampering.raw.execute("UPDATE head SET \(change)")
        #expect(try tampering.verify() == position)
    }

    @Test func `disagrees with the next checkpoint where a leaf was forged too`() throws {
        let tampering = try Tampering()
        try tampering.raw.execute("UPDATE event SET data = '{}' WHERE position = 12")
        try tampering.forgeLeaf(at: 12)
        try tampering.forgeHead()
        #expect(try tampering.verify() == 20)
        // And with it the roots: now only the signature can tell.
        try tampering.forgeRoots()
        #expect(try tampering.verify() == 20)
        #expect(try tampering.verify(with: nil) == nil)
    }

    @Test func `does not add up to its head where a leaf was forged after the checkpoints`() throws
    {
        let tampering = try Tampering(signed: [10])
        try tampering.raw.execute("UPDATE event SET data = '{}' WHERE position = 12")
        try tampering.forgeLeaf(at: 12)
        #expect(try tampering.verify() == 30)
        // Nothing signed covers it: whoever writes the file can rewrite it. Hence a checkpoint a second.
        try tampering.forgeHead()
        #expect(try tampering.verify() == nil)
    }

    @Test func `is shorter than a checkpoint that was signed`() throws {
        let tampering = try Tampering()
        try tampering.raw.execute("DELETE FROM event WHERE position > 25")
        try tampering.forgeHead()
        #expect(try tampering.verify() == 26)
        // Without it the cut cannot be seen here: keep checkpoints elsewhere.
        try tampering.raw.execute("DELETE FROM checkpoint WHERE size > 25")
        #expect(try tampering.verify() == nil)
    }

    @Test(arguments: [
        ("root = zeroblob(32)", 20), ("note = replace(note, '20', '21')", 20), ("note = ''", 20),
        ("size = 19", 19), ("size = 21", 21),
    ])
    func `names a checkpoint that was changed`(change: String, position: Int64) throws {
        let tampering = try Tampering()
        try tampering.raw.execute("UPDATE checkpoint SET \(change) WHERE size = 20")
        #expect(try tampering.verify() == position)
    }

    @Test func `is not vouched for by somebody else's key`() throws {
        #expect(try Tampering().verify(with: SigningKey().publicKey) == 10)
    }

    @Test func `may grow while it is verified`() throws {
        let log = try TestLog()
        try log.fill(30)
        let verifier = try Verifier(path: log.path, publicKey: key.publicKey)
        while try verifier.verifyPage(limit: 10) {}
        try log.fill(10)
        try log.writer.signCheckpoint(with: key)
        try verifier.verifyEnd()
        #expect(verifier.verified == Position(40))
    }
}

@Suite("A damaged log") struct DamagedLogTests {
    @Test(arguments: [21, 25, 30] as [Int64])
    func `is found at start, read and not written`(position: Int64) throws {
        let tampering = try Tampering(signed: [20])
        let log = tampering.log
        try tampering.raw.execute("UPDATE event SET data = '{}' WHERE position = \(position)")
        try log.reopen(publicKey: key.publicKey)
        let damage = try #require(log.writer.damage)
        #expect(try badPosition { throw damage } == position)
        #expect(try badPosition { try log.append() } == position)
        #expect(try log.positions().count == 30)
        #expect(log.writer.head.position == Position(30))
    }

    @Test(arguments: [
        "DELETE FROM event WHERE position = 30", "UPDATE event SET data = '{}' WHERE position = 30",
    ])
    func `is found at start at its last event, signed or not`(change: String) throws {
        let tampering = try Tampering(signed: [30])
        try tampering.raw.execute(change)
        try tampering.log.reopen(publicKey: key.publicKey)
        let damage = try #require(tampering.log.writer.damage)
        #expect(try badPosition { throw damage } == 30)
        #expect(throws: LogError.self) { try tampering.log.append() }
    }

    @Test func `before its last checkpoint is found by the whole verification`() throws {
        let tampering = try Tampering()
        try tampering.raw.execute("UPDATE event SET data = '{}' WHERE position = 12")
        try tampering.log.reopen(publicKey: key.publicKey)
        #expect(tampering.log.writer.damage == nil)
        #expect(try tampering.verify() == 12)
    }

    @Test(arguments: [
        "UPDATE checkpoint SET root = zeroblob(32)",
        "UPDATE checkpoint SET frontier = zeroblob(64)",
        "UPDATE checkpoint SET frontier = x''", "UPDATE checkpoint SET note = 'signed, the bar'",
        "UPDATE checkpoint SET size = 17",
    ])
    func `is one with a checkpoint that the bar did not sign`(change: String) throws {
        let tampering = try Tampering(signed: [20])
        try tampering.raw.execute(change)
        try tampering.log.reopen(publicKey: key.publicKey)
        #expect(tampering.log.writer.damage != nil)
        #expect(throws: LogError.self) { try tampering.log.append() }
    }

    @Test(arguments: [
        "DELETE FROM event WHERE position = 30", "DELETE FROM event WHERE position = 22",
        "UPDATE head SET position = 29", "UPDATE event SET position = 31 WHERE position = 30",
    ])
    func `is one that its head does not fit`(change: String) throws {
        let tampering = try Tampering(signed: [20])
        try tampering.raw.execute(change)
        try tampering.log.reopen(publicKey: key.publicKey)
        #expect(tampering.log.writer.damage != nil)
        #expect(throws: LogError.self) { try tampering.log.append() }
    }

    @Test func `cut below its last checkpoint is found at start`() throws {
        let tampering = try Tampering(signed: [20])
        try tampering.raw.execute("DELETE FROM event WHERE position > 15")
        try tampering.forgeHead()
        try tampering.log.reopen(publicKey: key.publicKey)
        let damage = try #require(tampering.log.writer.damage)
        #expect(try badPosition { throw damage } == 16)
    }

    /// Not what the design asks for (it wants reads to go on), but nothing is written.
    @Test(arguments: ["DELETE FROM head", "UPDATE head SET frontier = x'00'"])
    func `without a head that can be read is not opened`(change: String) throws {
        let tampering = try Tampering()
        try tampering.raw.execute(change)
        #expect(try badPosition { try tampering.log.reopen() } != nil)
    }
}
