internal import CCrypto

/// HMAC with SHA-256 under one key, for many messages. Source: RFC 2104
///
/// The key is hashed in once, and each message begins with a copy of that.
/// @unchecked: the keyed context is never changed after `init`; messages are hashed in copies of it.
public final class HMACSHA256: @unchecked Sendable {
    private let keyed: OpaquePointer

    /// - Precondition: the key has at least one byte.
    public init(key: [UInt8]) {
        precondition(!key.isEmpty, "an empty key keeps nothing secret")
        let algorithm = EVP_MAC_fetch(nil, "HMAC", nil)
        // The context holds on to it.
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else {
            preconditionFailure("OpenSSL has no HMAC")
        }
        keyed = context
        precondition(crypto_hmac_sha256_start(context, key, key.count) == 1, "HMAC did not start")
    }

    deinit { EVP_MAC_CTX_free(keyed) }

    /// The 32-byte authentication code of a message.
    public func code(over message: [UInt8]) -> [UInt8] {
        let context = EVP_MAC_CTX_dup(keyed)
        defer { EVP_MAC_CTX_free(context) }
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        precondition(
            EVP_MAC_update(context, message, message.count) == 1
                && EVP_MAC_final(context, &code, &count, code.count) == 1 && count == 32,
            "HMAC failed")
        return code
    }
}
