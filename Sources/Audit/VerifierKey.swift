internal import Crypto
internal import Domain
internal import EventStore

/// The public half of the key that signs a log's checkpoints: `barback/LOG-ID+HASH+BASE64`.
///
/// Source: https://c2sp.org/signed-note
public struct VerifierKey: Equatable, Sendable {
    public let logID: String
    /// 32 bytes, Ed25519.
    public let publicKey: [UInt8]

    /// Nil unless the parts are there and fit each other.
    public init?(_ text: String) {
        let line = text.filter { !$0.isWhitespace }
        // Base64 has plus signs of its own, so only the first two separate.
        let parts = line.split(separator: "+", maxSplits: 2).map(String.init)
        guard parts.count == 3, parts[0].hasPrefix("barback/"),
            let id = UUID(String(parts[0].dropFirst("barback/".count))),
            let bytes = Base64.decode(parts[2]), bytes.count == 33, bytes[0] == 1
        else { return nil }
        let publicKey = Array(bytes[1...])
        let whole = SignedCheckpoint.verifierKey(
            logID: id, publicKey: publicKey, hashingWith: SHA256())
        guard whole == line else { return nil }
        logID = id.description
        self.publicKey = publicKey
    }
}
