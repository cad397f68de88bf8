internal import Domain
internal import EventStore
internal import JSON
internal import SQLite

/// A statement of the projection's SQL with the parameters it names.
final class EventStatement {
    private let statement: Statement
    private let data: Int32?
    private let position: Int32?
    private let version: Int32?
    private let recordedAt: Int32?
    private let actor: Int32?
    private let type: Int32?
    private let members: [(parameter: Int32, path: Int)]
    // Used again for each event.
    private var lent: [(parameter: Int32, range: Range<Int>)] = []

    /// As it is written.
    convenience init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        try self.init(sql, [], connection)
    }

    /// With the members of the event bound to parameters, instead of looked up in its JSON.
    convenience init(
        _ sql: String, on connection: Connection, binding members: inout EventMembers
    ) throws(SQLiteError) {
        let (sql, parameters) = members.extract(from: sql)
        try self.init(sql, parameters, connection)
    }

    private init(
        _ sql: String, _ parameters: [(name: String, path: Int)], _ connection: Connection
    ) throws(SQLiteError) {
        let statement = try connection.prepare(sql)
        self.statement = statement
        data = statement.parameter(":data")
        position = statement.parameter(":position")
        version = statement.parameter(":version")
        recordedAt = statement.parameter(":recorded_at")
        actor = statement.parameter(":actor")
        type = statement.parameter(":type")
        members = parameters.compactMap { name, path in
            statement.parameter(name).map { ($0, path) }
        }
    }

    /// `members` knows the paths this statement was made with.
    func run(
        _ event: LogRow, data json: [UInt8], actor by: [UInt8], members values: JSONGlance? = nil
    ) throws(SQLiteError) {
        if let position { statement.bind(position, event.position.number) }
        if let version { statement.bind(version, event.version.number) }
        if let recordedAt { statement.bind(recordedAt, event.recordedAt.microseconds) }
        if let actor { statement.bind(actor, text: by) }
        if let type { statement.bind(type, event.type) }
        lent.removeAll(keepingCapacity: true)
        if let data { lent.append((data, json.indices)) }
        if let values {
            for (parameter, path) in members {
                switch values[path] {
                case .null: statement.bindNull(parameter)
                case .integer(let number): statement.bind(parameter, number)
                case .text(let range): lent.append((parameter, range))
                }
            }
        }
        try statement.run(lending: json, lent)
    }
}
