import Crypto
import Testing

@Suite("Base64url") struct Base64URLTests {
    /// RFC 4648, section 10, without the padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `is the published text`(plain: String, text: String) {
        #expect(Base64URL.encode(bytes(plain)) == text)
        #expect(Base64URL.decode(text) == bytes(plain))
    }

    /// RFC 7515, appendix C.
    @Test func `has an alphabet for addresses`() {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64URL.decode("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test(arguments: [
        "Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9vYh", "+/+/", "Zm 9v", "Zm9v\n", "Zm9v.",
        "Zm9vé",
        "\u{0}AAA",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `has one text for each value`() {
        for count in 0..<20 {
            let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 7) }
            let text = bytes(Base64URL.encode(value))
            #expect(Base64URL.decode(text[...]) == value)
            for place in text.indices {
                for byte in UInt8.min...UInt8.max where byte != text[place] {
                    var edited = text
                    edited[place] = byte
                    #expect(Base64URL.decode(edited[...]) != value)
                }
            }
        }
    }
}

@Suite("A code for people") struct CrockfordBase32Tests {
    /// RFC 4648, section 10, in Crockford's alphabet and without padding.
    @Test(arguments: [
        ("", ""), ("f", "CR"), ("fo", "CSQG"), ("foo", "CSQPY"), ("foob", "CSQPYRG"),
        ("fooba", "CSQPYRK1"), ("foobar", "CSQPYRK1E8"),
    ])
    func `is the published text`(plain: String, text: String) {
        #expect(CrockfordBase32.encode(bytes(plain)) == text)
    }

    @Test func `has no letter that looks like another, or like a word`() {
        let all = CrockfordBase32.encode((UInt8.min...UInt8.max).map { $0 })
        #expect(Set(all) == Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    }
}

@Suite("Chance") struct RandomTests {
    @Test func `gives as many bytes as asked, and others each time`() {
        #expect(Random.bytes(0).isEmpty)
        #expect(Random.bytes(33).count == 33)
        #expect(Random.bytes(32) != Random.bytes(32))
    }
}
