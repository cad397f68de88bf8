public import Domain
public import SQLite

/// An API key as the access read model keeps it.
public struct KeyRow: Equatable, Sendable {
    public let id: String
    public let name: String
    public let plan: Plan
    public let isWebKey: Bool
    public let createdAt: Time
    public let disabledAt: Time?
}

/// An account of the staff.
public struct AccountRow: Equatable, Sendable {
    public let id: String
    public let username: String
    public let role: String
    public let createdAt: Time
    /// When somebody signed in with it last.
    public let seenAt: Time?
    /// Nil where there is none of this name now.
    public let removedAt: Time?
}

/// A registration code.
public struct CodeRow: Equatable, Sendable {
    public let id: String
    public let createdAt: Time
    public let expiresAt: Time
    public let maxUses: Int64
    public let used: Int64
    public let notes: String
    public let isJoinCode: Bool
    public let revokedAt: Time?

    /// `active`, `used`, `expired` or `revoked`.
    public func status(at now: Time) -> String {
        if revokedAt != nil { return "revoked" }
        if used >= maxUses { return "used" }
        return expiresAt <= now ? "expired" : "active"
    }
}

/// A guest and the session that began with registering.
public struct GuestRow: Equatable, Sendable {
    public let id: String
    public let username: String
    public let codeID: String
    public let createdAt: Time
    public let expiresAt: Time
    public let endedAt: Time?
    /// Why the session ended: `left`, `disabled`, `signed_out` or `token_reused`.
    public let reason: String?
}

/// What has become of a session.
public enum SessionStanding: Sendable {
    case goingOn(until: Time)
    /// Before its time.
    case ended
    case unknown
}

/// Answers about who may come in.
public final class AccessReader: ModelReader {
    private let keyByHash: Statement
    private let goodKey: Statement
    private let sessionEnd: Statement
    private let codeByHash: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        keyByHash = try connection.prepare("\(Self.keyColumns) WHERE hash = ?")
        goodKey = try connection.prepare(
            "SELECT count(*) FROM api_key WHERE key_id = ? AND disabled_at IS NULL")
        sessionEnd = try connection.prepare(
            "SELECT ended_at IS NOT NULL, expires_at FROM session WHERE session_id = ?")
        codeByHash = try connection.prepare("\(Self.codeColumns) WHERE hash = ?")
        try super.init(on: connection)
    }

    private static let keyColumns =
        "SELECT key_id, name, plan, is_web_key, created_at, disabled_at FROM api_key"
    private static let codeColumns = """
        SELECT code_id, created_at, expires_at, max_uses, used, notes, is_join_code, revoked_at
        FROM code
        """

    /// `hash` is base64 of the key's SHA-256.
    public func key(hash: String) throws(SQLiteError) -> KeyRow? {
        keyByHash.bind(1, hash)
        defer { keyByHash.reset() }
        return try keyByHash.step() ? Self.key(keyByHash) : nil
    }

    /// Whether there is a key of this id that was not disabled.
    public func isKeyGood(_ id: String) throws(SQLiteError) -> Bool {
        goodKey.bind(1, id)
        defer { goodKey.reset() }
        return try goodKey.step() && goodKey.integer(0) > 0
    }

    public func standing(ofSession id: String) throws(SQLiteError) -> SessionStanding {
        sessionEnd.bind(1, id)
        defer { sessionEnd.reset() }
        guard try sessionEnd.step() else { return .unknown }
        guard sessionEnd.integer(0) == 0 else { return .ended }
        return .goingOn(until: Time(sessionEnd.text(1)) ?? Time(microseconds: 0))
    }

    /// `hash` is base64 of the code's SHA-256.
    public func code(hash: String) throws(SQLiteError) -> CodeRow? {
        codeByHash.bind(1, hash)
        defer { codeByHash.reset() }
        return try codeByHash.step() ? Self.code(codeByHash) : nil
    }

    // MARK: Lists, newest first

    public func keys() throws(SQLiteError) -> [KeyRow] {
        let rows = try connection.prepare("\(Self.keyColumns) ORDER BY key_id DESC")
        var keys: [KeyRow] = []
        while try rows.step() { keys.append(Self.key(rows)) }
        return keys
    }

    public func codes() throws(SQLiteError) -> [CodeRow] {
        let rows = try connection.prepare("\(Self.codeColumns) ORDER BY code_id DESC LIMIT 1000")
        var codes: [CodeRow] = []
        while try rows.step() { codes.append(Self.code(rows)) }
        return codes
    }

    public func accounts() throws(SQLiteError) -> [AccountRow] {
        try accounts(where: "removed_at IS NULL ORDER BY account_id", nil)
    }

    public func account(_ id: String) throws(SQLiteError) -> AccountRow? {
        try accounts(where: "account_id = ?", id).first
    }

    private func accounts(
        where condition: String, _ id: String?
    ) throws(SQLiteError) -> [AccountRow] {
        let rows = try connection.prepare(
            """
            SELECT account_id, username, role, created_at, seen_at, removed_at FROM account
            WHERE \(condition)
            """)
        if let id { rows.bind(1, id) }
        var accounts: [AccountRow] = []
        while try rows.step() {
            accounts.append(
                AccountRow(
                    id: rows.text(0), username: rows.text(1), role: rows.text(2),
                    createdAt: Time(microseconds: rows.integer(3)), seenAt: rows.time(4),
                    removedAt: rows.time(5)))
        }
        return accounts
    }

    /// At most a thousand, newest first; or the one with an id.
    public func guests(_ id: String? = nil) throws(SQLiteError) -> [GuestRow] {
        let rows = try connection.prepare(
            """
            SELECT guest_id, username, code_id, created_at, expires_at, ended_at, reason
            FROM guest JOIN session USING (session_id)
            WHERE ?1 IS NULL OR guest_id = ?1 ORDER BY guest_id DESC LIMIT 1000
            """)
        rows.bind(1, orNull: id)
        var guests: [GuestRow] = []
        while try rows.step() {
            guests.append(
                GuestRow(
                    id: rows.text(0), username: rows.text(1), codeID: rows.text(2),
                    createdAt: Time(microseconds: rows.integer(3)),
                    expiresAt: Time(rows.text(4)) ?? Time(microseconds: 0),
                    endedAt: rows.time(5), reason: rows.textOrNil(6)))
        }
        return guests
    }

    private static func key(_ row: Statement) -> KeyRow {
        KeyRow(
            id: row.text(0), name: row.text(1), plan: Plan(rawValue: row.text(2)) ?? .public,
            isWebKey: row.integer(3) != 0, createdAt: Time(microseconds: row.integer(4)),
            disabledAt: row.time(5))
    }

    private static func code(_ row: Statement) -> CodeRow {
        CodeRow(
            id: row.text(0), createdAt: Time(microseconds: row.integer(1)),
            expiresAt: Time(row.text(2)) ?? Time(microseconds: 0), maxUses: row.integer(3),
            used: row.integer(4), notes: row.text(5), isJoinCode: row.integer(6) != 0,
            revokedAt: row.time(7))
    }
}

extension Statement {
    fileprivate func time(_ column: Int32) -> Time? {
        isNull(column) ? nil : Time(microseconds: integer(column))
    }
}
