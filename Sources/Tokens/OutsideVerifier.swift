public import Domain
internal import JSON

/// Who somebody is by the word of an identity provider elsewhere.
public struct OutsideIdentity: Equatable, Sendable {
    /// The provider's own id of the person, which never changes.
    public let subject: String
    /// What the provider calls the person, nil where it does not say; any text, also one that an account here has.
    public let name: String?
    /// Whether the person is in the group of administrators.
    public let isAdmin: Bool
    /// When the token ends, in whole seconds since 1970.
    public let expires: Int64
}

/// Reads access tokens of an identity provider elsewhere: Cognito, Keycloak, or one that follows RFC 9068.
///
/// What counts, and why ID tokens do not: docs/decisions/0022-tokens-of-others.md
public struct OutsideVerifier: Sendable {
    /// Two machines, two clocks.
    static let leewaySeconds: Int64 = 60

    private let provider: OutsideProvider

    public init(_ provider: OutsideProvider) { self.provider = provider }

    /// Whom the provider's token names, if it is to be believed now.
    ///
    /// - Throws: ``TokenError``, the first reason met; claims are looked at only once the signature is good.
    public func verify(_ token: String, at now: Time) throws(TokenError) -> OutsideIdentity {
        guard provider.isFresh(at: now) else { throw .staleKeys }
        let token = try CompactToken(token)
        try token.check(by: token.key(in: provider.keys))

        var claims = try claimsObject(token.payload)
        let issuer = try claims.takeText("iss")
        guard isSame(issuer, provider.settings.issuer) else { throw .issuer }
        let isAccess = try hasAccessType(token.header)
        try checkPurpose(claims, isAccess: isAccess)
        try checkAudience(claims)
        let expires = try checkTimes(&claims, at: now)
        let subject = try claims.takeText("sub")
        let name = claims["username"]?.string ?? claims["preferred_username"]?.string
        return OutsideIdentity(
            subject: subject, name: name, isAdmin: isAdmin(claims), expires: expires)
    }

    /// Whether the header says that this is an access token; it may also say nothing (Cognito) or `JWT` (Keycloak).
    ///
    /// In any case of letters, and with or without its `application/`. Source: RFC 7515, section 4.1.9
    private func hasAccessType(_ header: JSONObject) throws(TokenError) -> Bool {
        guard let member = header["typ"] else { return false }
        switch member.string?.lowercased() {
        case "jwt": return false
        case "at+jwt", "application/at+jwt": return true
        default: throw .type
        }
    }

    /// A token must say itself that it is for access, in one of three ways, and in none that it is not.
    private func checkPurpose(_ claims: JSONObject, isAccess: Bool) throws(TokenError) {
        let cognito = claims["token_use"]
        let keycloak = claims["typ"]
        guard cognito == nil || cognito == .string("access"),
            keycloak == nil || keycloak == .string("Bearer"),
            isAccess || cognito != nil || keycloak != nil,
            // Bound to a key that its bearer would have to prove: RFC 7800.
            claims["cnf"] == nil
        else { throw .type }
    }

    /// The bar is named by `aud`; where there is none, the token was made for the bar as its client.
    private func checkAudience(_ claims: JSONObject) throws(TokenError) {
        func isOurs(_ value: JSONValue?) -> Bool {
            value?.string.map { isSame($0, provider.settings.audience) } ?? false
        }
        switch claims["aud"] {
        case nil:
            guard isOurs(claims["client_id"] ?? claims["azp"]) else { throw .audience }
        case .array(let names) where names.contains(where: isOurs): break
        case let name where isOurs(name): break
        // What Keycloak writes where no other audience is set up: its own page of accounts.
        case .string("account"), .array([.string("account")]):
            guard isOurs(claims["azp"]) else { throw .audience }
        default: throw .audience
        }
    }

    private func checkTimes(
        _ claims: inout JSONObject, at now: Time
    ) throws(TokenError) -> Int64 {
        let expires = try claims.takeSeconds("exp")
        let issuedAt = try claims.takeSeconds("iat")
        let notBefore = try claims["nbf"] == nil ? issuedAt : claims.takeSeconds("nbf")
        guard now < Time(seconds: expires + Self.leewaySeconds) else { throw .expired }
        guard now >= Time(seconds: max(issuedAt, notBefore) - Self.leewaySeconds) else {
            throw .notYetValid
        }
        return expires
    }

    private func isAdmin(_ claims: JSONObject) -> Bool {
        let groups = claims[provider.settings.groupsClaim]?.array ?? []
        return groups.contains { group in
            group.string.map { isSame($0, provider.settings.adminGroup) } ?? false
        }
    }
}
