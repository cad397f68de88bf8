import Crypto
import Domain
import EventStore
import SQLite
import Testing

@Suite("A copy of a log") struct LogCopyTests {
    private struct Enough: Error {}

    private let log: TestLog

    init() throws {
        log = try TestLog(
            state: """
                CREATE TABLE state_glasses (name TEXT PRIMARY KEY, full INTEGER) STRICT, WITHOUT ROWID;
                INSERT INTO state_glasses VALUES ('', 1), ('b', NULL);
                """)
    }

    private func copy(_ progress: (Position, Position) throws -> Void = { _, _ in }) throws -> Head
    {
        try LogCopy.make(from: log.path, to: log.scratch("copy.db"), progress: progress)
    }

    private func rows(_ path: String, _ table: String) throws -> [[[UInt8]]] {
        let connection = try Connection(path: path, mode: .readOnly)
        let statement = try connection.prepare("SELECT * FROM \(table) ORDER BY 1")
        var rows: [[[UInt8]]] = []
        while try statement.step() {
            rows.append(
                (0..<statement.columnCount).map { column in
                    Array("\(statement.kind(column)) ".utf8) + statement.bytes(column)
                })
        }
        return rows
    }

    @Test func `holds every row of every table`() throws {
        try log.fill(4_500)
        try log.writer.commit([log.stage(key: key(1)), log.stage(key: key(2))])
        let signer = SigningKey()
        try log.writer.signCheckpoint(with: signer)
        let head = try copy()
        #expect(head == log.writer.head)
        for table in ["event", "command", "checkpoint", "head", "state_glasses"] {
            let original = try rows(log.path, table)
            #expect(try rows(log.scratch("copy.db"), table) == original, "\(table)")
            #expect(!original.isEmpty)
        }
        #expect(try verify(log.scratch("copy.db"), publicKey: signer.publicKey) == nil)
    }

    @Test func `of an empty log is an empty log`() throws {
        #expect(try copy() == log.writer.head)
        #expect(try verify(log.scratch("copy.db")) == nil)
        let writer = try LogWriter(
            path: log.scratch("copy.db"), now: TestLog.noon, catalogue: TestLog.catalogue)
        #expect(writer.damage == nil)
        #expect(writer.head == log.writer.head)
    }

    @Test func `ends where it began, whatever is written meanwhile`() throws {
        try log.fill(5_000)
        let before = log.writer.head
        var pages = 0
        let head = try copy { _, all in
            pages += 1
            #expect(all == before.position)
            try log.writer.commit([log.stage(key: key(UInt64(pages)))])
            try log.raw().execute("UPDATE state_glasses SET full = 7")
        }
        #expect(pages == 3)
        #expect(head == before)
        let copied = log.scratch("copy.db")
        #expect(try verify(copied) == nil)
        #expect(try rows(copied, "command").isEmpty)
        let state = try Connection(path: copied, mode: .readOnly)
        #expect(try state.integer("SELECT full FROM state_glasses WHERE name = ''") == 1)
    }

    @Test func `holds no snapshot between its pages`() throws {
        try log.fill(5_000)
        _ = try copy { _, _ in
            try log.append()
            let raw = try log.raw()
            #expect(try raw.checkpoint(.truncate(busyMilliseconds: 0)))
        }
    }

    @Test func `takes appends, and refuses changes, as the log does`() throws {
        try log.fill(10)
        _ = try copy()
        let writer = try LogWriter(
            path: log.scratch("copy.db"), now: TestLog.noon, catalogue: TestLog.catalogue)
        try writer.commit([log.stage()])
        #expect(writer.head.position == Position(11))
        let raw = try Connection(path: log.scratch("copy.db"), mode: .readWrite)
        #expect(throws: SQLiteError.self) { try raw.execute("DELETE FROM event") }
    }

    @Test func `stops when it is told to`() throws {
        try log.fill(10)
        #expect(throws: Enough.self) { try copy { _, _ in throw Enough() } }
    }
}
