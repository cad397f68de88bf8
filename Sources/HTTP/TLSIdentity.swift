import CMicrohttpd

/// A certificate with its chain, and its private key: what a server proves itself with.
public struct TLSIdentity: Sendable {
    /// PEM, ending in a NUL.
    let certificate: [CChar]
    let key: [CChar]

    /// Takes the bytes of two PEM files.
    ///
    /// The certificate comes first in its file, followed by those that vouch for it. The key is not encrypted.
    ///
    /// - Throws: ``HTTPError``, a sentence with GnuTLS's reason, if they cannot be read or do not belong together.
    public init(certificate: [UInt8], key: [UInt8]) throws(HTTPError) {
        if let fault = cmhd_tls_fault(certificate, certificate.count, key, key.count) {
            throw HTTPError(
                "cannot use the TLS certificate and key: \(String(cString: fault)) "
                    + "Give two PEM files that belong together, the key without a password.")
        }
        self.certificate = certificate.map { CChar(bitPattern: $0) } + [0]
        self.key = key.map { CChar(bitPattern: $0) } + [0]
    }
}
