internal import CCrypto

/// An Ed25519 key that signs.
///
/// The seed is the secret: 32 bytes.
public struct SigningKey: Sendable {
    public let seed: [UInt8]
    public let publicKey: [UInt8]

    /// A fresh key.
    public init() {
        self.init(seed: Random.bytes(32))
    }

    /// - Precondition: the seed has 32 bytes.
    public init(seed: [UInt8]) {
        precondition(seed.count == 32, "an Ed25519 seed has 32 bytes, not \(seed.count)")
        self.seed = seed
        let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, 32)
        defer { EVP_PKEY_free(key) }
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = 32
        precondition(
            EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, "OpenSSL has no Ed25519")
        publicKey = bytes
    }

    /// Reads the written form, ``text``; nil for anything else.
    public init?(_ text: String) {
        guard let seed = Base64.decode(text), seed.count == 32 else { return nil }
        self.init(seed: seed)
    }

    /// The seed in base64, as a key file holds it.
    public var text: String { Base64.encode(seed) }

    /// The 64-byte signature. Source: RFC 8032
    public func sign(_ message: [UInt8]) -> [UInt8] {
        let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, 32)
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = 64
        precondition(
            EVP_DigestSignInit(context, nil, nil, nil, key) == 1
                && EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            "Ed25519 did not sign")
        return signature
    }
}

/// Whether the signature is by the holder of the public key (32 bytes).
public func isSignature(
    _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
) -> Bool {
    guard publicKey.count == 32, signature.count == 64,
        let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, 32)
    else { return false }
    let context = EVP_MD_CTX_new()
    defer {
        EVP_MD_CTX_free(context)
        EVP_PKEY_free(key)
    }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
        && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
}
