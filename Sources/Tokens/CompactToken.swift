internal import Crypto
internal import JSON

/// A token taken apart: `BASE64URL(header).BASE64URL(payload).BASE64URL(signature)`. Source: RFC 7515, section 7.1
///
/// Nothing of it is to be believed until its signature was checked.
struct CompactToken {
    /// A header with a token of ours has some 700 bytes; nobody hashes or parses much for a stranger.
    static let mostBytes = 4_096

    let header: JSONObject
    /// What was signed: the first two parts with their dot.
    let signed: [UInt8]
    let payload: [UInt8]
    let signature: [UInt8]

    init(_ token: String) throws(TokenError) {
        guard token.utf8.count <= Self.mostBytes else { throw .tooLong }
        let bytes = Array(token.utf8)
        let parts = bytes.split(
            separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        guard let head = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .notBase64URL }
        guard let value = try? JSONValue(parsing: head), let header = value.object else {
            throw .headerIsNoObject
        }
        guard Self.forbidden.allSatisfy({ header[$0] == nil }) else { throw .forbiddenHeader }
        self.header = header
        self.signed = Array(bytes[..<parts[1].endIndex])
        self.payload = payload
        self.signature = signature
    }

    /// What would name a key to fetch or bring one along, and what would have to be understood.
    /// Source: RFC 8725, sections 3.1 and 3.10
    private static let forbidden = ["crit", "jku", "jwk", "x5u", "x5c"]

    /// The key that the token says it is signed by, if it is one of the set.
    func key(in keys: KeySet) throws(TokenError) -> KeySet.Key {
        guard let id = header["kid"]?.string, let key = keys[id] else { throw .unknownKey }
        return key
    }

    /// Refuses another signature than the key's own kind makes, and one that is not good.
    func check(by key: KeySet.Key) throws(TokenError) {
        guard header["alg"] == .string(key.algorithm) else { throw .algorithm }
        guard key.isValid(signature: signature, over: signed) else { throw .signature }
    }
}
