import Testing

@testable import Crypto

@Suite("A sealed message") struct AES256GCMTests {
    /// Cases 13 to 16 of McGrew and Viega's "The Galois/Counter Mode of Operation", as submitted to NIST.
    @Test(arguments: [
        (
            "0000000000000000000000000000000000000000000000000000000000000000", "", "",
            "000000000000000000000000", "", "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "00000000000000000000000000000000", "", "000000000000000000000000",
            "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
            1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
            """, "", "cafebabefacedbaddecaf888",
            """
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
            8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
            """, "b094dac5d93471bdec1a502270e3cc6c"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
            1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
            """, "feedfacedeadbeeffeedfacedeadbeefabaddad2", "cafebabefacedbaddecaf888",
            """
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
            8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
            """, "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func `is the published one`(
        key: String, plain: String, context: String, nonce: String, text: String, tag: String
    ) {
        let cipher = AES256GCM(key: hex(key))
        let sealed = cipher.seal(
            hex(plain), authenticating: hex(context), nonce: hex(nonce))
        #expect(sealed == hex(nonce) + hex(text) + hex(tag))
        #expect(cipher.open(sealed, authenticating: hex(context)) == hex(plain))
    }

    private let cipher = AES256GCM(key: [UInt8](repeating: 7, count: 32))

    @Test(arguments: [0, 1, 15, 16, 17, 1_000])
    func `opens to what it was`(count: Int) {
        let plain = [UInt8](repeating: 0x61, count: count)
        let sealed = cipher.seal(plain, authenticating: bytes("guest"))
        #expect(sealed.count == count + 28)
        #expect(cipher.open(sealed, authenticating: bytes("guest")) == plain)
    }

    @Test func `is another one each time`() {
        #expect(cipher.seal([1], authenticating: []) != cipher.seal([1], authenticating: []))
    }

    @Test func `does not open once any byte of it is another`() {
        let sealed = cipher.seal(bytes("Ana"), authenticating: bytes("guest"))
        for place in sealed.indices {
            var edited = sealed
            edited[place] ^= 1
            #expect(cipher.open(edited, authenticating: bytes("guest")) == nil, "byte \(place)")
        }
    }

    @Test func `does not open in another context, under another key, or cut`() {
        let sealed = cipher.seal(bytes("Ana"), authenticating: bytes("guest"))
        #expect(cipher.open(sealed, authenticating: bytes("order")) == nil)
        let other = AES256GCM(key: [UInt8](repeating: 8, count: 32))
        #expect(other.open(sealed, authenticating: bytes("guest")) == nil)
        for count in 0..<sealed.count {
            #expect(
                cipher.open([UInt8](sealed.prefix(count)), authenticating: bytes("guest")) == nil)
        }
    }
}
