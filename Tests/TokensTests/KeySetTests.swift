import Crypto
import JSON
import Testing

@testable import Tokens

@Suite("A key set") struct KeySetTests {
    /// RFC 7515, appendix A.3: its key, what is signed, and the signature.
    private let ec = """
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
        """
    private let signed =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc"
        + "19yb290Ijp0cnVlfQ"
    private let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    /// RFC 7515, appendix A.2.
    private let rsa = """
        "kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-\
        4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kp\
        aSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhy\
        xXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
        """

    private func set(_ keys: String...) -> KeySet? {
        let text = keys.map { "{\($0)}" }.joined(separator: ",")
        return KeySet(json: Array(#"{"issuer": "me", "keys": [\#(text)]}"#.utf8))
    }

    @Test func `knows the published signature`() throws {
        let key = try #require(set(#""kid": "a", \#(ec)"#)?["a"])
        let signature = try #require(Base64URL.decode(signature))
        #expect(key.isValid(signature: signature, over: Array(signed.utf8)))
        #expect(!key.isValid(signature: signature, over: Array((signed + "A").utf8)))
    }

    /// RFC 9449, section 6.1: what is confirmed there is the key of its figure 2.
    @Test func `names keys by their thumbprint`() throws {
        let x = try #require(Base64URL.decode("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"))
        let y = try #require(Base64URL.decode("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"))
        let key = try #require(P256PublicKey(x: x, y: y))
        #expect(key.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    }

    @Test func `is the same once written and read`() throws {
        let keys = try #require(set(#""kid": "a", \#(ec)"#, #""kid": "b", \#(rsa)"#))
        #expect(keys.issuer == "me")
        #expect(keys["a"] != nil && keys["b"] != nil && keys["c"] == nil)
        #expect(KeySet(json: keys.json) == keys)
    }

    @Test(arguments: [
        #""kty": "oct", "kid": "a", "k": "AAAA""#, #""kty": "OKP", "kid": "a", "crv": "Ed25519""#,
        #""kty": "EC", "kid": "a", "crv": "P-384", "x": "", "y": """#, #""kid": "a""#,
        #""kty": 1, "kid": "a""#,
    ])
    func `passes over a key of another kind`(key: String) throws {
        let keys = try #require(set(key, #""kid": "b", \#(ec)"#))
        #expect(keys["a"] == nil)
        #expect(keys["b"] != nil)
    }

    @Test(arguments: [
        #""kid": "a", "use": "enc""#, #""kid": "a", "use": 1"#, #""kid": "a", "key_ops": ["sign"]"#,
        #""kid": "a", "key_ops": "verify""#, #""kid": "a", "alg": "RS256""#,
        #""kid": "a", "alg": "ES384""#, #""kid": """#, #""kid": 1"#, #""x5t": "a""#,
    ])
    func `passes over a key for another use`(members: String) throws {
        #expect(try #require(set("\(members), \(ec)")).isEmpty)
    }

    @Test func `takes a key that says what it is for`() throws {
        let use = #""kid": "a", "use": "sig", "alg": "ES256", "key_ops": ["verify"]"#
        #expect(try #require(set("\(use), \(ec)"))["a"] != nil)
    }

    @Test func `is refused whole for a key that is not sound`() {
        let kid = #""kid": "a""#
        #expect(set(#"\#(kid), "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA""#) == nil)
        #expect(set(#"\#(kid), "kty": "EC", "crv": "P-256""#) == nil)
        #expect(set(#"\#(kid), \#(ec.replacing("5a0", with: "5aw"))"#) == nil)
        #expect(set(#"\#(kid), \#(ec.replacing("5a0", with: "5a0="))"#) == nil)
        #expect(set(#"\#(kid), \#(rsa.replacing("AQAB", with: "Aw"))"#) == nil)
        #expect(set(#"\#(kid), "kty": "RSA", "e": "AQAB", "n": "ofgWCuLj""#) == nil)
    }

    @Test func `is refused with one id twice, or too long a one`() {
        #expect(set(#""kid": "a", \#(ec)"#, #""kid": "a", \#(rsa)"#) == nil)
        let long = String(repeating: "a", count: 257)
        #expect(set(#""kid": "\#(long)", \#(ec)"#) == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys": []}"#, #"{"issuer": "", "keys": []}"#,
        #"{"issuer": 1, "keys": []}"#, #"{"issuer": "me"}"#, #"{"issuer": "me", "keys": {}}"#,
        #"{"issuer": "me", "keys": ["a"]}"#, #"{"issuer": "me", "issuer": "me", "keys": []}"#,
    ])
    func `is not read from anything else`(text: String) {
        #expect(KeySet(json: Array(text.utf8)) == nil)
    }

    @Test func `has at most 64 keys and 256 kB`() throws {
        let most = try #require(KeySet(json: many(64)))
        #expect(most.isEmpty)
        #expect(KeySet(json: many(65)) == nil)
        let padding = [UInt8](repeating: 0x20, count: 262_144)
        #expect(KeySet(json: many(1) + padding) == nil)
    }

    private func many(_ count: Int) -> [UInt8] {
        let keys = (1...count).map { #"{"kty": "oct", "kid": "\#($0)"}"# }
        return Array(#"{"issuer": "me", "keys": [\#(keys.joined(separator: ","))]}"#.utf8)
    }

    @Test func `of a provider elsewhere is given its issuer`() throws {
        let json = Array(#"{"keys": [{"kid": "b", \#(rsa)}]}"#.utf8)
        let keys = try #require(KeySet(json: json, issuer: "https://id.example"))
        #expect(keys.issuer == "https://id.example")
        #expect(keys["b"] != nil)
    }
}
