internal import Crypto
public import Domain
public import SQLite

/// `secrets/people.db`: a key for each person that the log has something personal of.
///
/// Read by the projectors of names; written by the commands process alone, before the event.
public final class People: PersonKeys {
    private let path: String
    private var connection: Connection?
    private var known: [UUID: PersonKey] = [:]

    /// Keys kept in memory: those of a party.
    private static let mostKept = 4_096

    /// Opens it for reading; a file that is not there yet is looked for again with each key.
    public init(path: String) { self.path = path }

    convenience init(beside log: String) {
        let name = log.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.count
        self.init(path: "\(String(log.utf8.dropLast(name)) ?? "")secrets/people.db")
    }

    /// Opens it for adding keys, and makes it where it is not there.
    ///
    /// - Throws: ``SQLiteError``.
    public static func writable(path: String) throws(SQLiteError) -> People {
        let people = People(path: path)
        let connection = try Connection(path: path, mode: .readWrite)
        try connection.execute("PRAGMA journal_mode = WAL")
        // A name that nobody can read any more after a power cut would be lost.
        try connection.execute("PRAGMA synchronous = FULL")
        // What is deleted is overwritten.
        try connection.execute("PRAGMA secure_delete = ON")
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS person (
                key_id BLOB PRIMARY KEY, key BLOB NOT NULL
            ) STRICT, WITHOUT ROWID
            """)
        people.connection = connection
        return people
    }

    public func key(_ id: UUID) -> PersonKey? {
        if let key = known[id] { return key }
        if connection == nil { connection = try? Connection(path: path, mode: .readOnly) }
        guard let select = try? connection?.prepare("SELECT key FROM person WHERE key_id = ?")
        else { return nil }
        select.bind(1, blob: id.bytes)
        defer { select.reset() }
        guard (try? select.step()) == true else { return nil }
        return keep(PersonKey(id: id, key: select.bytes(0)))
    }

    /// A key for somebody new, on the disk when this returns.
    public func add(_ id: UUID) throws(SQLiteError) -> PersonKey {
        let bytes = Random.bytes(32)
        if let connection {
            let insert = try connection.prepare("INSERT INTO person VALUES (?, ?)")
            insert.bind(1, blob: id.bytes)
            insert.bind(2, blob: bytes)
            try insert.run()
        }
        return keep(PersonKey(id: id, key: bytes))
    }

    /// Destroys somebody's key, in the file and in memory; true if there was one.
    public func forget(_ id: UUID) throws(SQLiteError) -> Bool {
        known[id] = nil
        guard let connection else { return false }
        let delete = try connection.prepare("DELETE FROM person WHERE key_id = ?")
        delete.bind(1, blob: id.bytes)
        try delete.run()
        guard connection.changes > 0 else { return false }
        // Out of the write-ahead log as well, where its bytes would stay for a while.
        try copyWriteAheadLog()
        return true
    }

    /// The newest keys, newest first: ids are made with the time.
    public func newest(_ count: Int) throws(SQLiteError) -> [UUID] {
        guard let connection else { return [] }
        let select = try connection.prepare(
            "SELECT key_id FROM person ORDER BY key_id DESC LIMIT ?")
        select.bind(1, Int64(count))
        var ids: [UUID] = []
        while try select.step() {
            if let id = UUID(bytes: select.bytes(0)) { ids.append(id) }
        }
        return ids
    }

    /// Copies the write-ahead log into the file.
    public func copyWriteAheadLog() throws(SQLiteError) {
        _ = try connection?.checkpoint(.truncate(busyMilliseconds: 100))
    }

    private func keep(_ key: PersonKey) -> PersonKey {
        if known.count >= Self.mostKept { known.removeAll() }
        known[key.id] = key
        return key
    }
}
