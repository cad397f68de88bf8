internal import Crypto
public import Domain
public import EventStore
public import ReadModels
public import SQLite

/// One read model being written: events in, rows out, never anything else.
public final class Projection {
    public enum Failure: Error, CustomStringConvertible {
        /// Another process moves the same checkpoint.
        case notAlone(String)
        /// The file is of another log, of another history of this log, or of another format.
        case mustRebuild(String)
        /// A stored event cannot be applied.
        case stuck(at: Position, type: String, reason: String)

        public var description: String {
            switch self {
            case .notAlone(let name):
                "another projector writes the read model \(name); stop it first"
            case .mustRebuild(let reason): "the read model must be rebuilt: \(reason)"
            case .stuck(let position, let type, let reason):
                "the event at position \(position), a \(type), cannot be applied: \(reason)"
            }
        }
    }

    public let model: ReadModel
    public private(set) var position: Position

    private let connection: Connection
    private let log: LogReader
    private let catalogue: Catalogue
    private let statements: [String: [Prepared]]
    private let move: Statement

    /// Opens the file of a read model, or makes it at position 0.
    ///
    /// - Throws: ``Failure/mustRebuild(_:)`` where the file does not belong to this log and release.
    public init(
        _ model: ReadModel, path: String, log: LogReader, catalogue: Catalogue = .current
    ) throws {
        self.model = model
        self.log = log
        self.catalogue = catalogue
        let connection = try Connection(path: path, mode: .readWrite)
        self.connection = connection
        try connection.execute("PRAGMA journal_mode = WAL")
        // What a power cut takes is read from the log again.
        try connection.execute("PRAGMA synchronous = NORMAL")
        try connection.execute("PRAGMA cache_size = -8000")
        try SQLFunctions.define(on: connection)
        let logID = try log.head().logID
        if try connection.integer("SELECT count(*) FROM sqlite_schema") == 0 {
            try Self.create(model, connection, logID)
        }
        position = try Self.check(model, connection, log, logID)
        statements = try model.statements.mapValues { texts in
            try texts.map { try Prepared($0, connection) }
        }
        move = try connection.prepare(
            """
            UPDATE projection SET position = ?1, leaf = ?2, changed = max(changed, ?3),
                skipped = skipped + ?4
            WHERE position = ?5
            """)
    }

    private static func create(
        _ model: ReadModel, _ connection: Connection, _ logID: UUID
    ) throws(SQLiteError) {
        try connection.transaction { () throws(SQLiteError) in
            try connection.execute(ReadModel.projectionTable)
            try connection.execute(model.tables)
            let insert = try connection.prepare(
                "INSERT INTO projection VALUES (1, ?, ?, 0, x'', 0, 0)")
            insert.bind(1, model.format)
            insert.bind(2, blob: logID.bytes)
            try insert.run()
        }
    }

    private static func check(
        _ model: ReadModel, _ connection: Connection, _ log: LogReader, _ logID: UUID
    ) throws -> Position {
        let row = try connection.prepare("SELECT format, log_id, position, leaf FROM projection")
        guard try row.step() else { throw Failure.mustRebuild("it has no checkpoint") }
        defer { row.reset() }
        guard row.integer(0) == model.format else {
            throw Failure.mustRebuild("it has format \(row.integer(0)), not \(model.format)")
        }
        guard row.bytes(1) == logID.bytes else {
            throw Failure.mustRebuild("it was built from another log")
        }
        let position = Position(row.integer(2))
        let leaf = row.bytes(3)
        if position > .start, try log.leaf(at: position) != leaf {
            throw Failure.mustRebuild("the log has another event at position \(position)")
        }
        return position
    }

    // MARK: Apply

    /// Applies the next events in one transaction; returns how many.
    ///
    /// The checkpoint moves in the same transaction, also over events that mean nothing here.
    public func applyPage(limit: Int = 2_000, upTo last: Position = Position(.max)) throws -> Int {
        let page = try log.page(after: position, limit: limit, upTo: last)
        guard let end = page.last else { return 0 }
        guard page.first?.position == position.next else {
            throw Failure.stuck(
                at: position.next, type: "missing event", reason: "the log has a gap here")
        }
        let leaf = try log.leaf(at: end.position) ?? []
        let changed = page.last { statements[$0.type] != nil }?.position ?? .start
        let skipped = page.count { catalogue.schema(of: $0.type) == nil }
        try connection.execute("BEGIN IMMEDIATE")
        do {
            // The checkpoint first: where another process has moved it, its rows are there already, and
            // ours would only look like events that cannot be applied.
            try moveCheckpoint(to: end.position, leaf, changed, Int64(skipped))
            for event in page {
                if let prepared = statements[event.type] { try apply(prepared, event) }
            }
            try connection.execute("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
        position = end.position
        return page.count
    }

    private func apply(_ prepared: [Prepared], _ event: LogEvent) throws {
        do {
            let data = try catalogue.upcast(
                type: event.type, schema: event.schema, data: event.data)
            for statement in prepared { try statement.run(event, data) }
        } catch let error as SQLiteError where !error.isConstraint && error.code != 1 {
            throw error
        } catch {
            throw Failure.stuck(at: event.position, type: event.type, reason: "\(error)")
        }
    }

    private func moveCheckpoint(
        to end: Position, _ leaf: [UInt8], _ changed: Position, _ skipped: Int64
    ) throws {
        move.bind(1, end.number)
        move.bind(2, blob: leaf)
        move.bind(3, changed.number)
        move.bind(4, skipped)
        move.bind(5, position.number)
        try move.run()
        guard connection.changes == 1 else { throw Failure.notAlone(model.name) }
    }

    // MARK: Upkeep

    /// Copies the write-ahead log into the file once it is longer than 4 MB, or at rest.
    public func copyWriteAheadLog(idle: Bool) throws(SQLiteError) {
        guard connection.walFrames > (idle ? 0 : 1_000) else { return }
        if connection.walFrames > 4_000 {
            _ = try connection.checkpoint(.truncate(busyMilliseconds: 100))
        } else {
            _ = try connection.checkpoint(.passive)
        }
    }

    /// SHA-256 over every row of every table but the checkpoint: equal content, equal digest.
    public func contentDigest() throws(SQLiteError) -> String {
        try ContentDigest.of(connection).hex
    }
}

/// A statement of the projection's SQL with the parameters it names.
private struct Prepared {
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

    func run(_ event: LogEvent, _ json: [UInt8]) throws(SQLiteError) {
        if let data { statement.bind(data, text: json) }
        if let position { statement.bind(position, event.position.number) }
        if let version { statement.bind(version, event.version.number) }
        if let recordedAt { statement.bind(recordedAt, event.recordedAt.microseconds) }
        if let actor { statement.bind(actor, event.actor) }
        try statement.run()
    }
}
