internal import ReadModels
internal import SQLite

/// The indexes that questions need and events do not: made when all rows are there, which is several
/// times faster than with every row.
struct LaterIndexes {
    private let statements: [String]

    /// Takes them away from a read model that is still to be filled.
    ///
    /// One that a statement of the projection looks into, or that keeps rows apart, stays.
    init(of model: ReadModel, _ connection: Connection) throws(SQLiteError) {
        let plans = try Self.plans(of: model, connection)
        var later: [(name: String, sql: String)] = []
        let indexes = try connection.prepare(
            """
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE %'
            """)
        while try indexes.step() {
            let name = indexes.text(0)
            guard !plans.contains(where: { $0.contains(" INDEX \(name)") }) else { continue }
            later.append((name, indexes.text(1)))
        }
        for index in later { try connection.execute("DROP INDEX \"\(index.name)\"") }
        statements = later.map(\.sql)
    }

    func make(_ connection: Connection) throws(SQLiteError) {
        for statement in statements { try connection.execute(statement) }
    }

    /// How SQLite goes about each statement, line by line.
    private static func plans(
        of model: ReadModel, _ connection: Connection
    ) throws(SQLiteError) -> [String] {
        var lines: [String] = []
        for text in model.effects.values.joined().map(\.sql) + model.afterADay {
            let plan = try connection.prepare("EXPLAIN QUERY PLAN \(text)")
            while try plan.step() { lines.append(plan.text(3)) }
        }
        return lines
    }
}
