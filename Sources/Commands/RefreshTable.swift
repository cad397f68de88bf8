internal import Domain
internal import SQLite

/// How often each session has been refreshed, in `secrets/secrets.db`.
///
/// The tokens themselves are made from this number: see ``Vault``.
final class RefreshTable {
    private let connection: Connection
    private var rows: [SessionID: Row] = [:]
    /// What has changed since the last write, as it was before.
    private var changed: [SessionID: Row?] = [:]

    struct Row: Equatable {
        /// The number of the token that is good now.
        var counter: Int64
        var refreshedAt: Time
    }

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS refresh (
                session_id TEXT PRIMARY KEY, counter INTEGER NOT NULL, refreshed_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """)
        let all = try connection.prepare("SELECT * FROM refresh")
        while try all.step() {
            guard let id = SessionID(all.text(0)) else { continue }
            rows[id] = Row(
                counter: all.integer(1), refreshedAt: Time(microseconds: all.integer(2)))
        }
    }

    /// Nil for a session that was never refreshed.
    subscript(_ session: SessionID) -> Row? {
        get { rows[session] }
        set {
            if changed[session] == nil { changed[session] = .some(rows[session]) }
            rows[session] = newValue
        }
    }

    /// Drops what belongs to no session any more.
    func keep(only present: Set<SessionID>) {
        for session in rows.keys where !present.contains(session) { self[session] = nil }
    }

    /// Onto the disk, before anything of it is answered.
    func write() throws(SQLiteError) {
        guard !changed.isEmpty else { return }
        try connection.transaction { () throws(SQLiteError) in
            let put = try connection.prepare("INSERT OR REPLACE INTO refresh VALUES (?, ?, ?)")
            let remove = try connection.prepare("DELETE FROM refresh WHERE session_id = ?")
            for session in changed.keys {
                if let row = rows[session] {
                    put.bind(1, session.description)
                    put.bind(2, row.counter)
                    put.bind(3, row.refreshedAt.microseconds)
                    try put.run()
                } else {
                    remove.bind(1, session.description)
                    try remove.run()
                }
            }
        }
        changed.removeAll()
    }

    /// Takes back what could not be written.
    func revert() {
        for (session, row) in changed { rows[session] = row }
        changed.removeAll()
    }
}
