import Crypto
import Domain
import EventStore
import JSON
import SQLite
import Testing
import Wire

@testable import Commands

/// What somebody has who was let in.
struct LetIn {
    let access: String
    let refresh: String
    let document: JSONObject

    init(_ outcome: CommandOutcome) throws {
        document = try #require(JSONValue(parsing: accepted(outcome).document).object)
        access = try #require(document["access_token"]?.string)
        refresh = try #require(document["refresh_token"]?.string)
    }

    var credential: Credential { .token(access) }
    var session: String { String(refresh.prefix { $0 != "." }) }
    func text(_ name: String) -> String { document[name]?.string ?? "" }
}

extension TestBar {
    func code(uses: Int = 25, hours: Int = 24) throws -> (id: String, text: String) {
        let body = #"{"max_uses":\#(uses),"expires_in_hours":\#(hours)}"#
        let issued = try accepted(handle(make(.issueCode, body)))
        return (issued.id, try #require(member("code", of: issued)?.string))
    }

    func registration(_ name: String, _ code: String, key: String? = nil) -> CommandRequest {
        CommandRequest(
            route: .register, credential: .code(code), key: key,
            body: Array(#"{"username":"\#(name)"}"#.utf8))
    }

    func register(_ name: String, _ code: String) throws -> LetIn {
        try LetIn(handle(registration(name, code)))
    }

    func send(
        _ route: CommandRoute, _ body: String = "{}", as credential: Credential = .none,
        target: String = ""
    ) throws -> CommandOutcome {
        try handle(
            CommandRequest(
                route: route, credential: credential, target: target, body: Array(body.utf8)))
    }

    func refresh(_ token: String) throws -> CommandOutcome {
        try send(.refresh, #"{"refresh_token":"\#(token)"}"#)
    }

    /// Carries out what comes with passwords, as the loop around the handler does: under a hash that is made
    /// sooner than a real one.
    func withPasswords(
        _ route: CommandRoute, _ body: String, as credential: Credential = .none,
        target: String = ""
    ) throws -> CommandOutcome {
        let request = CommandRequest(
            route: route, credential: credential, target: target, body: Array(body.utf8))
        let work = handler.passwordWork(for: request)
        let hashes = (work?.passwords ?? []).map { password in
            PasswordTable.Entry(
                salt: password.salt,
                hash: HMACSHA256(key: password.salt).code(over: password.text))
        }
        let command = PreparedCommand(request: request, hashes: hashes)
        return try #require(handler.handle([command]).first)
    }

    var host: Credential { .local(secret: handler.vault.localKey, .commandLine("root")) }

    func addAccount(
        _ name: String, role: String = "bartender", password: String = "their-own-words"
    ) throws -> String {
        try accepted(
            withPasswords(
                .addAccount,
                #"{"username":"\#(name)","role":"\#(role)","password":"\#(password)"}"#,
                as: host)
        ).id
    }

    func signIn(_ name: String, _ password: String = "their-own-words") throws -> CommandOutcome {
        try withPasswords(.signIn, #"{"username":"\#(name)","password":"\#(password)"}"#)
    }

    func wait(seconds: Int64) {
        clock.now = Time(microseconds: clock.now.microseconds + seconds * 1_000_000)
    }

    // MARK: State

    /// The tables of who may come in hold what a replay of the log gives.
    func expectTablesOfReplay(
        _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (tables, replay) = try (accessTables().rows, accessReplay().rows)
        let more = tables.subtracting(replay).sorted()
        let less = replay.subtracting(tables).sorted()
        #expect(more == [], comment, sourceLocation: sourceLocation)
        #expect(less == [], comment, sourceLocation: sourceLocation)
    }

    private func accessTables() throws -> AccessRows {
        let raw = try raw()
        var rows = AccessRows()
        for (table, columns) in AccessRows.columns {
            let statement = try raw.prepare("SELECT \(columns) FROM \(table)")
            while try statement.step() { rows.insert(table, statement.text(0)) }
        }
        return rows
    }

    /// What a fold of all events says.
    private func accessReplay() throws -> AccessRows {
        var fold = AccessFold(handler.vault)
        for event in try events() { try fold.apply(event) }
        return fold.rows
    }
}

/// Each row in one text, after its table.
struct AccessRows {
    private(set) var rows: Set<String> = []

    static let columns = [
        "state_code":
            "id || ' ' || hex(hash) || ' ' || used || '/' || max_uses || ' ' || expires_at",
        "state_guest": "id || ' ' || hex(name_hash) || ' ' || session_id || ' ' || expires_at",
        "state_account": "id || ' ' || username || ' ' || role || ' ' || password_at",
        "state_session": "id || ' ' || account_id || ' ' || expires_at",
        "state_api_key": "id || ' ' || hex(hash) || ' ' || name || ' ' || plan",
    ]

    mutating func insert(_ table: String, _ row: String) {
        rows.insert("\(table) \(row)")
    }
}

/// Who may come in, found out from the events alone.
struct AccessFold {
    private let vault: Vault
    private var codes: [CodeID: (issued: RegistrationCodeIssued, used: Int64)] = [:]
    private var guests: [GuestID: GuestRegistered] = [:]
    private var accounts: [AccountID: (added: AccountAdded, passwordAt: Time)] = [:]
    private var sessions: [SessionID: AccountSignedIn] = [:]
    private var keys: [APIKeyID: APIKeyIssued] = [:]

    init(_ vault: Vault) { self.vault = vault }

    mutating func apply(_ event: Envelope) throws {
        let data = Sealed.open(
            event.data, stream: event.stream, keyID: event.keyID ?? [], with: vault.people)
        switch try EventCoding.decode(type: event.type, schema: event.schema, data: data) {
        case .code(.issued(let code)): codes[code.id] = (code, 0)
        case .code(.revoked(let id)): codes[id] = nil
        case .guest(.registered(let guest)):
            guests[guest.id] = guest
            if var code = codes[guest.code] {
                code.used += 1
                codes[guest.code] = code.used < code.issued.maxUses ? code : nil
            }
        case .guest(.left(let id)), .guest(.disabled(let id)), .guest(.forgotten(let id)):
            guests[id] = nil
        case .account(.added(let account)): accounts[account.id] = (account, event.recordedAt)
        case .account(.removed(let id)):
            accounts[id] = nil
            sessions = sessions.filter { $0.value.account != id }
        case .account(.passwordChanged(let id, let kept)):
            accounts[id]?.passwordAt = event.recordedAt
            sessions = sessions.filter { $0.value.account != id || $0.key == kept }
        case .session(.signedIn(let session)): sessions[session.session] = session
        case .session(.ended(let id, _)):
            sessions[id] = nil
            guests = guests.filter { $0.value.session != id }
        case .apiKey(.issued(let key)): keys[key.id] = key
        case .apiKey(.disabled(let id)): keys[id] = nil
        default: break
        }
    }

    var rows: AccessRows {
        var rows = AccessRows()
        for (id, (code, used)) in codes {
            rows.insert(
                "state_code",
                "\(id) \(hex(code.hash)) \(used)/\(code.maxUses) \(code.expires.microseconds)")
        }
        for (id, guest) in guests {
            let name = hex(vault.nameHash(guest.username ?? ""))
            rows.insert(
                "state_guest", "\(id) \(name) \(guest.session) \(guest.expires.microseconds)")
        }
        for (id, (account, passwordAt)) in accounts {
            rows.insert(
                "state_account",
                "\(id) \(account.username) \(account.role.rawValue) \(passwordAt.microseconds)")
        }
        for (id, session) in sessions {
            rows.insert(
                "state_session", "\(id) \(session.account) \(session.expires.microseconds)")
        }
        for (id, key) in keys {
            rows.insert(
                "state_api_key", "\(id) \(hex(key.hash)) \(key.name) \(key.plan.rawValue)")
        }
        return rows
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined().uppercased()
    }
}
