import TestSamples

@testable import HTTP

extension TLSIdentity {
    static func ofTests() throws(HTTPError) -> TLSIdentity {
        try TLSIdentity(
            certificate: Array(TestCertificate.certificate.utf8),
            key: Array(TestCertificate.key.utf8))
    }
}
