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

    /// How much a file is worth.
    public enum Care: Sendable {
        /// What was committed stays consistent, whatever happens.
        case live
        /// Whatever goes wrong, the file is thrown away: a journal in memory, no sync, and indexes when it is ``finish()``ed.
        /// It is only good at the end that ``applyPage(limit:upTo:)`` is told: what is gone by then is never written.
        case disposable
    }

    public let model: ReadModel
    public private(set) var position: Position
    /// Whether somebody was forgotten whose name may still stand where a row once stood.
    ///
    /// Kept in the file as its user version, so that a kill in between is made up for.
    private(set) var hasForgotten: Bool

    private let connection: Connection
    private let log: LogReader
    private let catalogue: Catalogue
    private let kinds: [EventKind]
    private let retention: Retention?
    private let care: Care
    private let laterIndexes: LaterIndexes?
    private let present: Statement
    private let move: Statement
    // Used again for each event.
    private var data: [UInt8] = []
    private var actor: [UInt8] = []

    /// Opens the file of a read model, or makes it at position 0.
    ///
    /// - Throws: ``Failure/mustRebuild(_:)`` where the file does not belong to this log and release.
    public init(
        _ model: ReadModel, path: String, log: LogReader, care: Care = .live,
        catalogue: Catalogue = .current
    ) throws {
        self.model = model
        self.log = log
        self.care = care
        self.catalogue = catalogue
        let connection = try Connection(path: path, mode: .readWrite)
        self.connection = connection
        try Self.set(care, model, connection)
        try SQLFunctions.define(on: connection)
        if try connection.integer("SELECT count(*) FROM sqlite_schema") == 0 {
            try Self.create(model, connection, try log.head().logID)
        }
        position = try Self.check(model, connection, log)
        hasForgotten = try connection.integer("PRAGMA user_version") == 1
        laterIndexes = care == .disposable ? try LaterIndexes(of: model, connection) : nil
        kinds = try EventKind.all(of: model, catalogue, connection)
        retention = try Retention(of: model, connection, log)
        present = try connection.prepare("SELECT position FROM projection")
        move = try connection.prepare(
            """
            UPDATE projection SET position = ?1, leaf = ?2, changed = max(changed, ?3),
                skipped = skipped + ?4
            WHERE position = ?5
            """)
    }

    private static func set(
        _ care: Care, _ model: ReadModel, _ connection: Connection
    ) throws(SQLiteError) {
        // What a forgotten guest has left is overwritten, and so is what moved within the file before. Elsewhere
        // it costs time for nothing.
        try connection.execute("PRAGMA secure_delete = \(model.holdsNames ? "ON" : "OFF")")
        // What a statement with triggers would have to take back is kept in files otherwise.
        try connection.execute("PRAGMA temp_store = MEMORY")
        switch care {
        case .live:
            try connection.execute("PRAGMA journal_mode = WAL")
            // What a power cut takes is read from the log again.
            try connection.execute("PRAGMA synchronous = NORMAL")
            try connection.execute("PRAGMA cache_size = -8000")
        case .disposable:
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            // OFF, SQLite refuses to a connection that defends itself: it would stay a file beside this one.
            try connection.execute("PRAGMA journal_mode = MEMORY")
            try connection.execute("PRAGMA synchronous = OFF")
            try connection.execute("PRAGMA cache_size = -32000")
        }
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
        _ model: ReadModel, _ connection: Connection, _ log: LogReader
    ) throws -> Position {
        let row = try connection.prepare("SELECT format, log_id, position, leaf FROM projection")
        guard try row.step() else { throw Failure.mustRebuild("it has no checkpoint") }
        defer { row.reset() }
        guard row.integer(0) == model.format else {
            throw Failure.mustRebuild("it has format \(row.integer(0)), not \(model.format)")
        }
        let position = Position(row.integer(2))
        guard let logID = UUID(bytes: row.bytes(1)) else {
            throw Failure.mustRebuild("it does not say which log it was built from")
        }
        let checkpoint = ConsumerCheckpoint(logID: logID, position: position, leaf: row.bytes(3))
        switch try log.standing(of: checkpoint) {
        case .onTheLog: return position
        case .ahead(let head):
            throw Failure.mustRebuild("it is at position \(position) and the log ends at \(head)")
        case .onAnotherHistory:
            throw Failure.mustRebuild("the log has another event at position \(position)")
        case .onAnotherLog: throw Failure.mustRebuild("it was built from another log")
        }
    }

    // MARK: Apply

    /// Events a transaction where nobody waits for the first of them.
    static let largePage = 20_000

    /// Applies all there are.
    ///
    /// - Throws: ``RebuildStopped`` when the watch says so.
    func catchUp(with log: LogReader, page: Int, _ watch: RebuildWatch) throws {
        let all = try log.head().position.number
        repeat {
            guard watch.goesOn() else { throw RebuildStopped() }
            watch.progress(position.number, max(all, position.number))
            try copyWriteAheadLog(idle: false)
        } while try applyPage(limit: page) > 0
    }

    /// Applies the next events in one transaction; returns how many.
    ///
    /// The checkpoint moves in the same transaction, also over events that mean nothing here.
    public func applyPage(limit: Int = 2_000, upTo last: Position = Position(.max)) throws -> Int {
        let start = position
        var end = start
        var changed = Position.start
        var skipped: Int64 = 0
        var forgets = false
        // One that goes on to `last` or the end of the log is not looked at before.
        let outdated = care == .disposable ? try retention?.outdated(at: last) ?? .start : .start
        do {
            try log.forEach(after: start, limit: limit, upTo: last) { event in
                guard event.position == end.next else {
                    throw Failure.stuck(
                        at: end.next, type: "missing event", reason: "the log has a gap here")
                }
                if end == start { try begin() }
                end = event.position
                guard let kind = kinds.first(where: { event.isOfType($0.name) }) else {
                    skipped += 1
                    return
                }
                guard kind.isHandled else { return }
                changed = end
                forgets = forgets || kind.forgets
                try apply(kind, event, isOutdated: end <= outdated)
            }
            // The log is let go before anything here waits for a disk.
            guard end > start else { return 0 }
            if let retention { try retention.remove(upTo: retention.outdated(at: end)) }
            if forgets { try connection.execute("PRAGMA user_version = 1") }
            try moveCheckpoint(to: end, try log.leaf(at: end) ?? [], changed, skipped)
            try connection.execute("COMMIT")
        } catch {
            connection.rollback()
            throw error
        }
        position = end
        hasForgotten = hasForgotten || forgets
        return Int(end.number - start.number)
    }

    /// Takes the file for this page.
    ///
    /// Where another process has moved the checkpoint, its rows are there already, and ours would only look
    /// like events that cannot be applied: so it is looked at first.
    private func begin() throws {
        try connection.execute("BEGIN IMMEDIATE")
        defer { present.reset() }
        guard try present.step(), present.integer(0) == position.number else {
            throw Failure.notAlone(model.name)
        }
    }

    private func apply(_ kind: EventKind, _ event: LogRow, isOutdated: Bool) throws {
        let schema = event.schema
        if event.isSealed {
            data = event.openData(with: log.people)
        } else {
            event.copyData(into: &data)
        }
        event.copyActor(into: &actor)
        do {
            if schema != kind.schema {
                data = try catalogue.upcast(type: event.type, schema: schema, data: data)
            }
            try kind.apply(event, data: data, actor: actor, isOutdated: isOutdated)
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

    /// Makes a disposable file what a live one is.
    func finish() throws(SQLiteError) { try laterIndexes?.make(connection) }

    /// Copies the write-ahead log into the file once it is longer than 4 MB, or at rest.
    public func copyWriteAheadLog(idle: Bool) throws(SQLiteError) {
        guard connection.walFrames > (idle ? 0 : 1_000) else { return }
        if connection.walFrames > 4_000 {
            _ = try connection.checkpoint(.truncate(busyMilliseconds: 100))
        } else {
            _ = try connection.checkpoint(.passive)
        }
    }

    /// Leaves nothing of a deleted name in the file or its write-ahead log.
    ///
    /// The file is written anew: `secure_delete` overwrites what a row leaves, but not what stays behind in a page that
    /// SQLite has built anew from its rows. Then the log is copied and cut to nothing.
    ///
    /// - Returns: false where a reader stands in the way; then again later.
    func wipe() throws(SQLiteError) -> Bool {
        if hasForgotten {
            try connection.execute("VACUUM")
            try connection.execute("PRAGMA user_version = 0")
            hasForgotten = false
        }
        return try connection.checkpoint(.truncate(busyMilliseconds: 100))
    }

    /// SHA-256 over every row of every table but the checkpoint: equal content, equal digest.
    public func contentDigest() throws(SQLiteError) -> String {
        try ContentDigest.of(connection).hex
    }
}
