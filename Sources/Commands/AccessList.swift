public import Domain
internal import SQLite

/// Accounts and API keys as they stand beside the log, for the command line; read without the writer.
public struct AccessList {
    private let tables: AccessTables

    /// A log that no writer of this release has opened.
    public struct NotPrepared: Error, CustomStringConvertible {
        let dataDirectory: String
        public var description: String {
            "the bar in \(dataDirectory) is of an earlier release; start it once with barback serve"
        }
    }

    /// - Throws: `SQLiteError` where there is no log, and ``NotPrepared``.
    public init(dataDirectory: String) throws {
        let log = try Connection(path: dataDirectory + "/log.db", mode: .readOnly)
        let table = try log.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?")
        table.bind(1, AccountState.table)
        defer { table.reset() }
        guard try table.step() else { throw NotPrepared(dataDirectory: dataDirectory) }
        tables = try AccessTables(from: log)
    }

    /// By name.
    public var accounts: [(username: String, role: Role)] {
        tables.accounts.all.map { ($0.username, $0.role) }.sorted { $0.0 < $1.0 }
    }

    /// Those that open something, oldest first.
    public var keys: [(id: APIKeyID, name: String, plan: Plan)] {
        tables.keys.all.map { ($0.id, $0.name, $0.plan) }
            .sorted { $0.0.description < $1.0.description }
    }
}
