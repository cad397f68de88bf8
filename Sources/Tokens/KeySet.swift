public import Crypto
internal import JSON

/// An issuer's public keys: a JWK set with one member more, `issuer`. Source: RFC 7517, section 5
///
///     {"issuer": "urn:uuid:...", "keys": [
///       {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "...", "x": "...", "y": "..."}]}
///
/// Keys for other uses, of other kinds and without a `kid` are passed over. A set with an unsound key that it
/// offers for our use, or with one `kid` twice, is refused whole.
public struct KeySet: Equatable, Sendable {
    public enum Key: Hashable, Sendable {
        case p256(P256PublicKey)
        /// Only identity providers elsewhere have these.
        case rsa(RSAPublicKey)
    }

    struct Entry: Equatable, Sendable {
        let id: String
        let key: Key
    }

    public let issuer: String
    let entries: [Entry]

    static let mostKeys = 64
    static let mostBytes = 262_144
    private static let mostBytesOfID = 256

    init(issuer: String, entries: [Entry]) {
        self.issuer = issuer
        self.entries = entries
    }

    /// Reads a set that names its issuer; nil for anything else.
    public init?(json: [UInt8]) {
        guard json.count <= Self.mostBytes, let set = try? JSONValue(parsing: json).object,
            let issuer = set["issuer"]?.string
        else { return nil }
        self.init(set, issuer: issuer)
    }

    /// Reads the set of an identity provider elsewhere, which does not name its issuer; nil for anything else.
    public init?(json: [UInt8], issuer: String) {
        guard json.count <= Self.mostBytes, let set = try? JSONValue(parsing: json).object else {
            return nil
        }
        self.init(set, issuer: issuer)
    }

    private init?(_ set: JSONObject, issuer: String) {
        guard !issuer.isEmpty, let keys = set["keys"]?.array, keys.count <= Self.mostKeys else {
            return nil
        }
        var entries: [Entry] = []
        for key in keys {
            guard let key = key.object else { return nil }
            guard let id = key["kid"]?.string, !id.isEmpty, isForSignatures(key),
                let algorithm = algorithm(of: key)
            else { continue }
            guard id.utf8.count <= Self.mostBytesOfID, !entries.contains(where: { $0.id == id }),
                let sound = Key(key, algorithm)
            else { return nil }
            entries.append(Entry(id: id, key: sound))
        }
        self.init(issuer: issuer, entries: entries)
    }

    /// The key under an id; nil when it is not (or no longer) in the set.
    public subscript(_ id: String) -> Key? { entries.first { isSame($0.id, id) }?.key }

    public var isEmpty: Bool { entries.isEmpty }

    /// The written form.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("issuer", issuer)
            write(to: &json)
        }
        return json.bytes
    }

    /// Writes the member `keys` into an object.
    func write(to json: inout JSONWriter) {
        json.name("keys")
        json.array { json in
            for entry in entries {
                json.object { json in
                    json.member("kid", entry.id)
                    json.member("use", "sig")
                    json.member("alg", entry.key.algorithm)
                    entry.key.write(to: &json)
                }
            }
        }
    }
}

extension KeySet.Key {
    /// The one way in which this kind of key signs.
    var algorithm: String {
        switch self {
        case .p256: "ES256"
        case .rsa: "RS256"
        }
    }

    func isValid(signature: [UInt8], over message: [UInt8]) -> Bool {
        switch self {
        case .p256(let key): key.isValid(signature: signature, over: message)
        case .rsa(let key): key.isValidRS256(signature: signature, over: message)
        }
    }

    /// Nil where the members are not those of a sound key.
    fileprivate init?(_ members: JSONObject, _ algorithm: String) {
        func bytes(_ name: String) -> [UInt8]? {
            members[name]?.string.flatMap { Base64URL.decode($0) }
        }
        if algorithm == "ES256" {
            guard let x = bytes("x"), let y = bytes("y"), let key = P256PublicKey(x: x, y: y)
            else { return nil }
            self = .p256(key)
        } else {
            guard let modulus = bytes("n"), let exponent = bytes("e"),
                let key = RSAPublicKey(modulus: modulus, exponent: exponent)
            else { return nil }
            self = .rsa(key)
        }
    }

    /// The members that say which key it is.
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .p256(let key): key.writeMembers(to: &json)
        case .rsa(let key):
            json.member("e", Base64URL.encode(key.exponent))
            json.member("kty", "RSA")
            json.member("n", Base64URL.encode(key.modulus))
        }
    }
}

extension P256PublicKey {
    /// In the order, and with the members, that a thumbprint is taken over.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("crv", "P-256")
        json.member("kty", "EC")
        json.member("x", Base64URL.encode(x))
        json.member("y", Base64URL.encode(y))
    }

    /// The key's id: its thumbprint. Source: RFC 7638
    var thumbprint: String {
        var json = JSONWriter()
        json.object { json in writeMembers(to: &json) }
        return Base64URL.encode(SHA256().digest(of: json.bytes).bytes)
    }
}

/// Whether a key is not meant for something else.
private func isForSignatures(_ key: JSONObject) -> Bool {
    if let use = key["use"], use != .string("sig") { return false }
    if let operations = key["key_ops"] {
        return operations.array?.contains(.string("verify")) ?? false
    }
    return true
}

/// How the key signs where we know that; nil for other kinds and curves.
private func algorithm(of key: JSONObject) -> String? {
    let own: String
    switch key["kty"] {
    case .string("EC"):
        guard key["crv"] == .string("P-256") else { return nil }
        own = "ES256"
    case .string("RSA"): own = "RS256"
    default: return nil
    }
    if let named = key["alg"], named != .string(own) { return nil }
    return own
}

/// Whether two texts have the same bytes: Swift's own comparison takes a Kelvin sign for a K.
func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
