import Glibc
import System
import Testing

@Suite("This machine") struct OwnAddressTests {
    @Test func `is reached at an address that is its own, where there is a way out`() throws {
        // Without a network there is none, and nothing to say about it.
        guard let text = OwnAddress.ofDefaultRoute() else { return }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        #expect(getaddrinfo(text, "0", &hints, &found) == 0)
        defer { freeaddrinfo(found) }
        let place = try #require(found?.pointee)
        let socket = socket(place.ai_family, place.ai_socktype, place.ai_protocol)
        defer { close(socket) }
        // Only one's own address can be listened on.
        #expect(bind(socket, place.ai_addr, place.ai_addrlen) == 0, "\(text)")
    }

    @Test func `has a name`() {
        #expect(!OwnAddress.hostName.isEmpty)
        #expect(OwnAddress.hostName.utf8.allSatisfy { $0 > 0x20 })
    }
}

@Suite("Text made visible") struct VisibleTextTests {
    @Test(arguments: [
        ("María José さくら 🌸", "María José さくら 🌸"), ("a\u{1B}[2Jb", "a\\u001b[2Jb"),
        ("a\nb\r\tc", "a\\nb\\u000d\\u0009c"), ("\u{0}\u{7F}\u{9B}", "\\u0000\\u007f\\u009b"),
        ("\u{202E}evil\u{2066}\u{2028}", "\\u202eevil\\u2066\\u2028"),
    ])
    func `moves nobody's cursor and turns nobody's line`(text: String, shown: String) {
        #expect(escaped(text) == shown)
    }
}
