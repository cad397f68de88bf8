import Crypto
import Domain
import JSON
import Tokens

/// Makes tokens that a bar would never make, under a key that it knows.
struct Forge {
    static let now = Time(microseconds: 1_790_000_000_000_000)

    let key = P256PrivateKey()

    /// The set that holds the key, under the id `k1`.
    var keys: KeySet {
        let x = Base64URL.encode(key.publicKey.x)
        let y = Base64URL.encode(key.publicKey.y)
        let text = """
            {"issuer": "urn:uuid:1", "keys": [{"kty": "EC", "crv": "P-256", "kid": "k1", "x": "\(x)", "y": "\(y)"}]}
            """
        guard let keys = KeySet(json: Array(text.utf8)) else {
            preconditionFailure("the set of the tests is one")
        }
        return keys
    }

    var verifier: TokenVerifier {
        TokenVerifier(keys: keys, issuer: "urn:uuid:1", audience: "barback", type: .access)
    }

    static let header: [(String, String)] = [
        ("alg", #""ES256""#), ("kid", #""k1""#), ("typ", #""at+jwt""#),
    ]

    static let claims: [(String, String)] = [
        ("iss", #""urn:uuid:1""#), ("aud", #""barback""#), ("sub", #""018f""#),
        ("role", #""guest""#), ("sid", #""s1""#), ("jti", #""j1""#), ("name", #""Ana""#),
        ("iat", "1789999990"), ("nbf", "1789999990"), ("exp", "1790000010"),
    ]

    /// A token of these members, each a name and its JSON, signed as it stands.
    func token(_ header: [(String, String)], _ claims: [(String, String)]) -> String {
        token(object(header), object(claims))
    }

    func token(_ header: String, _ payload: String) -> String {
        let signed = part(header) + "." + part(payload)
        return signed + "." + Base64URL.encode(key.sign(Array(signed.utf8)))
    }

    func token() -> String { token(Self.header, Self.claims) }
}

func part(_ json: String) -> String { Base64URL.encode(Array(json.utf8)) }

func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
}

/// The members with one of another value; without it for nil, and with a new one at the end.
func with(
    _ name: String, _ value: String?, in members: [(String, String)]
) -> [(String, String)] {
    guard members.contains(where: { $0.0 == name }) else {
        return members + (value.map { [(name, $0)] } ?? [])
    }
    return members.compactMap { member in
        member.0 != name ? member : value.map { (name, $0) }
    }
}

func reason(_ body: () throws(TokenError) -> Void) -> TokenError? {
    do throws(TokenError) {
        try body()
        return nil
    } catch {
        return error
    }
}
