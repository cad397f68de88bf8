internal import CCrypto

/// AES-256 in Galois/Counter Mode under one key: what was sealed cannot be read or changed without it.
///
/// Sealed bytes, 28 longer than the plain ones: nonce (12, random) ‖ ciphertext ‖ tag (16).
/// A random nonce is safe for 2^32 messages under one key. Source: NIST SP 800-38D, section 8.3
public struct AES256GCM: Sendable {
    private let key: [UInt8]

    private static let nonceCount = 12
    private static let tagCount = 16

    /// - Precondition: the key has 32 bytes.
    public init(key: [UInt8]) {
        precondition(key.count == 32, "a key of AES-256 has 32 bytes, not \(key.count)")
        self.key = key
    }

    /// Seals a message; `context` is not kept with it, and opening needs the same.
    public func seal(_ plain: [UInt8], authenticating context: [UInt8]) -> [UInt8] {
        seal(plain, authenticating: context, nonce: Random.bytes(Self.nonceCount))
    }

    /// With a nonce of the caller's, which must never come twice: for published examples only.
    func seal(_ plain: [UInt8], authenticating context: [UInt8], nonce: [UInt8]) -> [UInt8] {
        let cipher = Cipher()
        var text = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: Self.tagCount)
        var count: Int32 = 0
        precondition(
            EVP_EncryptInit_ex2(cipher.context, cipher.algorithm, key, nonce, nil) == 1
                && EVP_EncryptUpdate(cipher.context, nil, &count, context, Int32(context.count))
                    == 1
                && EVP_EncryptUpdate(cipher.context, &text, &count, plain, Int32(plain.count)) == 1
                // GCM writes nothing at the end.
                && EVP_EncryptFinal_ex(cipher.context, &tag, &count) == 1
                && EVP_CIPHER_CTX_ctrl(
                    cipher.context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1,
            "AES-256-GCM failed")
        return nonce + text + tag
    }

    /// The message, or nil where key, context or any byte is not that of the sealing.
    public func open(_ sealed: [UInt8], authenticating context: [UInt8]) -> [UInt8]? {
        let plainCount = sealed.count - Self.nonceCount - Self.tagCount
        guard plainCount >= 0 else { return nil }
        let nonce = [UInt8](sealed.prefix(Self.nonceCount))
        let text = [UInt8](sealed[Self.nonceCount...].prefix(plainCount))
        var tag = [UInt8](sealed.suffix(Self.tagCount))
        var plain = [UInt8](repeating: 0, count: plainCount)
        let cipher = Cipher()
        var count: Int32 = 0
        guard
            EVP_DecryptInit_ex2(cipher.context, cipher.algorithm, key, nonce, nil) == 1,
            EVP_DecryptUpdate(cipher.context, nil, &count, context, Int32(context.count)) == 1,
            EVP_DecryptUpdate(cipher.context, &plain, &count, text, Int32(text.count)) == 1,
            EVP_CIPHER_CTX_ctrl(
                cipher.context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1,
            EVP_DecryptFinal_ex(cipher.context, &tag, &count) == 1
        else { return nil }
        return plain
    }
}

/// What one sealing or opening needs of OpenSSL.
private final class Cipher {
    let algorithm: OpaquePointer
    let context: OpaquePointer

    init() {
        guard let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil),
            let context = EVP_CIPHER_CTX_new()
        else { preconditionFailure("OpenSSL has no AES-256-GCM") }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
        EVP_CIPHER_free(algorithm)
    }
}
