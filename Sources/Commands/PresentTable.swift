internal import SQLite

/// One thing of a table that stands beside the log.
protocol PresentRow {
    associatedtype ID: Hashable, CustomStringConvertible
    /// The table with its columns; the first is the id.
    static var table: String { get }
    static var columns: Int { get }
    var id: ID { get }
    init?(_ row: Statement)
    /// Binds every column, from 1.
    func bind(to statement: Statement)
}

/// What is there now of one kind, in memory and in a table that moves with the log.
///
/// Present things are few: those that ended are in the log alone.
struct PresentTable<Row: PresentRow> {
    private(set) var rows: [Row.ID: Row] = [:]
    private var changed: Set<Row.ID> = []

    init(from connection: Connection) throws(SQLiteError) {
        let all = try connection.prepare("SELECT * FROM \(Row.table)")
        while try all.step() {
            if let row = Row(all) { rows[row.id] = row }
        }
    }

    var all: Dictionary<Row.ID, Row>.Values { rows.values }

    /// Setting nil takes it away.
    subscript(_ id: Row.ID) -> Row? {
        get { rows[id] }
        set {
            rows[id] = newValue
            changed.insert(id)
        }
    }

    func write(to connection: Connection) throws(SQLiteError) {
        guard !changed.isEmpty else { return }
        let places = (1...Row.columns).map { "?\($0)" }.joined(separator: ", ")
        let put = try connection.prepare("INSERT OR REPLACE INTO \(Row.table) VALUES (\(places))")
        let remove = try connection.prepare("DELETE FROM \(Row.table) WHERE id = ?")
        for id in changed {
            if let row = rows[id] {
                row.bind(to: put)
                try put.run()
            } else {
                remove.bind(1, id.description)
                try remove.run()
            }
        }
    }

    mutating func written() { changed.removeAll(keepingCapacity: true) }
}
