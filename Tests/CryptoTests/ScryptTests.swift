import Testing

@testable import Crypto

@Suite("A password's hash") struct ScryptTests {
    /// RFC 7914, section 12; the last of its examples needs a gigabyte.
    @Test func `is the published one`() {
        #expect(
            Scrypt.derive(
                bytes(""), bytes(""), cost: 16, blockSize: 1, parallelism: 1, count: 64)
                == hex(
                    """
                    77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
                    fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
                    """))
        #expect(
            Scrypt.derive(
                bytes("password"), bytes("NaCl"), cost: 1_024, blockSize: 8, parallelism: 16,
                count: 64)
                == hex(
                    """
                    fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
                    2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                    """))
        #expect(
            Scrypt.derive(
                bytes("pleaseletmein"), bytes("SodiumChloride"), cost: 16_384, blockSize: 8,
                parallelism: 1, count: 64)
                == hex(
                    """
                    7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
                    d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
                    """))
    }

    /// By Python's hashlib.scrypt: parameters that changed would lock everybody out.
    @Test func `is always made with the same parameters`() {
        let hash = Scrypt.hash(
            password: bytes("correct horse battery staple"), salt: bytes("0123456789abcdef"))
        #expect(
            hash == hex("0500d7e798ed549c37e61a24c247f12015fd7bf9ed5cf7db799c45221966681b"))
    }
}
