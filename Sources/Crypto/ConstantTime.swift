internal import CCrypto

/// Whether two secrets are the same, in a time that does not tell how many bytes of them are.
///
/// The lengths are no secret: different ones are told apart at once.
public func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}
