internal import Crypto
public import Domain
public import SQLite

/// The log's only writer: one thread of one process.
///
/// Commands are staged in memory and committed together: one COMMIT, one fsync, for as many as
/// arrived. Nothing here changes before the COMMIT has returned; after one that failed, staging
/// starts again from what is stored.
public final class LogWriter {
    public private(set) var head: Head
    /// Why nothing may be written any more; nil while all is well.
    public internal(set) var damage: LogError?

    let connection: Connection
    private let catalogue: Catalogue
    private var index: CommandIndex
    private var lastCommand: Int64
    private var lastRecorded: Time
    let hash = SHA256()
    var lastSigned: Position
    /// How long the write-ahead log may grow before readers are waited for.
    var waitsAboveFrames = longFrames
    static let longFrames = 16_000
    private var leaf = LeafEncoder()

    private let insertEvent: Statement
    private let insertCommand: Statement
    private let updateHead: Statement
    private let selectVersion: Statement
    private let selectCommand: Statement
    private let stateReader: LogReader

    /// Opens the log, or makes it, and verifies what came after the last signed checkpoint.
    ///
    /// A damaged tail does not throw: ``damage`` is set, every commit is refused, reading goes on.
    /// - Throws: ``LogError/newerFormat(found:known:)``, ``LogError/sqlite(_:)``.
    public init(
        path: String, now: Time, catalogue: Catalogue = .current, publicKey: [UInt8]? = nil,
        state: String = ""
    ) throws(LogError) {
        self.catalogue = catalogue
        do throws(SQLiteError) {
            connection = try Connection(path: path, mode: .readWrite)
            try Self.setUp(connection, state: state)
        } catch {
            throw .sqlite(error)
        }
        head = try Head.read(from: connection)
        do throws(SQLiteError) {
            index = try CommandIndex(from: connection, at: now)
            // The rows just read are not asked for again; the cache need not stay full of them.
            try connection.execute("PRAGMA shrink_memory")
            lastSigned = Position(
                try connection.integer("SELECT coalesce(max(size), 0) FROM checkpoint"))
            lastCommand = try connection.integer("SELECT coalesce(max(number), 0) FROM command")
            lastRecorded = Time(
                microseconds: try connection.integer(
                    "SELECT coalesce((SELECT recorded_at FROM event ORDER BY position DESC "
                        + "LIMIT 1), 0)"))
            insertEvent = try connection.prepare(
                "INSERT INTO event (\(columns), leaf) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
            insertCommand = try connection.prepare(
                "INSERT INTO command (number, id, fingerprint, first_position, last_position, "
                    + "recorded_at, reply) VALUES (?,?,?,?,?,?,?)")
            updateHead = try connection.prepare("UPDATE head SET position = ?, frontier = ?")
            selectVersion = try connection.prepare(
                "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?")
            selectCommand = try connection.prepare(
                "SELECT id, fingerprint, first_position, last_position, recorded_at, reply "
                    + "FROM command WHERE number = ?")
            stateReader = try LogReader(on: connection)
        } catch {
            throw .sqlite(error)
        }
        do throws(LogError) {
            try Verifier.checkTail(of: connection, head: head, publicKey: publicKey)
        } catch {
            guard case .damaged = error else { throw error }
            damage = error
        }
    }

    private static func setUp(_ connection: Connection, state: String) throws(SQLiteError) {
        try connection.execute("PRAGMA journal_mode = WAL")
        // With NORMAL an acknowledged order can vanish when the power fails.
        try connection.execute("PRAGMA synchronous = FULL")
        guard try connection.integer("PRAGMA synchronous") == 2 else {
            throw SQLiteError(code: 1, message: "synchronous is not FULL", subject: "PRAGMA")
        }
        try connection.execute("PRAGMA cache_size = -8000")
        guard
            try connection.integer(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'head'") == 0
        else { return }
        try connection.transaction { () throws(SQLiteError) in
            try connection.execute(Schema.text)
            try connection.execute(state)
            let insert = try connection.prepare("INSERT INTO head VALUES (1, ?, ?, 0, x'')")
            insert.bind(1, blob: Random.bytes(16))
            insert.bind(2, Schema.format)
            try insert.run()
        }
    }

    /// Reads through the writer's own connection: what a decision is made from.
    public var reader: LogReader { stateReader }

    /// Runs a query on the tables that stand beside the log.
    public func query<Result>(
        _ body: (Connection) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try body(connection)
    }

    /// What the keyed command with this id led to, if that was within the last 24 hours.
    public func command(_ id: UUID, at now: Time) throws(SQLiteError) -> StoredCommand? {
        guard let number = index.number(of: id) else { return nil }
        selectCommand.bind(1, number)
        guard try selectCommand.step() else { return nil }
        defer { selectCommand.reset() }
        guard UUID(bytes: selectCommand.bytes(0)) == id,
            now.microseconds - selectCommand.integer(4) <= CommandIndex.windowMicroseconds
        else { return nil }
        return StoredCommand(
            fingerprint: selectCommand.bytes(1), first: Position(selectCommand.integer(2)),
            last: Position(selectCommand.integer(3)), reply: selectCommand.bytes(5))
    }

    /// A time later than every event's before it, staged ones included.
    public func stamp(_ clock: Time) -> Time {
        lastRecorded = max(clock, Time(microseconds: lastRecorded.microseconds + 1))
        return lastRecorded
    }

    /// Appends every staged event, in order, or none of them.
    ///
    /// `alongside` changes the tables beside the log in the same transaction.
    /// - Throws: ``LogError/conflict(stream:expected:present:)``,
    ///   ``LogError/notInCatalogue(type:schema:)``, ``LogError/sqlite(_:)``. The log is then as it
    ///   was; with ``SQLiteError/isBrokenDisk`` nobody knows what the disk holds, and the process
    ///   must end and open the log anew.
    public func commit(
        _ commands: [StagedCommand],
        alongside: (Connection) throws(SQLiteError) -> Void = { _ throws(SQLiteError) in }
    ) throws(LogError) {
        if let damage { throw damage }
        var newHead = head
        var number = lastCommand
        do {
            try connection.execute("BEGIN IMMEDIATE")
            for command in commands {
                let first = newHead.position.next
                try insert(command, &newHead)
                guard let key = command.key else { continue }
                number += 1
                try insert(key, number, command, from: first, to: newHead.position)
            }
            updateHead.bind(1, newHead.position.number)
            updateHead.bind(2, blob: newHead.frontier.stored)
            try updateHead.run()
            try alongside(connection)
            try connection.execute("COMMIT")
        } catch let error as LogError {
            connection.rollback()
            throw error
        } catch let error as SQLiteError {
            connection.rollback()
            throw .sqlite(error)
        } catch {
            preconditionFailure("only log and SQLite errors are thrown here: \(error)")
        }
        head = newHead
        number = lastCommand
        for command in commands {
            guard let key = command.key else { continue }
            number += 1
            index.insert(key.id, number: number, at: command.recordedAt)
        }
        lastCommand = number
    }

    private func insert(_ command: StagedCommand, _ head: inout Head) throws {
        for staged in command.events {
            let event = staged.event
            guard catalogue.schema(of: event.type) == event.schema else {
                throw LogError.notInCatalogue(type: event.type, schema: event.schema)
            }
            head.position = head.position.next
            let row = Envelope(
                position: head.position, stream: event.stream, version: try nextVersion(event),
                id: staged.id, type: event.type, schema: event.schema,
                recordedAt: staged.recordedAt, actor: command.actor, commandID: command.id,
                correlationID: command.correlationID ?? command.id,
                causationID: command.causationID, keyID: event.keyID, data: event.data)
            leaf.encode(row)
            let digest = hash.digest(of: leaf.bytes)
            head.frontier.append(digest, hashingWith: hash)
            bind(row, digest)
            do throws(SQLiteError) { try insertEvent.run() } catch {
                throw try refusal(of: event, error)
            }
        }
    }

    private func nextVersion(_ event: NewEvent) throws -> Version {
        // The UNIQUE index holds this one, which most events are: no look-up before the insert.
        if event.expected == .noStream { return Version.none.next }
        let present = try version(of: event.stream)
        let isAsExpected =
            switch event.expected {
            case .any, .noStream: true
            case .exists: present > .none
            // Also where the stream is not so far yet: a version left out would stay out.
            case .exactly(let version): present == version
            }
        guard isAsExpected else {
            throw LogError.conflict(
                stream: event.stream, expected: event.expected, present: present)
        }
        return present.next
    }

    private func version(of stream: String) throws(SQLiteError) -> Version {
        selectVersion.bind(1, stream)
        defer { selectVersion.reset() }
        return Version(try selectVersion.step() ? selectVersion.integer(0) : 0)
    }

    /// A row refused for a stream that was not to be there is a conflict; else SQLite's own error.
    private func refusal(of event: NewEvent, _ error: SQLiteError) throws -> any Error {
        guard event.expected == .noStream, error.isConstraint,
            case let present = try version(of: event.stream), present > .none
        else { return error }
        return LogError.conflict(stream: event.stream, expected: .noStream, present: present)
    }

    private func bind(_ row: Envelope, _ digest: Digest) {
        insertEvent.bind(1, row.position.number)
        insertEvent.bind(2, row.stream)
        insertEvent.bind(3, row.version.number)
        insertEvent.bind(4, blob: row.id.bytes)
        insertEvent.bind(5, row.type)
        insertEvent.bind(6, Int64(row.schema))
        insertEvent.bind(7, row.recordedAt.microseconds)
        insertEvent.bind(8, row.actor)
        insertEvent.bind(9, blob: row.commandID.bytes)
        insertEvent.bind(10, blob: row.correlationID.bytes)
        if let cause = row.causationID {
            insertEvent.bind(11, blob: cause.bytes)
        } else {
            insertEvent.bindNull(11)
        }
        if let key = row.keyID {
            insertEvent.bind(12, blob: key)
        } else {
            insertEvent.bindNull(12)
        }
        insertEvent.bind(13, text: row.data)
        insertEvent.bind(14, blob: digest.bytes)
    }

    private func insert(
        _ key: CommandKey, _ number: Int64, _ command: StagedCommand, from first: Position,
        to last: Position
    ) throws(SQLiteError) {
        insertCommand.bind(1, number)
        insertCommand.bind(2, blob: key.id.bytes)
        insertCommand.bind(3, blob: key.fingerprint)
        insertCommand.bind(4, first.number)
        insertCommand.bind(5, last.number)
        insertCommand.bind(6, command.recordedAt.microseconds)
        insertCommand.bind(7, blob: command.reply)
        try insertCommand.run()
    }
}
