internal import CCrypto

/// A public key of RSA, only to check signatures of identity providers elsewhere.
public struct RSAPublicKey: Sendable, Hashable {
    /// Big-endian, without leading zeros.
    public let modulus: [UInt8]
    public let exponent: [UInt8]
    private let handle: KeyHandle

    /// Nil unless the modulus is an odd number of 2048...8192 bits and the exponent an odd one of 65,537...2^64,
    /// both without leading zeros.
    ///
    /// Smaller exponents are what forgeries of careless checks live on, and longer keys only cost time.
    public init?(modulus: [UInt8], exponent: [UInt8]) {
        guard let first = modulus.first, first != 0, let last = modulus.last, last & 1 == 1,
            (2048...8192).contains(modulus.count * 8 - first.leadingZeroBitCount),
            let lead = exponent.first, lead != 0, exponent.count <= 8,
            let end = exponent.last, end & 1 == 1,
            exponent.reduce(UInt64(0), { $0 << 8 | UInt64($1) }) >= 65_537,
            let handle = KeyHandle(
                owning: crypto_rsa_public_key(
                    modulus, Int32(modulus.count), exponent, Int32(exponent.count)))
        else { return nil }
        self.modulus = modulus
        self.exponent = exponent
        self.handle = handle
    }

    /// Whether the PKCS #1 v1.5 signature over the SHA-256 of the message is by the holder of the private key.
    ///
    /// It must be exactly as long as the modulus. Source: RFC 8017, section 8.2.2
    public func isValidRS256(signature: [UInt8], over message: [UInt8]) -> Bool {
        signature.count == modulus.count && handle.isValid(signature: signature, over: message)
    }

    public static func == (one: RSAPublicKey, other: RSAPublicKey) -> Bool {
        one.modulus == other.modulus && one.exponent == other.exponent
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(modulus) }
}
