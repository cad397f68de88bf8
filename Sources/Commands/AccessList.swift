public import Domain
internal import SQLite

/// Accounts and API keys as they stand beside the log, for the command line; read without the writer.
public struct AccessList {
    private let tables: AccessTables

    /// - Throws: `SQLiteError` where there is no log, or none that has had its first start.
    public init(dataDirectory: String) throws {
        tables = try AccessTables(
            from: Connection(path: dataDirectory + "/log.db", mode: .readOnly))
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
