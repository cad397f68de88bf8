internal import Crypto
internal import Domain
internal import SQLite

/// Password hashes in `secrets/secrets.db`.
///
/// A hash is written before its event and counts once the account's row beside the log names its time;
/// one whose event never came is swept at the next start.
final class PasswordTable {
    private let connection: Connection

    struct Entry: Equatable {
        let salt: [UInt8]
        let hash: [UInt8]
    }

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS password (
                account_id TEXT NOT NULL, made_at INTEGER NOT NULL, salt BLOB NOT NULL,
                hash BLOB NOT NULL, PRIMARY KEY (account_id, made_at)
            ) STRICT, WITHOUT ROWID
            """)
    }

    func entry(of account: AccountState) throws(SQLiteError) -> Entry? {
        let select = try connection.prepare(
            "SELECT salt, hash FROM password WHERE account_id = ? AND made_at = ?")
        select.bind(1, account.id.description)
        select.bind(2, account.passwordAt.microseconds)
        defer { select.reset() }
        return try select.step() ? Entry(salt: select.bytes(0), hash: select.bytes(1)) : nil
    }

    func add(_ entry: Entry, of account: AccountID, at time: Time) throws(SQLiteError) {
        let insert = try connection.prepare("INSERT OR REPLACE INTO password VALUES (?, ?, ?, ?)")
        insert.bind(1, account.description)
        insert.bind(2, time.microseconds)
        insert.bind(3, blob: entry.salt)
        insert.bind(4, blob: entry.hash)
        try insert.run()
    }

    /// Removes every hash that no account uses.
    func sweep(_ accounts: [AccountState]) throws(SQLiteError) {
        var used: [String: Int64] = [:]
        for account in accounts { used[account.id.description] = account.passwordAt.microseconds }
        let all = try connection.prepare("SELECT account_id, made_at FROM password")
        var orphans: [(String, Int64)] = []
        while try all.step() {
            guard used[all.text(0)] != all.integer(1) else { continue }
            orphans.append((all.text(0), all.integer(1)))
        }
        let remove = try connection.prepare(
            "DELETE FROM password WHERE account_id = ? AND made_at = ?")
        for (account, time) in orphans {
            remove.bind(1, account)
            remove.bind(2, time)
            try remove.run()
        }
    }
}
