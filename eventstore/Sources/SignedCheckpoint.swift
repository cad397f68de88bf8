public import Crypto
public import Domain

/// A tree head that the bar has signed: "these were all my events then".
///
///     barback/LOG-ID                          origin
///     SIZE                                    number of events, decimal
///     ROOT                                    base64
///     (empty line)
///     — barback/LOG-ID BASE64                 4 bytes key hash, 64 bytes Ed25519 signature
///
/// Source: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note
public struct SignedCheckpoint: Equatable, Sendable {
    public let origin: String
    public let size: Int64
    public let root: Digest
    public let note: String

    /// Signs a tree head.
    public init(_ head: Head, hashingWith hash: SHA256, key: SigningKey) {
        origin = Self.origin(of: head.logID)
        size = head.position.number
        root = head.frontier.root(hashingWith: hash)
        let text = "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n"
        let id = Self.keyID(origin: origin, publicKey: key.publicKey, hashingWith: hash)
        let signature = Base64.encode(id + key.sign(Array(text.utf8)))
        note = "\(text)\n\u{2014} \(origin) \(signature)\n"
    }

    /// Reads a note and checks its signature; nil where either is wrong.
    public init?(note: String, hashingWith hash: SHA256, publicKey: [UInt8]) {
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, lines[3].isEmpty, lines[5].isEmpty, let size = Int64(lines[1]),
            let rootBytes = Base64.decode(String(lines[2])), let root = Digest(bytes: rootBytes)
        else { return nil }
        let origin = String(lines[0])
        let prefix = "\u{2014} \(origin) "
        guard lines[4].hasPrefix(prefix),
            let signature = Base64.decode(String(lines[4].dropFirst(prefix.count))),
            signature.count == 68,
            Array(signature[..<4])
                == Self.keyID(origin: origin, publicKey: publicKey, hashingWith: hash),
            isSignature(
                Array(signature[4...]),
                of: Array("\(lines[0])\n\(lines[1])\n\(lines[2])\n".utf8), by: publicKey)
        else { return nil }
        self.origin = origin
        self.size = size
        self.root = root
        self.note = note
    }

    static func origin(of logID: UUID) -> String { "barback/\(logID)" }

    /// The published form of the key: `barback/LOG-ID+HASH+BASE64`.
    public static func verifierKey(
        logID: UUID, publicKey: [UInt8], hashingWith hash: SHA256
    ) -> String {
        let origin = origin(of: logID)
        let id = keyID(origin: origin, publicKey: publicKey, hashingWith: hash)
        let hex = id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(origin)+\(hex)+\(Base64.encode([1] + publicKey))"
    }

    private static func keyID(
        origin: String, publicKey: [UInt8], hashingWith hash: SHA256
    ) -> [UInt8] {
        Array(hash.digest(of: Array(origin.utf8) + [0x0A, 0x01] + publicKey).bytes[..<4])
    }
}
