import Crypto
import Domain
import JSON
import Testing
import Tokens

@Suite("A token") struct TokenVerifierTests {
    private let forge = Forge()

    private func refusal(_ token: String, at now: Time = Forge.now) -> TokenError? {
        reason { () throws(TokenError) in _ = try forge.verifier.verify(token, at: now) }
    }

    @Test func `says who somebody is`() throws {
        let claims = try forge.verifier.verify(forge.token(), at: Forge.now)
        #expect(
            claims
                == Claims(
                    issuer: "urn:uuid:1", audience: "barback", subject: "018f", role: "guest",
                    session: "s1", id: "j1", name: "Ana", issuedAt: 1_789_999_990,
                    notBefore: 1_789_999_990, expires: 1_790_000_010))
    }

    struct Header: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let members: [(String, String)]
        let reason: TokenError

        init(_ name: String, _ value: String?, _ reason: TokenError) {
            testDescription = "\(name) \(value ?? "missing")"
            members = with(name, value, in: Forge.header)
            self.reason = reason
        }
    }

    static let headers: [Header] = [
        Header("alg", #""none""#, .algorithm), Header("alg", #""None""#, .algorithm),
        Header("alg", #""HS256""#, .algorithm), Header("alg", #""RS256""#, .algorithm),
        Header("alg", #""ES384""#, .algorithm), Header("alg", #""es256""#, .algorithm),
        Header("alg", #"["ES256"]"#, .algorithm), Header("alg", "null", .algorithm),
        Header("alg", nil, .algorithm),
        Header("typ", #""JWT""#, .type), Header("typ", #""upload+jwt""#, .type),
        Header("typ", #""AT+JWT""#, .type), Header("typ", nil, .type), Header("typ", "1", .type),
        Header("kid", #""k2""#, .unknownKey), Header("kid", nil, .unknownKey),
        Header("kid", #""""#, .unknownKey), Header("kid", "1", .unknownKey),
        Header("kid", #""../../keys/token.json""#, .unknownKey),
        Header("kid", #""k1' OR '1'='1""#, .unknownKey), Header("kid", #""k1\u0000""#, .unknownKey),
        // A Kelvin sign, which Swift's own comparison takes for a K.
        Header("kid", #""\u212a1""#, .unknownKey),
        Header("crit", #"["exp"]"#, .forbiddenHeader), Header("crit", "[]", .forbiddenHeader),
        Header("jku", #""https://example.org/keys""#, .forbiddenHeader),
        Header("x5u", #""https://example.org/cert""#, .forbiddenHeader),
        Header("x5c", #"["AAAA"]"#, .forbiddenHeader), Header("jwk", "{}", .forbiddenHeader),
        Header("jwk", "null", .forbiddenHeader), Header("b64", "false", .forbiddenHeader),
        Header("zip", #""DEF""#, .forbiddenHeader), Header("cty", #""JWT""#, .forbiddenHeader),
    ]

    @Test(arguments: headers) func `is refused for its header`(_ header: Header) {
        #expect(refusal(forge.token(header.members, Forge.claims)) == header.reason)
    }

    @Test func `is refused where its header brings a key along`() {
        let own = P256PrivateKey()
        let jwk = """
            {"kty":"EC","crv":"P-256","x":"\(Base64URL.encode(own.publicKey.x))",\
            "y":"\(Base64URL.encode(own.publicKey.y))"}
            """
        let signed =
            part(object(with("jwk", jwk, in: Forge.header))) + "." + part(object(Forge.claims))
        let signature = Base64URL.encode(own.sign(Array(signed.utf8)))
        #expect(refusal(signed + "." + signature) == .forbiddenHeader)
    }

    @Test func `is refused where its key signs in another way, whatever the header says`() {
        let key = forge.key.publicKey
        let signed =
            part(object(with("alg", #""HS256""#, in: Forge.header))) + "."
            + part(object(Forge.claims))
        // The public key as the secret of an HMAC, in the forms a library might have it.
        for secret in [[4] + key.x + key.y, key.x, forge.keys.json] {
            let code = HMACSHA256(key: secret).code(over: Array(signed.utf8))
            #expect(refusal(signed + "." + Base64URL.encode(code)) == .algorithm)
        }
    }

    struct Claim: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let members: [(String, String)]
        let reason: TokenError

        init(_ name: String, _ value: String?, _ reason: TokenError? = nil) {
            testDescription = "\(name) \(value ?? "missing")"
            members = with(name, value, in: Forge.claims)
            self.reason = reason ?? .claim(name)
        }
    }

    static let texts = ["iss", "aud", "sub", "role", "sid", "jti", "name"]
    static let times = ["iat", "nbf", "exp"]
    static let claims: [Claim] =
        texts.flatMap { name in
            [nil, "null", "1", #""""#, "true", #"["barback"]"#, "{}"].map { Claim(name, $0) }
        }
        + times.flatMap { name in
            [nil, "null", #""1790000010""#, "1790000010.5", "1e10", "-1", "253402300800", "[]"]
                .map { Claim(name, $0) }
        } + [
            Claim("iss", #""urn:uuid:2""#, .issuer), Claim("iss", #""URN:UUID:1""#, .issuer),
            Claim("aud", #""other""#, .audience), Claim("aud", #""barback ""#, .audience),
            // A Kelvin sign again.
            Claim("aud", #""barbac\u212a""#, .audience),
            Claim("exp", "1790000000", .expired), Claim("exp", "1", .expired),
            Claim("nbf", "1790000001", .notYetValid), Claim("nbf", "253402300799", .notYetValid),
        ]

    @Test(arguments: claims) func `is refused for its claims`(_ claim: Claim) {
        #expect(refusal(forge.token(Forge.header, claim.members)) == claim.reason)
    }

    @Test func `is good from its first second until just before its last`() {
        let first = Time(microseconds: 1_789_999_990_000_000)
        let last = Time(microseconds: 1_790_000_010_000_000)
        #expect(refusal(forge.token(), at: first) == nil)
        #expect(
            refusal(forge.token(), at: Time(microseconds: first.microseconds - 1)) == .notYetValid)
        #expect(refusal(forge.token(), at: Time(microseconds: last.microseconds - 1)) == nil)
        #expect(refusal(forge.token(), at: last) == .expired)
    }

    @Test func `is refused where a member stands twice`() {
        #expect(
            refusal(forge.token(Forge.header + [("alg", #""ES256""#)], Forge.claims))
                == .headerIsNoObject)
        #expect(
            refusal(forge.token(Forge.header, Forge.claims + [("role", #""admin""#)]))
                == .claimsAreNoObject)
        #expect(
            refusal(forge.token(Forge.header, Forge.claims + [("ro\\u006ce", #""admin""#)]))
                == .claimsAreNoObject)
    }

    @Test(arguments: ["", "null", "[]", "1", "{", "{}{}", "\u{feff}{}"])
    func `is refused where a part is no object`(text: String) {
        #expect(refusal(forge.token(text, object(Forge.claims))) == .headerIsNoObject)
        #expect(refusal(forge.token(object(Forge.header), text)) == .claimsAreNoObject)
    }

    @Test func `is refused where it has not three parts`() {
        let token = forge.token()
        for other in ["", "a", "a.b", token + ".", token + ".a", "." + token, "a.b.c.d.e"] {
            #expect(refusal(other) == .notThreeParts)
        }
        #expect(refusal("..") == .headerIsNoObject)
    }

    @Test func `is refused where it is longer than four kilobytes`() {
        #expect(refusal(String(repeating: "A", count: 65_536)) == .tooLong)
        #expect(refusal(String(repeating: "A", count: 4_097)) == .tooLong)
        #expect(refusal(String(repeating: "A", count: 4_096)) == .notThreeParts)
    }

    @Test func `is refused where it is not base64url to the letter`() {
        let token = forge.token()
        for other in [token + "=", token + "\n", " " + token, token + "é"] {
            #expect(refusal(other) == .notBase64URL)
        }
    }

    @Test func `is refused with a signature of another length`() throws {
        let token = forge.token()
        let parts = token.split(separator: ".")
        let signature = try #require(Base64URL.decode(String(parts[2])))
        let signed = parts[0] + "." + parts[1] + "."
        for other in [
            [], [UInt8](signature.dropLast()), signature + [0], [UInt8](signature.prefix(32)),
            [UInt8](repeating: 0, count: 64),
        ] {
            #expect(refusal(signed + Base64URL.encode(other)) == .signature)
        }
    }

    @Test func `is refused once its role is edited`() {
        let parts = forge.token().split(separator: ".")
        let edited = part(object(with("role", #""admin""#, in: Forge.claims)))
        #expect(refusal("\(parts[0]).\(edited).\(parts[2])") == .signature)
    }

    @Test func `is refused once any byte of it is another`() {
        let token = Array(forge.token().utf8)
        // Every byte once or more, each time another one of those that may stand in a token, or not.
        let others = Array("AZaz09-_.=+/ \"{%\u{0}\u{7f}".utf8)
        for place in token.indices {
            for other in [others[place % others.count], token[place] ^ 1, token[place] ^ 0x20]
            where other != token[place] {
                var edited = token
                edited[place] = other
                #expect(refusal(String(decoding: edited, as: UTF8.self)) != nil, "byte \(place)")
            }
        }
    }

    @Test func `is refused once it is cut anywhere`() {
        let token = forge.token()
        for count in 0..<token.utf8.count {
            #expect(refusal(String(token.prefix(count))) != nil)
        }
    }

    @Test func `for an upload says more, and is no token for access`() throws {
        let keys = SigningKeys(at: Forge.now)
        let set = keys.publicSet(issuer: "urn:uuid:1", at: Forge.now)
        var claims = try forge.verifier.verify(forge.token(), at: Forge.now)
        claims.extra["size"] = .integer(10_485_760)
        claims.extra["content_type"] = .string("image/webp")
        let token = keys.sign(claims, type: .upload)
        let uploads = TokenVerifier(
            keys: set, issuer: "urn:uuid:1", audience: "barback", type: .upload)
        #expect(try uploads.verify(token, at: Forge.now) == claims)
        let access = TokenVerifier(
            keys: set, issuer: "urn:uuid:1", audience: "barback", type: .access)
        #expect(
            reason { () throws(TokenError) in _ = try access.verify(token, at: Forge.now) }
                == .type)
    }
}
