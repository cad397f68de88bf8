internal import Domain
internal import SQLite

/// Who may come in now: what sign-in, registration and every token are decided from.
struct AccessTables {
    static let schema = """
        CREATE TABLE state_code (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL, expires_at INTEGER NOT NULL,
            max_uses INTEGER NOT NULL, used INTEGER NOT NULL, notes TEXT NOT NULL,
            is_join_code INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_guest (
            id TEXT PRIMARY KEY, name_hash BLOB NOT NULL, session_id TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_account (
            id TEXT PRIMARY KEY, username TEXT NOT NULL, role TEXT NOT NULL,
            password_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_session (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL, expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_api_key (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL, name TEXT NOT NULL, plan TEXT NOT NULL,
            is_web_key INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Guests whose key is still to be destroyed: their forgetting is in the log.
    static let forgottenSchema = """
        CREATE TABLE state_forgotten (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        """

    /// Codes that are neither revoked nor used up; some may be over.
    var codes: PresentTable<CodeState>
    /// Guests whose session has not been ended; some may be over.
    var guests: PresentTable<GuestState>
    var accounts: PresentTable<AccountState>
    /// Sessions of accounts.
    var sessions: PresentTable<SessionState>
    var keys: PresentTable<KeyState>
    var forgotten: PresentTable<ForgottenState>

    init(from connection: Connection) throws(SQLiteError) {
        codes = try PresentTable(from: connection)
        guests = try PresentTable(from: connection)
        accounts = try PresentTable(from: connection)
        sessions = try PresentTable(from: connection)
        keys = try PresentTable(from: connection)
        forgotten = try PresentTable(from: connection)
    }

    /// The code with this hash, if it lets somebody in.
    func code(_ hash: [UInt8], at now: Time) -> CodeState? {
        codes.all.first { $0.hash == hash && $0.expires > now }
    }

    func joinCode(at now: Time) -> CodeState? {
        codes.all.filter { $0.isJoinCode && $0.expires > now }.max { $0.expires < $1.expires }
    }

    func isTaken(nameHash: [UInt8], at now: Time) -> Bool {
        guests.all.contains { $0.nameHash == nameHash && $0.expires > now }
    }

    func account(named username: String) -> AccountState? {
        accounts.all.first { $0.username == username }
    }

    var webKey: KeyState? { keys.all.first(where: \.isWebKey) }

    /// Every session of the account but one.
    mutating func endSessions(of account: AccountID, keeping kept: SessionID? = nil) {
        for session in sessions.all where session.account == account && session.id != kept {
            sessions[session.id] = nil
        }
    }

    /// Forgets what is over, so that the tables stay as small as the party.
    mutating func forgetExpired(at now: Time) {
        for code in codes.all where code.expires <= now { codes[code.id] = nil }
        for guest in guests.all where guest.expires <= now { guests[guest.id] = nil }
        for session in sessions.all where session.expires <= now { sessions[session.id] = nil }
    }

    func write(to connection: Connection) throws(SQLiteError) {
        try codes.write(to: connection)
        try guests.write(to: connection)
        try accounts.write(to: connection)
        try sessions.write(to: connection)
        try keys.write(to: connection)
        try forgotten.write(to: connection)
    }

    mutating func written() {
        codes.written()
        guests.written()
        accounts.written()
        sessions.written()
        keys.written()
        forgotten.written()
    }
}

struct CodeState: PresentRow {
    static let table = "state_code"
    static let columns = 7
    let id: CodeID
    let hash: [UInt8]
    let expires: Time
    let maxUses: Int64
    var used: Int64
    let notes: String
    let isJoinCode: Bool

    init(_ issued: RegistrationCodeIssued) {
        id = issued.id
        hash = issued.hash
        expires = issued.expires
        maxUses = issued.maxUses
        used = 0
        notes = issued.notes
        isJoinCode = issued.isJoinCode
    }

    init?(_ row: Statement) {
        guard let id = CodeID(row.text(0)) else { return nil }
        self.id = id
        hash = row.bytes(1)
        expires = Time(microseconds: row.integer(2))
        maxUses = row.integer(3)
        used = row.integer(4)
        notes = row.text(5)
        isJoinCode = row.integer(6) != 0
    }

    func bind(to statement: Statement) {
        statement.bind(1, id.description)
        statement.bind(2, blob: hash)
        statement.bind(3, expires.microseconds)
        statement.bind(4, maxUses)
        statement.bind(5, used)
        statement.bind(6, notes)
        statement.bind(7, Int64(isJoinCode ? 1 : 0))
    }
}

struct GuestState: PresentRow {
    static let table = "state_guest"
    static let columns = 4
    let id: GuestID
    /// Keyed, so that the table names nobody.
    let nameHash: [UInt8]
    let session: SessionID
    let expires: Time

    init(_ registered: GuestRegistered, nameHash: [UInt8]) {
        id = registered.id
        self.nameHash = nameHash
        session = registered.session
        expires = registered.expires
    }

    init?(_ row: Statement) {
        guard let id = GuestID(row.text(0)), let session = SessionID(row.text(2)) else {
            return nil
        }
        self.id = id
        nameHash = row.bytes(1)
        self.session = session
        expires = Time(microseconds: row.integer(3))
    }

    func bind(to statement: Statement) {
        statement.bind(1, id.description)
        statement.bind(2, blob: nameHash)
        statement.bind(3, session.description)
        statement.bind(4, expires.microseconds)
    }
}

struct AccountState: PresentRow {
    static let table = "state_account"
    static let columns = 4
    let id: AccountID
    let username: String
    let role: Role
    /// Which of the hashes in secrets.db is the password's: that of the event at this time.
    var passwordAt: Time

    init(_ added: AccountAdded, at time: Time) {
        id = added.id
        username = added.username
        role = added.role
        passwordAt = time
    }

    init?(_ row: Statement) {
        guard let id = AccountID(row.text(0)), let role = Role(rawValue: row.text(2)) else {
            return nil
        }
        self.id = id
        username = row.text(1)
        self.role = role
        passwordAt = Time(microseconds: row.integer(3))
    }

    func bind(to statement: Statement) {
        statement.bind(1, id.description)
        statement.bind(2, username)
        statement.bind(3, role.rawValue)
        statement.bind(4, passwordAt.microseconds)
    }
}

struct SessionState: PresentRow {
    static let table = "state_session"
    static let columns = 3
    let id: SessionID
    let account: AccountID
    let expires: Time

    init(_ signedIn: AccountSignedIn) {
        id = signedIn.session
        account = signedIn.account
        expires = signedIn.expires
    }

    init?(_ row: Statement) {
        guard let id = SessionID(row.text(0)), let account = AccountID(row.text(1)) else {
            return nil
        }
        self.id = id
        self.account = account
        expires = Time(microseconds: row.integer(2))
    }

    func bind(to statement: Statement) {
        statement.bind(1, id.description)
        statement.bind(2, account.description)
        statement.bind(3, expires.microseconds)
    }
}

struct KeyState: PresentRow {
    static let table = "state_api_key"
    static let columns = 5
    let id: APIKeyID
    let hash: [UInt8]
    let name: String
    let plan: Plan
    let isWebKey: Bool

    init(_ issued: APIKeyIssued) {
        id = issued.id
        hash = issued.hash
        name = issued.name
        plan = issued.plan
        isWebKey = issued.isWebKey
    }

    init?(_ row: Statement) {
        guard let id = APIKeyID(row.text(0)), let plan = Plan(rawValue: row.text(3)) else {
            return nil
        }
        self.id = id
        hash = row.bytes(1)
        name = row.text(2)
        self.plan = plan
        isWebKey = row.integer(4) != 0
    }

    func bind(to statement: Statement) {
        statement.bind(1, id.description)
        statement.bind(2, blob: hash)
        statement.bind(3, name)
        statement.bind(4, plan.rawValue)
        statement.bind(5, Int64(isWebKey ? 1 : 0))
    }
}

struct ForgottenState: PresentRow {
    static let table = "state_forgotten"
    static let columns = 1
    let id: GuestID

    init(_ id: GuestID) { self.id = id }

    init?(_ row: Statement) {
        guard let id = GuestID(row.text(0)) else { return nil }
        self.id = id
    }

    func bind(to statement: Statement) { statement.bind(1, id.description) }
}
