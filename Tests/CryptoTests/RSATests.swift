import Crypto
import Testing

@Suite("A key of RSA") struct RSATests {
    /// RFC 7515, appendix A.2.
    private static let modulus = """
        ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR\
        T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB\
        dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia\
        GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
        """
    private static let signature = """
        cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9\
        uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB\
        _eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq\
        Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw
        """
    private let message = bytes(
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc"
            + "19yb290Ijp0cnVlfQ")
    private let modulus: [UInt8]
    private let signature: [UInt8]
    private let exponent: [UInt8] = [1, 0, 1]

    init() throws {
        modulus = try #require(Base64URL.decode(Self.modulus))
        signature = try #require(Base64URL.decode(Self.signature))
    }

    @Test func `knows the published signature`() throws {
        let key = try #require(RSAPublicKey(modulus: modulus, exponent: exponent))
        #expect(key.isValidRS256(signature: signature, over: message))
        #expect(!key.isValidRS256(signature: signature, over: message + [0]))
    }

    @Test func `refuses a signature that is edited, or of another length`() throws {
        let key = try #require(RSAPublicKey(modulus: modulus, exponent: exponent))
        for place in signature.indices {
            var edited = signature
            edited[place] ^= 1
            #expect(!key.isValidRS256(signature: edited, over: message))
        }
        for edited in [[], [0] + signature, signature + [0], [UInt8](signature.dropLast())] {
            #expect(!key.isValidRS256(signature: edited, over: message))
        }
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var modulus = [UInt8](repeating: 0xff, count: 256)
        var exponent: [UInt8] = [1, 0, 1]
    }

    static let faults: [Fault] = [
        Fault(testDescription: "short", modulus: [UInt8](repeating: 0xff, count: 255)),
        Fault(testDescription: "long", modulus: [UInt8](repeating: 0xff, count: 1_025)),
        Fault(testDescription: "even", modulus: [UInt8](repeating: 0xfe, count: 256)),
        Fault(testDescription: "padded", modulus: [0] + [UInt8](repeating: 0xff, count: 256)),
        Fault(testDescription: "nothing", modulus: []),
        Fault(testDescription: "of no exponent", exponent: []),
        Fault(testDescription: "of exponent 1", exponent: [1]),
        Fault(testDescription: "of exponent 3", exponent: [3]),
        Fault(testDescription: "of an even exponent", exponent: [1, 0, 0]),
        Fault(testDescription: "of a padded exponent", exponent: [0, 1, 0, 1]),
        Fault(testDescription: "of a huge exponent", exponent: [UInt8](repeating: 0xff, count: 9)),
    ]

    @Test(arguments: faults)
    func `is refused where it is`(_ fault: Fault) {
        #expect(RSAPublicKey(modulus: fault.modulus, exponent: fault.exponent) == nil)
    }
}
