internal import Crypto
internal import Domain
internal import Tokens
internal import Wire

/// Who asks, once what they showed has been believed.
struct Identity {
    /// Nil for somebody without a token, such as a guest at the door.
    let caller: Caller?
    let role: Role?
    /// Somebody at the server itself, who may do everything.
    var isLocal = false
    var account: AccountID?
    var session: SessionID?

    static let nobody = Identity(caller: nil, role: nil)
}

/// Finds out who asks, and whether they may: the front has asked the same, and is not believed.
struct Authority {
    private let vault: Vault
    /// Tokens whose signature was found good, by their text.
    private var believed: [String: Claims] = [:]

    /// Those of a large party and its refreshes.
    private static let mostBelieved = 10_000

    init(_ vault: Vault) { self.vault = vault }

    /// - Throws: ``Refusal/notSignedIn``, ``Refusal/notAllowed``.
    mutating func identify(
        _ request: CommandRequest, _ access: AccessTables, at now: Time
    ) throws(Refusal) -> Identity {
        let identity = try identity(of: request.credential, access, now)
        if let key = request.apiKey, APIKeyID(key).flatMap({ access.keys[$0] }) == nil {
            // It was disabled while the request was on its way.
            throw .notSignedIn
        }
        let audience = request.route.audience
        guard identity.isLocal || audience.admits(identity.role) else {
            throw identity.role == nil ? .notSignedIn : .notAllowed
        }
        return identity
    }

    private mutating func identity(
        of credential: Credential, _ access: AccessTables, _ now: Time
    ) throws(Refusal) -> Identity {
        switch credential {
        case .none, .code: return .nobody
        case .local(let secret, let caller):
            guard isEqualInConstantTime(secret, vault.localKey) else { throw .notSignedIn }
            if case .guest = caller { return Identity(caller: caller, role: .guest) }
            return Identity(caller: caller.normalized, role: .admin, isLocal: true)
        case .token(let token):
            return try identity(of: try claims(of: token, now), access, now)
        }
    }

    private mutating func claims(
        of token: String, _ now: Time
    ) throws(Refusal) -> Claims {
        // One text for each token: two that Unicode takes for equal would share what was found out.
        guard token.utf8.allSatisfy({ $0 < 0x80 }) else { throw .notSignedIn }
        if let known = believed[token] {
            guard now.microseconds < known.expires * 1_000_000 else {
                believed[token] = nil
                throw .notSignedIn
            }
            return known
        }
        let claims: Claims
        if let own = try? vault.verifier(at: now).verify(token, at: now) {
            claims = own
        } else if let provider = vault.outsideProvider(),
            let identity = try? OutsideVerifier(provider).verify(token, at: now)
        {
            claims = Claims(identity, of: provider.settings)
        } else {
            throw .notSignedIn
        }
        if believed.count >= Self.mostBelieved { believed.removeAll() }
        believed[token] = claims
        return claims
    }

    /// What an account may do, and whether a session goes on, stands beside the log and not in the token.
    private func identity(
        of claims: Claims, _ access: AccessTables, _ now: Time
    ) throws(Refusal) -> Identity {
        if claims.isOutside {
            // In none of the provider's groups that matter here.
            guard let role = Role(rawValue: claims.role) else { throw .notAllowed }
            return Identity(caller: .staff(claims.name.normalized), role: role)
        }
        guard let session = SessionID(claims.session) else { throw .notSignedIn }
        if claims.role == Role.guest.rawValue {
            guard let id = GuestID(claims.subject), let guest = access.guests[id],
                guest.session == session, guest.expires > now
            else { throw .notSignedIn }
            return Identity(caller: .guest(id), role: .guest, session: session)
        }
        guard let state = access.sessions[session], state.expires > now,
            let account = access.accounts[state.account],
            claims.subject == account.id.description
        else { throw .notSignedIn }
        return Identity(
            caller: .staff(account.username), role: account.role, account: account.id,
            session: session)
    }
}
