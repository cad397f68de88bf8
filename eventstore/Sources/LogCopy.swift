public import Domain
internal import SQLite

/// Copies a log into a file of its own, beside its writer, as the log was at one moment.
///
/// What never changes is copied in short pages up to a fixed end: events, and what commands and
/// checkpoints stand for them. Everything else is small and changes with every append: the head and
/// the writer's state tables, all read in one snapshot, which says where that end is. So no
/// snapshot is held for longer than the small tables take, and nothing of the copy depends on
/// what is written meanwhile. The caller verifies the copy: its events must add up to its head.
public enum LogCopy {
    /// Tables that only grow, with the column that counts their rows.
    private static let growing = [
        ("event", "position"), ("command", "number"), ("checkpoint", "size"),
    ]
    private static let pageSize: Int64 = 2_000

    /// Makes the file at `destination`, which does not exist yet; it has no write-ahead log.
    ///
    /// Nothing is synced: that is left to the caller, who knows when the file is whole. `progress` is
    /// called after each page of events with what is copied and what there is.
    /// - Returns: the head of the copy.
    /// - Throws: what `progress` throws, and ``LogError``.
    public static func make(
        from source: String, to destination: String,
        progress: (Position, Position) throws -> Void
    ) throws -> Head {
        // Says so where there is no log, or one of a newer format.
        _ = try LogReader(path: source)
        let log = try Connection(path: source, mode: .readOnly)
        let copy = try Connection(path: destination, mode: .readWrite)
        try copy.execute("PRAGMA journal_mode = MEMORY")
        try copy.execute("PRAGMA synchronous = OFF")
        let lastCommand = try copyMoment(of: log, into: copy)
        let head = try Head.read(from: copy)
        let ends = [
            "event": head.position.number, "command": lastCommand,
            "checkpoint": head.position.number,
        ]
        for (table, key) in growing {
            let end = ends[table] ?? 0
            let pages = try Pages(of: table, by: key, from: log, into: copy)
            while try pages.copyNext(limit: pageSize, upTo: end) {
                if table == "event" { try progress(Position(pages.last), head.position) }
            }
        }
        return head
    }

    /// Copies the schema and every table that is small, all of one moment; gives the last command's number.
    private static func copyMoment(
        of log: Connection, into copy: Connection
    ) throws(SQLiteError) -> Int64 {
        try log.snapshot(first: { () throws(SQLiteError) in
            try log.integer("SELECT coalesce(max(number), 0) FROM command")
        }) { lastCommand throws(SQLiteError) in
            try copy.transaction { () throws(SQLiteError) in
                let things = try log.prepare(
                    """
                    SELECT type, name, sql FROM sqlite_schema
                    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid
                    """)
                var small: [String] = []
                while try things.step() {
                    try copy.execute(things.text(2))
                    let isGrowing = growing.contains { $0.0 == things.text(1) }
                    if things.text(0) == "table", !isGrowing { small.append(things.text(1)) }
                }
                for table in small {
                    let rows = try log.prepare("SELECT * FROM \"\(table)\"")
                    let insert = try insertion(into: table, rows.columnCount, copy)
                    while try rows.step() {
                        insert.bind(row: rows)
                        try insert.run()
                    }
                }
            }
            return lastCommand
        }
    }
}

/// The rows of one growing table, page by page.
private final class Pages {
    private let copy: Connection
    private let rows: Statement
    private let insert: Statement
    /// The key of the last row copied.
    private(set) var last = Int64(0)

    init(
        of table: String, by key: String, from log: Connection, into copy: Connection
    ) throws(SQLiteError) {
        self.copy = copy
        rows = try log.prepare(
            "SELECT * FROM \(table) WHERE \(key) > ? AND \(key) <= ? ORDER BY \(key) LIMIT ?")
        insert = try insertion(into: table, rows.columnCount, copy)
    }

    /// False when there was no row left.
    func copyNext(limit: Int64, upTo end: Int64) throws(SQLiteError) -> Bool {
        rows.bind(1, last)
        rows.bind(2, end)
        rows.bind(3, limit)
        defer { rows.reset() }
        let before = last
        try copy.transaction { () throws(SQLiteError) in
            while try rows.step() {
                // The key is the first column of each of these tables.
                last = rows.integer(0)
                insert.bind(row: rows)
                try insert.run()
            }
        }
        return last > before
    }
}

private func insertion(
    into table: String, _ columns: Int32, _ copy: Connection
) throws(SQLiteError) -> Statement {
    let places = (0..<columns).map { _ in "?" }.joined(separator: ", ")
    return try copy.prepare("INSERT INTO \"\(table)\" VALUES (\(places))")
}
