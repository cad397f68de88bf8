import Crypto
import Testing

/// A token that has one thing wrong.
struct BadToken: CustomTestStringConvertible, Sendable {
    let name: String
    /// `elsewhere` is an address on this machine where somebody listens.
    let make: @Sendable (_ forge: Forge, _ elsewhere: String) throws -> String

    init(_ name: String, _ make: @escaping @Sendable (Forge, String) throws -> String) {
        self.name = name
        self.make = make
    }

    var testDescription: String { name }

    static let all = algorithms + keys + strangers + times + claims + broken

    /// A head with such a token is too long for the gate already.
    static let tooLong = BadToken("more than is read") { forge, _ in
        let more = (4_200 - forge.original.utf8.count) * 3 / 4
        return try forge.make(claims: ["jti": .text(String(repeating: "j", count: more))])
    }

    private static let algorithms = [
        BadToken("alg none") { forge, _ in
            try forge.make(header: ["alg": .text("none")], .none)
        },
        BadToken("alg None") { forge, _ in
            try forge.make(header: ["alg": .text("None")], .none)
        },
        BadToken("alg none over a good signature") { forge, _ in
            try forge.make(header: ["alg": .text("none")])
        },
        BadToken("no alg") { forge, _ in try forge.make(header: ["alg": .left]) },
        BadToken("HS256 under the published key") { forge, _ in
            try forge.make(header: ["alg": .text("HS256")], .publishedKey)
        },
        BadToken("HS256 under the public point") { forge, _ in
            try forge.make(header: ["alg": .text("HS256")], .publicPoint)
        },
        BadToken("RS256") { forge, _ in try forge.make(header: ["alg": .text("RS256")]) },
        BadToken("ES384") { forge, _ in try forge.make(header: ["alg": .text("ES384")]) },
    ]

    private static let keys = [
        BadToken("an unknown kid") { forge, _ in
            try forge.make(header: ["kid": .text("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")])
        },
        BadToken("no kid") { forge, _ in try forge.make(header: ["kid": .left]) },
        BadToken("an empty kid") { forge, _ in try forge.make(header: ["kid": .text("")]) },
        BadToken("a kid that is a number") { forge, _ in
            try forge.make(header: ["kid": .number(1)])
        },
        BadToken("a kid that is a path") { forge, _ in
            try forge.make(header: ["kid": .text("../../keys/token.json")])
        },
        BadToken("a kid that is a device") { forge, _ in
            try forge.make(header: ["kid": .text("/dev/null")], .none)
        },
        BadToken("a kid that is SQL") { forge, _ in
            try forge.make(header: ["kid": .text("' UNION SELECT 'secret' -- ")])
        },
        BadToken("a kid that is a command") { forge, _ in
            try forge.make(header: ["kid": .text("key | touch /tmp/owned")])
        },
        BadToken("a kid with a zero in it") { forge, _ in
            try forge.make(header: ["kid": .text("key\u{0}")])
        },
        BadToken("a kid of a kilobyte") { forge, _ in
            try forge.make(header: ["kid": .text(String(repeating: "k", count: 1_024))])
        },
        BadToken("jku") { forge, elsewhere in
            try forge.make(header: ["jku": .text(elsewhere + "/jwks.json")])
        },
        BadToken("jku and a key from there") { forge, elsewhere in
            try forge.make(
                header: ["jku": .text(elsewhere + "/jwks.json"), "kid": .text("theirs")],
                .strangers)
        },
        BadToken("x5u") { forge, elsewhere in
            try forge.make(header: ["x5u": .text(elsewhere + "/cert.pem")])
        },
        BadToken("a kid that is an address") { forge, elsewhere in
            try forge.make(header: ["kid": .text(elsewhere + "/key")], .strangers)
        },
        BadToken("jwk") { forge, _ in
            let theirs = P256PrivateKey().publicKey
            return try forge.make(
                header: [
                    "jwk": .key([
                        "kty": "EC", "crv": "P-256", "x": Base64URL.encode(theirs.x),
                        "y": Base64URL.encode(theirs.y),
                    ])
                ], .strangers)
        },
        BadToken("x5c") { forge, _ in try forge.make(header: ["x5c": .texts(["MIIB"])]) },
        BadToken("crit") { forge, _ in try forge.make(header: ["crit": .texts(["exp"])]) },
        BadToken("typ JWT") { forge, _ in try forge.make(header: ["typ": .text("JWT")]) },
        BadToken("no typ") { forge, _ in try forge.make(header: ["typ": .left]) },
        BadToken("the type of an upload") { forge, _ in
            try forge.make(header: ["typ": .text("upload+jwt")])
        },
    ]

    private static let strangers = [
        BadToken("a stranger's signature") { forge, _ in try forge.make(.strangers) },
        BadToken("no signature") { forge, _ in try forge.make(.none) },
        BadToken("a signature of zeros") { forge, _ in
            try forge.make(.bytes([UInt8](repeating: 0, count: 64)))
        },
        BadToken("an edited role") { forge, _ in
            let role = forge.claim("role").string == "guest" ? "admin" : "auditor"
            return try forge.make(claims: ["role": .text(role)], .kept)
        },
        BadToken("an edited end") { forge, _ in
            try forge.make(claims: ["exp": .number(4_000_000_000)], .kept)
        },
    ]

    private static let times = [
        BadToken("expired") { forge, _ in
            let began = forge.claim("iat").int ?? 0
            return try forge.make(claims: ["exp": .number(began - 1)])
        },
        BadToken("not valid yet") { forge, _ in
            let began = forge.claim("iat").int ?? 0
            return try forge.make(claims: ["nbf": .number(began + 3_600)])
        },
        BadToken("no exp") { forge, _ in try forge.make(claims: ["exp": .left]) },
        BadToken("an exp in words") { forge, _ in
            try forge.make(claims: ["exp": .text("4000000000")])
        },
        BadToken("an exp beyond all times") { forge, _ in
            try forge.make(claims: ["exp": .number(.max)])
        },
        BadToken("no nbf") { forge, _ in try forge.make(claims: ["nbf": .left]) },
    ]

    private static let claims = [
        BadToken("another bar's iss") { forge, _ in
            try forge.make(
                claims: ["iss": .text("urn:uuid:01a20aba-d8ad-75a8-a8ee-d798a15e24d2")])
        },
        BadToken("no iss") { forge, _ in try forge.make(claims: ["iss": .left]) },
        BadToken("another's aud") { forge, _ in
            try forge.make(claims: ["aud": .text("somebody")])
        },
        BadToken("an aud that only begins well") { forge, _ in
            try forge.make(claims: ["aud": .text("barback2")])
        },
        BadToken("no aud") { forge, _ in try forge.make(claims: ["aud": .left]) },
        BadToken("no sub") { forge, _ in try forge.make(claims: ["sub": .left]) },
        BadToken("no sid") { forge, _ in try forge.make(claims: ["sid": .left]) },
        BadToken("an empty sid") { forge, _ in try forge.make(claims: ["sid": .text("")]) },
        BadToken("no role") { forge, _ in try forge.make(claims: ["role": .left]) },
    ]

    private static let broken = [
        BadToken("a signature that is cut") { forge, _ in String(forge.original.dropLast()) },
        BadToken("half a signature") { forge, _ in String(forge.original.dropLast(43)) },
        BadToken("a part too few") { forge, _ in
            forge.original.split(separator: ".").prefix(2).joined(separator: ".")
        },
        BadToken("a part too many") { forge, _ in forge.original + ".e30" },
        BadToken("padding") { forge, _ in forge.original + "==" },
        BadToken("another letter") { forge, _ in
            let last = forge.original.last == "A" ? "Q" : "A"
            return String(forge.original.dropLast(4)) + "AAA" + last
        },
        BadToken("no token at all") { _, _ in "x" },
    ]
}
