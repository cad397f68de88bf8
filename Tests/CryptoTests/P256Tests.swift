import Crypto
import Testing

@Suite("A key of P-256") struct P256Tests {
    /// RFC 6979, appendix A.2.5.
    private let x = hex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6")
    private let y = hex("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299")

    @Test(arguments: [
        (
            "sample",
            """
            EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
            F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
            """
        ),
        (
            "test",
            """
            F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
            019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083
            """
        ),
    ])
    func `knows the published signatures`(message: String, signature: String) throws {
        let key = try #require(P256PublicKey(x: x, y: y))
        #expect(key.isValid(signature: hex(signature), over: bytes(message)))
        #expect(!key.isValid(signature: hex(signature), over: bytes(message + "!")))
    }

    @Test func `is refused where its point is not on the curve`() {
        for place in 0..<32 {
            var edited = x
            edited[place] ^= 1
            // About every second x has points, but not this y.
            #expect(P256PublicKey(x: edited, y: y) == nil)
        }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(P256PublicKey(x: zero, y: zero) == nil)
        let most = [UInt8](repeating: 0xff, count: 32)
        #expect(P256PublicKey(x: most, y: most) == nil)
        #expect(P256PublicKey(x: [0] + x, y: y) == nil)
        #expect(P256PublicKey(x: x, y: [UInt8](y.dropLast())) == nil)
        #expect(P256PublicKey(x: [], y: []) == nil)
    }

    @Test func `signs what its public half knows`() {
        let key = P256PrivateKey()
        for count in [0, 1, 200, 70_000] {
            let message = [UInt8](repeating: 0x62, count: count)
            let signature = key.sign(message)
            #expect(signature.count == 64)
            #expect(key.publicKey.isValid(signature: signature, over: message))
            #expect(!P256PrivateKey().publicKey.isValid(signature: signature, over: message))
        }
    }

    @Test func `refuses a signature once any bit of it is another`() {
        let key = P256PrivateKey()
        let signature = key.sign(bytes("a token"))
        for bit in 0..<512 {
            var edited = signature
            edited[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.isValid(signature: edited, over: bytes("a token")))
        }
    }

    @Test func `refuses a signature of another length, or of nothing`() {
        let key = P256PrivateKey()
        let signature = key.sign(bytes("a token"))
        for edited in [
            [], signature + [0], [0] + signature, [UInt8](signature.dropLast()),
            [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xff, count: 64),
        ] {
            #expect(!key.publicKey.isValid(signature: edited, over: bytes("a token")))
        }
    }

    @Test func `is the same once written and read`() throws {
        let key = P256PrivateKey()
        let again = try #require(P256PrivateKey(pkcs8: key.pkcs8))
        #expect(again.publicKey == key.publicKey)
        #expect(again.pkcs8 == key.pkcs8)
        #expect(key.publicKey.isValid(signature: again.sign([1]), over: [1]))
    }

    @Test func `is not read from anything else`() {
        let written = P256PrivateKey().pkcs8
        #expect(P256PrivateKey(pkcs8: []) == nil)
        #expect(P256PrivateKey(pkcs8: written + [0]) == nil)
        for count in 0..<written.count {
            #expect(P256PrivateKey(pkcs8: [UInt8](written.prefix(count))) == nil)
        }
        // The last bytes are the public half, which belongs to this private half only.
        var edited = written
        edited[edited.count - 1] ^= 1
        #expect(P256PrivateKey(pkcs8: edited) == nil)
    }

    /// On the curve P-384, and of Ed25519.
    @Test(arguments: [
        """
        3081b6020100301006072a8648ce3d020106052b8104002204819e30819b020101043027068110e5
        457aaaf90af10b85ed11323dff937b3e448444baa44264cf39257d0887980e90d595372f971b7d47
        23c2d2a16403620004c10020f335d3be741549a7b7d10b9e537879ac3ff71a438a6b8afd80416b2d
        48584d9757589b6efd9fe20a01ae25c6d1e6900454c5f68bc5a1dcdb2f0a01c13cda74d6ae4f5e78
        bf5a120ff4e498e7b49d4a0122896bbb508a1b5e4f94d0156c
        """,
        "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    ])
    func `is not read from a key of another kind`(written: String) {
        #expect(P256PrivateKey(pkcs8: hex(written)) == nil)
    }
}
