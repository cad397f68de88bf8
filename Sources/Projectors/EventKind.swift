internal import Domain
internal import EventStore
internal import ReadModels
internal import SQLite

/// A type of event and what a read model does with it.
///
/// Found by the bytes of its name: making a string of each event's type costs more than comparing a few.
struct EventKind {
    let name: [UInt8]
    /// The schema that is written today; nil for a type that is not in the catalogue.
    let schema: Int?
    /// Empty where the type means nothing to the model.
    let statements: [EventStatement]

    /// Those that the model handles first, as they are looked for most.
    static func all(
        of model: ReadModel, _ catalogue: Catalogue, _ connection: Connection
    ) throws(SQLiteError) -> [EventKind] {
        var kinds: [EventKind] = []
        for type in Set(catalogue.types).union(model.statements.keys).sorted() {
            var statements: [EventStatement] = []
            for text in model.statements[type] ?? [] {
                statements.append(try EventStatement(text, connection))
            }
            kinds.append(
                EventKind(
                    name: Array(type.utf8), schema: catalogue.schema(of: type),
                    statements: statements))
        }
        return kinds.filter { !$0.statements.isEmpty } + kinds.filter { $0.statements.isEmpty }
    }
}

/// A statement of the projection's SQL with the parameters it names.
struct EventStatement {
    private let statement: Statement
    private let data: Int32?
    private let position: Int32?
    private let version: Int32?
    private let recordedAt: Int32?
    private let actor: Int32?

    init(_ sql: String, _ connection: Connection) throws(SQLiteError) {
        statement = try connection.prepare(sql)
        data = statement.parameter(":data")
        position = statement.parameter(":position")
        version = statement.parameter(":version")
        recordedAt = statement.parameter(":recorded_at")
        actor = statement.parameter(":actor")
    }

    func run(_ event: LogRow, data json: [UInt8], actor by: [UInt8]) throws(SQLiteError) {
        if let position { statement.bind(position, event.position.number) }
        if let version { statement.bind(version, event.version.number) }
        if let recordedAt { statement.bind(recordedAt, event.recordedAt.microseconds) }
        if let actor { statement.bind(actor, text: by) }
        if let data {
            try statement.run(lending: json, to: data)
        } else {
            try statement.run()
        }
    }
}
