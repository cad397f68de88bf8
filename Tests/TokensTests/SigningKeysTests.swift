import Domain
import JSON
import Testing
import Tokens

@Suite("The signing keys") struct SigningKeysTests {
    private let start = Forge.now
    private let claims = Claims(
        issuer: "urn:uuid:1", audience: "barback", subject: "018f", role: "guest", session: "s1",
        id: "j1", name: "Ana \u{202e}\"é", issuedAt: 1_790_000_000, notBefore: 1_790_000_000,
        expires: 1_790_014_400)

    private func after(_ seconds: Int64) -> Time {
        Time(microseconds: start.microseconds + seconds * 1_000_000)
    }

    private func refusal(_ token: String, by keys: SigningKeys, at now: Time) -> TokenError? {
        let verifier = TokenVerifier(
            keys: keys.publicSet(issuer: "urn:uuid:1", at: now), issuer: "urn:uuid:1",
            audience: "barback", type: .access)
        return reason { () throws(TokenError) in
            #expect(try verifier.verify(token, at: now) == claims)
        }
    }

    @Test func `sign what their public set verifies`() {
        let keys = SigningKeys(at: start)
        #expect(refusal(keys.sign(claims, type: .access), by: keys, at: start) == nil)
        let others = SigningKeys(at: start)
        #expect(
            refusal(keys.sign(claims, type: .access), by: others, at: start) == .unknownKey)
    }

    @Test func `are the same once written and read`() throws {
        var keys = SigningKeys(at: start)
        let old = keys.sign(claims, type: .access)
        keys.rotate(at: after(10))
        let again = try #require(SigningKeys(json: keys.json))
        #expect(again.json == keys.json)
        #expect(again.made == after(10))
        #expect(refusal(old, by: again, at: after(20)) == nil)
        #expect(refusal(again.sign(claims, type: .access), by: keys, at: after(20)) == nil)
    }

    @Test func `know tokens of a retired key until the longest has ended`() {
        var keys = SigningKeys(at: start)
        let old = keys.sign(claims, type: .access)
        keys.rotate(at: start)
        let new = keys.sign(claims, type: .access)
        for (seconds, known) in [(0, 2), (14_459, 2), (14_460, 1)] {
            let set = keys.publicSet(issuer: "urn:uuid:1", at: after(Int64(seconds)))
            #expect(count(set.json) == known, "after \(seconds) s")
        }
        #expect(refusal(old, by: keys, at: after(14_399)) == nil)
        #expect(refusal(new, by: keys, at: after(14_399)) == nil)
        #expect(refusal(old, by: keys, at: after(14_400)) == .expired)
        #expect(refusal(old, by: keys, at: after(14_460)) == .unknownKey)
    }

    @Test func `forget a key once nothing can be under it`() {
        var keys = SigningKeys(at: start)
        keys.rotate(at: after(1))
        keys.rotate(at: after(2))
        #expect(count(keys.json) == 3)
        keys.rotate(at: after(20_000))
        #expect(count(keys.json) == 2)
    }

    @Test func `stay few enough to be read, however often they are rotated`() {
        var keys = SigningKeys(at: start)
        for _ in 0..<100 { keys.rotate(at: start) }
        #expect(SigningKeys(json: keys.json) != nil)
        #expect(KeySet(json: keys.publicSet(issuer: "urn:uuid:1", at: start).json) != nil)
    }

    @Test func `publish nothing secret`() {
        let keys = SigningKeys(at: start)
        let text = String(
            decoding: keys.publicSet(issuer: "urn:uuid:1", at: start).json, as: UTF8.self)
        #expect(!text.contains(#""d""#) && !text.contains("pkcs8"))
        #expect(text.hasPrefix(#"{"issuer":"urn:uuid:1","keys":[{"kid":""#))
    }

    @Test func `are not read from anything else`() throws {
        let text = String(decoding: SigningKeys(at: start).json, as: UTF8.self)
        for other in [
            "", "{}", #"{"keys":[]}"#, text.replacing("null", with: "1790000000"),
            text.replacing("null", with: "true"), text.replacing("null", with: "-1"),
            text.replacing("pkcs8\":\"", with: "pkcs8\":\"AAAA"),
            text.replacing("1790000000", with: "\"then\""), text + "}",
        ] {
            #expect(SigningKeys(json: Array(other.utf8)) == nil, "\(other)")
        }
        // Two that are not retired: which of them signs, nobody can say.
        let item = try #require(text.firstRange(of: #"[{"#)).upperBound
        let inner = text[item...].prefix { $0 != "]" }
        #expect(SigningKeys(json: Array("{\"keys\":[{\(inner),{\(inner)]}".utf8)) == nil)
        #expect(SigningKeys(json: Array("{\"keys\":[{\(inner)]}".utf8)) != nil)
    }

    private func count(_ json: [UInt8]) -> Int? {
        (try? JSONValue(parsing: json))?.object?["keys"]?.array?.count
    }
}
