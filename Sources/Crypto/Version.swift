internal import CCrypto

/// The OpenSSL library in use, such as `OpenSSL 3.0.17 1 Jul 2025`.
public var cryptoVersion: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
