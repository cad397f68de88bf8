internal import CCrypto

/// A key of OpenSSL's, freed with its last user.
///
/// @unchecked: OpenSSL locks what it caches in a key, and no parameter of one is set after it was made.
final class KeyHandle: @unchecked Sendable {
    let key: OpaquePointer

    /// Takes over a key; nil where there is none.
    init?(owning key: OpaquePointer?) {
        guard let key else { return nil }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Whether a signature in OpenSSL's own form over the SHA-256 of a message is by this key.
    func isValid(signature: [UInt8], over message: [UInt8]) -> Bool {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// OpenSSL's own form of a signature over the SHA-256 of a message.
    func sign(_ message: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = signature.count
        precondition(
            EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, key, nil) == 1
                && EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            "the key did not sign")
        return [UInt8](signature.prefix(count))
    }

    /// Whether OpenSSL finds nothing wrong with the public half: for a curve, that the point is a point of it.
    var hasSoundPublicKey: Bool {
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }

    /// Whether both halves are sound, and belong together.
    var isSoundPair: Bool {
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_check(context) == 1
    }
}
