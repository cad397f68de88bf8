import HTTP
import Testing

@Suite("An address") struct AddressTests {
    @Test(
        arguments: [
            ("0.0.0.0", 0, 0xFFFF_0000_0000), ("192.0.2.1", 0, 0xFFFF_C000_0201),
            ("255.255.255.255", 0, 0xFFFF_FFFF_FFFF), ("::", 0, 0), ("::1", 0, 1),
            ("1::", 0x1_0000_0000_0000, 0),
            ("2001:db8::8:800:200c:417a", 0x2001_0DB8_0000_0000, 0x8_0800_200C_417A),
            ("1:2:3:4:5:6:7:8", 0x1_0002_0003_0004, 0x5_0006_0007_0008),
            ("1:2:3:4:5:6:7::", 0x1_0002_0003_0004, 0x5_0006_0007_0000),
            ("::2:3:4:5:6:7:8", 0x2_0003_0004, 0x5_0006_0007_0008),
            ("::FFFF:192.0.2.1", 0, 0xFFFF_C000_0201),
            ("64:ff9b::192.0.2.33", 0x64_FF9B_0000_0000, 0xC000_0221),
            ("fe80::ABCD", 0xFE80_0000_0000_0000, 0xABCD),
        ] as [(String, UInt64, UInt64)])
    func `is read`(text: String, network: UInt64, host: UInt64) {
        #expect(Address(text) == Address(network: network, host: host))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.-4", "+1.2.3.4",
        "1.2.3.4 ",
        "1.2..4", "0x7f.0.0.1", "127.1", "1.2.3.4:80", "[::1]", "::1%lo", ":", ":::", "1:2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", ":1::2", "1::2:",
        "12345::",
        "g::", "::-1", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", "1::2:3:4:5:6:7:8",
        "localhost", "١.2.3.4",
    ])
    func `is nothing else`(text: String) {
        #expect(Address(text) == nil)
    }

    @Test func `knows whether it is this machine's own`() throws {
        for text in ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"] {
            #expect(try #require(Address(text)).isLoopback)
        }
        for text in ["128.0.0.1", "126.0.0.1", "::2", "0.0.0.0", "::", "1::1", "::127.0.0.1"] {
            #expect(try !#require(Address(text)).isLoopback)
        }
    }
}
