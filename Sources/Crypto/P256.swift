internal import CCrypto

/// A public key of ECDSA on the curve P-256, with SHA-256: what JOSE calls ES256.
public struct P256PublicKey: Sendable, Hashable {
    /// The point's coordinates, 32 bytes each, big-endian.
    public let x: [UInt8]
    public let y: [UInt8]
    private let handle: KeyHandle

    /// Nil unless both have 32 bytes and name a point of the curve.
    public init?(x: [UInt8], y: [UInt8]) {
        guard x.count == 32, y.count == 32,
            let handle = KeyHandle(owning: crypto_p256_public_key([4] + x + y)),
            handle.hasSoundPublicKey
        else { return nil }
        self.x = x
        self.y = y
        self.handle = handle
    }

    /// Whether the signature (r ‖ s, 32 bytes each) over the message is by the holder of the private key.
    public func isValid(signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let encoded = encodedSignature(signature) else { return false }
        return handle.isValid(signature: encoded, over: message)
    }

    public static func == (one: P256PublicKey, other: P256PublicKey) -> Bool {
        one.x == other.x && one.y == other.y
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(x) }
}

/// A private key of ECDSA on the curve P-256.
public struct P256PrivateKey: Sendable {
    public let publicKey: P256PublicKey
    private let handle: KeyHandle

    /// A fresh key.
    public init() {
        guard let handle = KeyHandle(owning: crypto_p256_generate()), let key = Self(handle) else {
            preconditionFailure("OpenSSL made no key of P-256")
        }
        self = key
    }

    /// Reads PKCS #8 in DER, unencrypted; nil for anything else, another curve, or halves that do not fit.
    /// Source: RFC 5958
    public init?(pkcs8: [UInt8]) {
        let handle = pkcs8.withUnsafeBufferPointer { buffer -> KeyHandle? in
            var place = buffer.baseAddress
            let info = d2i_PKCS8_PRIV_KEY_INFO(nil, &place, buffer.count)
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            guard let info, place == buffer.baseAddress.map({ $0 + buffer.count }) else {
                return nil
            }
            return KeyHandle(owning: EVP_PKCS82PKEY(info))
        }
        guard let handle, handle.isSoundPair, let key = Self(handle) else { return nil }
        self = key
    }

    private init?(_ handle: KeyHandle) {
        var group = [CChar](repeating: 0, count: 32)
        var point = [UInt8](repeating: 0, count: 65)
        var count = 0
        // The key gives its point in the form it was made with; the other form is another 32 bytes.
        guard EVP_PKEY_get_group_name(handle.key, &group, group.count, nil) == 1,
            String(decoding: group.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
                == "prime256v1",
            EVP_PKEY_get_octet_string_param(
                handle.key, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1,
            count == 65, point[0] == 4,
            let publicKey = P256PublicKey(x: Array(point[1...32]), y: Array(point[33...64]))
        else { return nil }
        self.publicKey = publicKey
        self.handle = handle
    }

    /// The secret in the written form that ``init(pkcs8:)`` reads.
    public var pkcs8: [UInt8] {
        let info = EVP_PKEY2PKCS8(handle.key)
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        let count = i2d_PKCS8_PRIV_KEY_INFO(info, nil)
        precondition(count > 0, "OpenSSL did not write a key of its own")
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var place = buffer.baseAddress
            _ = i2d_PKCS8_PRIV_KEY_INFO(info, &place)
        }
        return bytes
    }

    /// The signature over the message: r ‖ s, 64 bytes, another one each time.
    public func sign(_ message: [UInt8]) -> [UInt8] { rawSignature(handle.sign(message)) }
}

/// r ‖ s in the DER form that OpenSSL reads; nil unless there are 64 bytes.
private func encodedSignature(_ raw: [UInt8]) -> [UInt8]? {
    guard raw.count == 64, let signature = ECDSA_SIG_new() else { return nil }
    defer { ECDSA_SIG_free(signature) }
    let r = BN_bin2bn(raw, 32, nil)
    let s = Array(raw[32...]).withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, 32, nil) }
    // From here on the signature owns both.
    guard ECDSA_SIG_set0(signature, r, s) == 1 else {
        BN_free(r)
        BN_free(s)
        return nil
    }
    // Two integers of at most 33 bytes with their heads.
    var encoded = [UInt8](repeating: 0, count: 72)
    let count = encoded.withUnsafeMutableBufferPointer { buffer in
        var place = buffer.baseAddress
        return i2d_ECDSA_SIG(signature, &place)
    }
    return count > 0 ? Array(encoded.prefix(Int(count))) : nil
}

/// r ‖ s of a signature that OpenSSL made.
private func rawSignature(_ encoded: [UInt8]) -> [UInt8] {
    let signature = encoded.withUnsafeBufferPointer { buffer in
        var place = buffer.baseAddress
        return d2i_ECDSA_SIG(nil, &place, buffer.count)
    }
    defer { ECDSA_SIG_free(signature) }
    var r = [UInt8](repeating: 0, count: 32)
    var s = [UInt8](repeating: 0, count: 32)
    precondition(
        signature != nil
            && BN_bn2binpad(ECDSA_SIG_get0_r(signature), &r, 32) == 32
            && BN_bn2binpad(ECDSA_SIG_get0_s(signature), &s, 32) == 32,
        "OpenSSL did not read a signature of its own")
    return r + s
}
