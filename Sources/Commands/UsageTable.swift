internal import Domain
internal import SQLite

/// How often each API key was used, in `secrets/secrets.db`: a count, and no part of the history.
final class UsageTable {
    private let connection: Connection
    private(set) var rows: [String: Row] = [:]

    struct Row: Equatable {
        var requests: Int64
        var lastUsed: Time
    }

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS usage (
                key_id TEXT PRIMARY KEY, requests INTEGER NOT NULL, last_used_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """)
        let all = try connection.prepare("SELECT * FROM usage")
        while try all.step() {
            rows[all.text(0)] = Row(
                requests: all.integer(1), lastUsed: Time(microseconds: all.integer(2)))
        }
    }

    /// Adds requests of some keys.
    func add(_ counts: [(key: String, requests: Int64)], at now: Time) throws(SQLiteError) {
        guard !counts.isEmpty else { return }
        var grown = rows
        try connection.transaction { () throws(SQLiteError) in
            let put = try connection.prepare("INSERT OR REPLACE INTO usage VALUES (?, ?, ?)")
            for (key, requests) in counts {
                let row = Row(
                    requests: (grown[key]?.requests ?? 0).saturating(requests), lastUsed: now)
                grown[key] = row
                put.bind(1, key)
                put.bind(2, row.requests)
                put.bind(3, now.microseconds)
                try put.run()
            }
        }
        rows = grown
    }
}

extension Int64 {
    /// The sum, or the largest number: a count never ends a process.
    fileprivate func saturating(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
