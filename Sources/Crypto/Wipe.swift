internal import CCrypto

/// Overwrites a secret that is no longer needed, which no optimizer leaves out.
///
/// Only where the array is its sole owner: of a shared one the copy made now would be wiped.
public func wipe(_ secret: inout [UInt8]) {
    secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
}
