public import Domain
public import SQLite

/// Reads the log.
///
/// Any number of processes may, while one writes.
public final class LogReader {
    private let connection: Connection
    private let after: Statement
    private let stream: Statement
    private let ofType: Statement
    private let pageRows: Statement
    private let leaves: Statement
    private let times: Statement
    /// Keys of the people that the log has something personal of; opened when the first is asked for.
    public let people: People

    /// - Throws: ``LogError/missing(path:)`` where no log is, ``LogError/newerFormat(found:known:)``.
    public convenience init(path: String) throws(LogError) {
        do throws(SQLiteError) {
            try self.init(on: Connection(path: path, mode: .readOnly))
        } catch {
            throw error.isCannotOpen ? .missing(path: path) : .sqlite(error)
        }
        _ = try head()
    }

    init(on connection: Connection) throws(SQLiteError) {
        self.connection = connection
        people = People(beside: connection.path)
        after = try connection.prepare(
            "SELECT \(columns) FROM event WHERE position > ? ORDER BY position LIMIT ?")
        pageRows = try connection.prepare(
            """
            SELECT \(LogRow.columns) FROM event
            WHERE position > ? AND position <= ? ORDER BY position LIMIT ?
            """)
        leaves = try connection.prepare("SELECT leaf FROM event WHERE position = ?")
        times = try connection.prepare(
            "SELECT recorded_at FROM event WHERE position <= ? ORDER BY position DESC LIMIT 1")
        ofType = try connection.prepare(
            "SELECT \(columns) FROM event WHERE position > ? AND position <= ? AND type = ? "
                + "ORDER BY position LIMIT ?")
        stream = try connection.prepare(
            "SELECT \(columns) FROM event WHERE stream = ? AND position <= ? ORDER BY version")
    }

    /// Hands on the events after a position, oldest first, one by one.
    ///
    /// At most `limit` of them and none after `last`. The body runs while the log is being read: it keeps
    /// pages short and writes nothing that waits for a disk.
    public func forEach(
        after position: Position, limit: Int, upTo last: Position = Position(.max),
        _ body: (LogRow) throws -> Void
    ) throws {
        pageRows.bind(1, position.number)
        pageRows.bind(2, last.number)
        pageRows.bind(3, Int64(limit))
        // Whatever ends it: a statement left open would hold its snapshot.
        defer { pageRows.reset() }
        let row = LogRow(row: pageRows)
        while try pageRows.step() { try body(row) }
    }

    /// The leaf hash at a position; nil where no event is.
    ///
    /// It stands for one history of the log.
    public func leaf(at position: Position) throws(SQLiteError) -> [UInt8]? {
        leaves.bind(1, position.number)
        defer { leaves.reset() }
        return try leaves.step() ? leaves.bytes(0) : nil
    }

    /// When the event at a position was recorded, or the last one before it; nil where there is none.
    public func recordedAt(upTo position: Position) throws(SQLiteError) -> Time? {
        times.bind(1, position.number)
        defer { times.reset() }
        return try times.step() ? Time(microseconds: times.integer(0)) : nil
    }

    public func head() throws(LogError) -> Head { try Head.read(from: connection) }

    /// Reads events after a position, oldest first.
    ///
    /// At most `limit` of them; empty when the reader has caught up. No snapshot is held afterwards:
    /// one that is would keep the write-ahead log from being copied.
    public func read(after position: Position, limit: Int) throws(SQLiteError) -> [Envelope] {
        after.bind(1, position.number)
        after.bind(2, Int64(limit))
        return try collect(after)
    }

    /// Reads one stream from its first event; empty when there is no such stream.
    public func read(
        stream name: String, upTo last: Position = Position(.max)
    ) throws(SQLiteError) -> [Envelope] {
        stream.bind(1, name)
        stream.bind(2, last.number)
        return try collect(stream)
    }

    /// Reads events of one type after a position, oldest first, at most `limit` of them.
    ///
    /// There is no index by type, which would cost every append: the log is looked through in windows
    /// of 10,000 positions, each a snapshot of its own.
    public func read(
        type: String, after position: Position, limit: Int
    ) throws(LogError) -> [Envelope] {
        let end = try head().position.number
        var start = position.number
        return try stored { () throws(SQLiteError) in
            var events: [Envelope] = []
            while start < end, events.count < limit {
                ofType.bind(1, start)
                ofType.bind(2, start + 10_000)
                ofType.bind(3, type)
                ofType.bind(4, Int64(limit - events.count))
                events += try collect(ofType)
                start += 10_000
            }
            return events
        }
    }

    /// The last position at or before a moment; `.start` when every event is later.
    ///
    /// Times rise with positions, so this halves the log instead of scanning it.
    public func position(at time: Time) throws(LogError) -> Position {
        var low = Int64(0)
        var high = try head().position.number
        do throws(SQLiteError) {
            while low < high {
                let middle = low + (high - low + 1) / 2
                let isLater = try recordedAt(upTo: Position(middle)).map { $0 > time } ?? false
                if isLater { high = middle - 1 } else { low = middle }
            }
        } catch {
            throw .sqlite(error)
        }
        return Position(low)
    }

    private func collect(_ statement: Statement) throws(SQLiteError) -> [Envelope] {
        var events: [Envelope] = []
        while try statement.step() { events.append(envelope(statement)) }
        return events
    }
}

let columns = """
    position, stream, version, id, type, schema, recorded_at, actor, command_id, correlation_id, \
    causation_id, key_id, data
    """

private func envelope(_ row: Statement) -> Envelope {
    Envelope(
        position: Position(row.integer(0)), stream: row.text(1), version: Version(row.integer(2)),
        id: uuid(row, 3) ?? UUID(high: 0, low: 0), type: row.text(4), schema: Int(row.integer(5)),
        recordedAt: Time(microseconds: row.integer(6)), actor: row.text(7),
        commandID: uuid(row, 8) ?? UUID(high: 0, low: 0),
        correlationID: uuid(row, 9) ?? UUID(high: 0, low: 0), causationID: uuid(row, 10),
        keyID: row.isNull(11) ? nil : row.bytes(11), data: row.bytes(12))
}

private func uuid(_ row: Statement, _ column: Int32) -> UUID? { UUID(bytes: row.bytes(column)) }
