public import Domain
internal import JSON

/// Reads tokens of our own, of one type. Source: RFC 8725
///
/// The clock that checks is the one that signed, so there is no leeway.
public struct TokenVerifier: Sendable {
    private let keys: KeySet
    private let issuer: String
    private let audience: String
    private let type: TokenType

    public init(keys: KeySet, issuer: String, audience: String, type: TokenType) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.type = type
    }

    /// What the token says, if all of it is to be believed now.
    ///
    /// Its header has `alg` ES256, `kid` of a key in the set, `typ` as expected, and nothing else.
    ///
    /// - Throws: ``TokenError``, the first reason met; claims are looked at only once the signature is good.
    public func verify(_ token: String, at now: Time) throws(TokenError) -> Claims {
        let token = try CompactToken(token)
        guard token.header["alg"] == .string("ES256") else { throw .algorithm }
        guard token.header["typ"] == .string(type.rawValue) else { throw .type }
        let key = try token.key(in: keys)
        guard token.header.members.count == 3 else { throw .forbiddenHeader }
        try token.check(by: key)

        let claims = try Claims(payload: token.payload)
        guard isSame(claims.issuer, issuer) else { throw .issuer }
        guard isSame(claims.audience, audience) else { throw .audience }
        guard now < Time(seconds: claims.expires) else { throw .expired }
        guard now >= Time(seconds: claims.notBefore) else { throw .notYetValid }
        return claims
    }
}
