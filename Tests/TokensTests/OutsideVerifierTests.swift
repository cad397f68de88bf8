import Crypto
import Domain
import JSON
import Testing
import Tokens

@Suite("A token of a provider elsewhere") struct OutsideVerifierTests {
    private let forge = Forge()
    private static let header = [("alg", #""ES256""#), ("kid", #""k1""#)]

    private static let common = [
        ("iss", #""https://id.example""#), ("sub", #""f3b1""#), ("iat", "1789999990"),
        ("exp", "1790000010"),
    ]
    /// As Cognito makes access tokens: no audience, no `typ` in the header.
    static let cognito =
        common + [
            ("token_use", #""access""#), ("client_id", #""barback""#), ("username", #""kim""#),
            ("cognito:groups", #"["bar-admins"]"#),
        ]
    /// As Keycloak does.
    static let keycloak =
        common + [
            ("typ", #""Bearer""#), ("aud", #"["other","barback"]"#), ("azp", #""app""#),
            ("preferred_username", #""kim""#), ("groups", #"["bar-admins"]"#),
        ]
    /// By RFC 9068.
    static let standard = common + [("aud", #""barback""#), ("client_id", #""app""#)]

    private func verify(
        _ claims: [(String, String)], header: [(String, String)] = Self.header,
        groupsClaim: String = "cognito:groups", at now: Time = Forge.now
    ) throws(TokenError) -> OutsideIdentity {
        let settings = OutsideSettings(
            issuer: "https://id.example", audience: "barback", groupsClaim: groupsClaim,
            adminGroup: "bar-admins")
        let provider = OutsideProvider(settings, keys: forge.keys, fetchedAt: Forge.now)
        return try OutsideVerifier(provider).verify(forge.token(header, claims), at: now)
    }

    private func refusal(
        _ claims: [(String, String)], header: [(String, String)] = Self.header,
        at now: Time = Forge.now
    ) -> TokenError? {
        reason { () throws(TokenError) in _ = try verify(claims, header: header, at: now) }
    }

    @Test func `is believed as Cognito makes it`() throws {
        let identity = try verify(Self.cognito)
        #expect(identity.subject == "f3b1" && identity.name == "kim" && identity.isAdmin)
        #expect(identity.expires == 1_790_000_010)
    }

    @Test func `is believed as Keycloak makes it`() throws {
        let header = Self.header + [("typ", #""JWT""#)]
        let identity = try verify(Self.keycloak, header: header, groupsClaim: "groups")
        #expect(identity.subject == "f3b1" && identity.name == "kim" && identity.isAdmin)
    }

    @Test(arguments: ["at+jwt", "AT+JWT", "application/at+jwt"])
    func `is believed as the standard has it`(type: String) throws {
        let identity = try verify(Self.standard, header: Self.header + [("typ", "\"\(type)\"")])
        #expect(identity.name == nil && !identity.isAdmin)
    }

    @Test(arguments: [
        nil, #""bar-admins""#, "[]", #"["Bar-Admins"]"#, #"["bar-admins "]"#, "[1]", "{}", "null",
        #"[["bar-admins"]]"#,
    ])
    func `makes no administrator of whom it does not say so`(groups: String?) throws {
        #expect(try !verify(with("cognito:groups", groups, in: Self.cognito)).isAdmin)
    }

    struct Edit: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let claims: [(String, String)]
        let reason: TokenError?

        init(
            _ base: [(String, String)], _ name: String, _ value: String?, _ reason: TokenError?
        ) {
            testDescription = "\(name) \(value ?? "missing")"
            claims = with(name, value, in: base)
            self.reason = reason
        }
    }

    static let edits: [Edit] = [
        // An ID token says who signed in to an app, and is no permission to ask the bar.
        Edit(cognito, "token_use", #""id""#, .type), Edit(cognito, "token_use", nil, .type),
        Edit(cognito, "token_use", "null", .type), Edit(keycloak, "typ", #""ID""#, .type),
        Edit(keycloak, "typ", #""Refresh""#, .type), Edit(keycloak, "typ", #""Offline""#, .type),
        Edit(keycloak, "typ", #""Logout""#, .type), Edit(keycloak, "typ", #""bearer""#, .type),
        Edit(keycloak, "typ", nil, .type), Edit(keycloak, "token_use", #""id""#, .type),
        Edit(keycloak, "cnf", #"{"jkt":"a"}"#, .type),

        Edit(cognito, "client_id", #""other""#, .audience),
        Edit(cognito, "client_id", nil, .audience),
        Edit(cognito, "client_id", #"["barback"]"#, .audience),
        Edit(cognito, "aud", #""other""#, .audience), Edit(cognito, "aud", "null", .audience),
        Edit(cognito, "aud", #""barback""#, nil),
        Edit(keycloak, "aud", #""barback""#, nil), Edit(keycloak, "aud", "[]", .audience),
        Edit(keycloak, "aud", #"["other"]"#, .audience), Edit(keycloak, "aud", "{}", .audience),
        Edit(keycloak, "aud", #"["barbac\u212a"]"#, .audience),
        Edit(keycloak, "aud", nil, .audience),
        Edit(with("azp", #""barback""#, in: keycloak), "aud", nil, nil),
        Edit(with("azp", #""barback""#, in: keycloak), "aud", #""account""#, nil),
        Edit(with("azp", #""barback""#, in: keycloak), "aud", #"["account"]"#, nil),
        Edit(with("azp", #""barback""#, in: keycloak), "aud", #"["other"]"#, .audience),
        Edit(with("azp", #""barback""#, in: keycloak), "aud", #"["account","other"]"#, .audience),
        Edit(keycloak, "aud", #""account""#, .audience),
        // Where both are there, the client is who asked for it.
        Edit(
            with("client_id", #""app""#, in: with("azp", #""barback""#, in: keycloak)), "aud", nil,
            .audience),

        Edit(cognito, "iss", #""https://id.example/""#, .issuer),
        Edit(cognito, "iss", nil, .claim("iss")), Edit(cognito, "sub", nil, .claim("sub")),
        Edit(cognito, "sub", #""""#, .claim("sub")), Edit(cognito, "exp", nil, .claim("exp")),
        Edit(cognito, "exp", "1790000010.5", .claim("exp")),
        Edit(cognito, "iat", nil, .claim("iat")), Edit(cognito, "nbf", "null", .claim("nbf")),
        Edit(cognito, "exp", "1789999941", nil), Edit(cognito, "exp", "1789999940", .expired),
        Edit(cognito, "nbf", "1790000060", nil), Edit(cognito, "nbf", "1790000061", .notYetValid),
        Edit(cognito, "iat", "1790000060", nil), Edit(cognito, "iat", "1790000061", .notYetValid),
    ]

    @Test(arguments: edits) func `is looked at claim by claim`(_ edit: Edit) {
        #expect(refusal(edit.claims) == edit.reason)
    }

    @Test(arguments: [
        ("alg", #""RS256""#, TokenError.algorithm), ("alg", #""none""#, .algorithm),
        ("alg", #""HS256""#, .algorithm), ("kid", #""k2""#, .unknownKey),
        ("typ", #""logout+jwt""#, .type), ("typ", #""dpop+jwt""#, .type), ("typ", "1", .type),
        ("crit", "[]", .forbiddenHeader), ("jku", #""https://id.example/keys""#, .forbiddenHeader),
        ("jwk", "{}", .forbiddenHeader), ("x5u", #""""#, .forbiddenHeader),
        ("x5c", "[]", .forbiddenHeader),
    ])
    func `is refused for its header`(name: String, value: String, reason: TokenError) {
        #expect(refusal(Self.cognito, header: with(name, value, in: Self.header)) == reason)
    }

    @Test func `may have a header that says more`() {
        let header = Self.header + [("x5t", #""AAAA""#), ("cty", #""JWT""#)]
        #expect(refusal(Self.cognito, header: header) == nil)
    }

    @Test func `is refused once the keys are a day old`() {
        let day: Int64 = 86_400_000_000
        let claims = with("exp", "1790099999", in: Self.cognito)
        let last = Time(microseconds: Forge.now.microseconds + day - 1)
        #expect(refusal(claims, at: last) == nil)
        #expect(
            refusal(claims, at: Time(microseconds: last.microseconds + 1)) == .staleKeys)
    }

    @Test func `is none of ours, nor the other way round`() {
        #expect(refusal(Forge.claims, header: Forge.header) == .issuer)
        #expect(
            reason { () throws(TokenError) in
                _ = try forge.verifier.verify(
                    forge.token(Self.header + [("typ", #""at+jwt""#)], Self.standard),
                    at: Forge.now)
            } == .claim("role"))
    }
}

@Suite("A provider's file") struct OutsideProviderTests {
    private let settings = OutsideSettings(
        issuer: "urn:uuid:1", audience: "barback", groupsClaim: "groups", adminGroup: "admins")

    @Test func `is the same once written and read`() {
        let provider = OutsideProvider(settings, keys: Forge().keys, fetchedAt: Forge.now)
        #expect(OutsideProvider(json: provider.json) == provider)
    }

    @Test(arguments: ["issuer", "audience", "groups_claim", "admin_group", "fetched_at", "keys"])
    func `is not read without any of its members`(name: String) {
        let provider = OutsideProvider(settings, keys: Forge().keys, fetchedAt: Forge.now)
        let text = String(decoding: provider.json, as: UTF8.self)
        #expect(
            OutsideProvider(json: Array(text.replacing("\"\(name)\"", with: "\"x\"").utf8)) == nil)
    }
}
