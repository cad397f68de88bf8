internal import Crypto
public import Domain
internal import JSON

// Who may come in: the shapes of codes, guests, accounts, sessions and keys.
extension EventCoding {
    public static func stream(of id: CodeID) -> String { "code-\(id)" }
    public static func stream(of id: GuestID) -> String { "guest-\(id)" }
    public static func stream(of id: AccountID) -> String { "account-\(id)" }
    public static func stream(of id: SessionID) -> String { "session-\(id)" }
    public static func stream(of id: APIKeyID) -> String { "key-\(id)" }

    static func address(of event: RegistrationCode.Event) -> (stream: String, type: String) {
        switch event {
        case .issued(let code): (stream(of: code.id), "RegistrationCodeIssued")
        case .revoked(let id): (stream(of: id), "RegistrationCodeRevoked")
        }
    }

    static func address(of event: Guest.Event) -> (stream: String, type: String) {
        switch event {
        case .registered(let guest): (stream(of: guest.id), "GuestRegistered")
        case .disabled(let id): (stream(of: id), "GuestDisabled")
        case .left(let id): (stream(of: id), "GuestLeft")
        case .forgotten(let id): (stream(of: id), "GuestForgotten")
        }
    }

    static func address(of event: Account.Event) -> (stream: String, type: String) {
        switch event {
        case .added(let account): (stream(of: account.id), "AccountAdded")
        case .removed(let id): (stream(of: id), "AccountRemoved")
        case .passwordChanged(let id, _): (stream(of: id), "AccountPasswordChanged")
        }
    }

    static func address(of event: Session.Event) -> (stream: String, type: String) {
        switch event {
        case .signedIn(let session): (stream(of: session.session), "AccountSignedIn")
        case .ended(let id, _): (stream(of: id), "SessionEnded")
        }
    }

    static func address(of event: APIKey.Event) -> (stream: String, type: String) {
        switch event {
        case .issued(let key): (stream(of: key.id), "ApiKeyIssued")
        case .disabled(let id): (stream(of: id), "ApiKeyDisabled")
        }
    }

    static func write(_ event: RegistrationCode.Event, into json: inout JSONWriter) {
        switch event {
        case .issued(let code):
            json.member("code_id", code.id.description)
            json.member("hash", Base64.encode(code.hash))
            json.member("expires_at", code.expires.description)
            json.member("max_uses", code.maxUses)
            json.member("notes", code.notes)
            json.member("is_join_code", code.isJoinCode)
        case .revoked(let id): json.member("code_id", id.description)
        }
    }

    static func write(_ event: Guest.Event, into json: inout JSONWriter) {
        switch event {
        case .registered(let guest):
            json.member("guest_id", guest.id.description)
            json.member("code_id", guest.code.description)
            json.member("session_id", guest.session.description)
            json.member("expires_at", guest.expires.description)
            if let name = guest.username { json.member("username", name) }
        case .disabled(let id), .left(let id), .forgotten(let id):
            json.member("guest_id", id.description)
        }
    }

    static func write(_ event: Account.Event, into json: inout JSONWriter) {
        switch event {
        case .added(let account):
            json.member("account_id", account.id.description)
            json.member("username", account.username)
            json.member("role", account.role.rawValue)
        case .removed(let id): json.member("account_id", id.description)
        case .passwordChanged(let id, let session):
            json.member("account_id", id.description)
            if let session { json.member("session_id", session.description) }
        }
    }

    static func write(_ event: Session.Event, into json: inout JSONWriter) {
        switch event {
        case .signedIn(let session):
            json.member("session_id", session.session.description)
            json.member("account_id", session.account.description)
            json.member("expires_at", session.expires.description)
        case .ended(let id, let reason):
            json.member("session_id", id.description)
            json.member("reason", reason.rawValue)
        }
    }

    static func write(_ event: APIKey.Event, into json: inout JSONWriter) {
        switch event {
        case .issued(let key):
            json.member("key_id", key.id.description)
            json.member("name", key.name)
            json.member("plan", key.plan.rawValue)
            json.member("hash", Base64.encode(key.hash))
            json.member("is_web_key", key.isWebKey)
        case .disabled(let id): json.member("key_id", id.description)
        }
    }

    static func readAccess(_ type: String, _ fields: Fields) throws(MissingField) -> Event {
        switch type {
        case "RegistrationCodeIssued":
            .code(
                .issued(
                    RegistrationCodeIssued(
                        id: try fields.id("code_id"), hash: try fields.hash("hash"),
                        expires: try fields.time("expires_at"),
                        maxUses: try fields.integer("max_uses"), notes: try fields.text("notes"),
                        isJoinCode: try fields.bool("is_join_code"))))
        case "RegistrationCodeRevoked": .code(.revoked(try fields.id("code_id")))
        case "GuestRegistered":
            .guest(
                .registered(
                    GuestRegistered(
                        id: try fields.id("guest_id"), code: try fields.id("code_id"),
                        session: try fields.id("session_id"),
                        username: try fields.optionalText("username"),
                        expires: try fields.time("expires_at"))))
        case "GuestDisabled": .guest(.disabled(try fields.id("guest_id")))
        case "GuestLeft": .guest(.left(try fields.id("guest_id")))
        case "GuestForgotten": .guest(.forgotten(try fields.id("guest_id")))
        case "AccountAdded":
            .account(
                .added(
                    AccountAdded(
                        id: try fields.id("account_id"), username: try fields.text("username"),
                        role: try fields.value("role"))))
        case "AccountRemoved": .account(.removed(try fields.id("account_id")))
        case "AccountPasswordChanged":
            .account(
                .passwordChanged(
                    try fields.id("account_id"), keeping: try fields.optionalID("session_id")))
        case "AccountSignedIn":
            .session(
                .signedIn(
                    AccountSignedIn(
                        session: try fields.id("session_id"),
                        account: try fields.id("account_id"),
                        expires: try fields.time("expires_at"))))
        case "SessionEnded":
            .session(.ended(try fields.id("session_id"), try fields.value("reason")))
        case "ApiKeyIssued":
            .apiKey(
                .issued(
                    APIKeyIssued(
                        id: try fields.id("key_id"), name: try fields.text("name"),
                        plan: try fields.value("plan"), hash: try fields.hash("hash"),
                        isWebKey: try fields.bool("is_web_key"))))
        case "ApiKeyDisabled": .apiKey(.disabled(try fields.id("key_id")))
        default: throw MissingField(name: type)
        }
    }
}
