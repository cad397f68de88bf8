import HTTP
import Testing

@testable import Front

@Suite("A network") struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.6", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false),
        ("::/0", "2001:db8::1", true), ("fd00::/8", "fdff::1", true),
        ("fd00::/8", "fe00::1", false),
        ("2001:db8::/33", "2001:db8:7fff::", true), ("2001:db8::/33", "2001:db8:8000::", false),
        ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::", true),
        ("2001:db8:0:1::/64", "2001:db8::", false),
        ("2001:db8::8000/113", "2001:db8::8001", true),
        ("2001:db8::8000/113", "2001:db8::1", false),
        ("::1/128", "::1", true), ("::1", "::2", false), ("192.0.2.128/25", "192.0.2.127", false),
    ])
    func `holds its addresses and no others`(network: String, address: String, holds: Bool) throws {
        #expect(try #require(Network(network)).contains(#require(Address(address))) == holds)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
        "::/129", "10.0.0.7/8",
        "2001:db8::1/64", "10.0.0.0/255.0.0.0", "10.0.0/8", "all", "10.0.0.0/٨",
    ])
    func `is nothing that is written in another way`(text: String) {
        #expect(Network(text) == nil)
    }
}

@Suite("A client") struct ClientTests {
    private func client(
        _ peer: String, _ lines: [String] = [], proto: String..., isTLS: Bool = false,
        trusting: [String] = []
    ) throws -> Client {
        Client(
            peer: try #require(Address(peer)), isTLS: isTLS, forwardedFor: lines,
            forwardedProto: proto,
            trusting: try trusting.map { try #require(Network($0)) })
    }

    @Test func `is the peer where nobody trusts a proxy, whatever headers say`() throws {
        let client = try client("127.0.0.1", ["203.0.113.9"], proto: "https")
        #expect(client.address == Address("127.0.0.1"))
        #expect(!client.isSecure)
        let other = try self.client(
            "203.0.113.9", ["127.0.0.1"], proto: "https", trusting: ["10.0.0.0/8"])
        #expect(other.address == Address("203.0.113.9"))
        #expect(!other.isSecure)
    }

    @Test(arguments: [
        (["203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["127.0.0.1,203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        // A proxy that adds a line of its own in place of an item.
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["nonsense, 203.0.113.9 , 10.0.0.2\t"], "203.0.113.9"),
        (["2001:db8::7"], "2001:db8::7"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        // Nobody can be read out of these: the proxy itself counts.
        ([], "10.0.0.1"), ([""], "10.0.0.1"), (["203.0.113.9, nonsense"], "10.0.0.1"),
        (["203.0.113.9,"], "10.0.0.1"), (["203.0.113.9:80"], "10.0.0.1"), (["unknown"], "10.0.0.1"),
        (["203.0.113.9", ""], "10.0.0.1"),
    ])
    func `is the last that a trusted proxy saw and that is none itself`(
        lines: [String], text: String
    ) throws {
        #expect(try client("10.0.0.1", lines, trusting: ["10.0.0.0/8"]).address == Address(text))
    }

    @Test(arguments: [
        ("https", true), ("HTTPS", true), ("http, https", true), ("https, http", false),
        ("http", false), ("", false),
    ])
    func `is secure where the trusted proxy says so`(proto: String, isSecure: Bool) throws {
        #expect(try client("::1", proto: proto, trusting: ["::1"]).isSecure == isSecure)
    }

    @Test func `is secure by TLS of our own, and not by that of a proxy's line to us`() throws {
        #expect(try client("203.0.113.9", isTLS: true).isSecure)
        #expect(
            try !client("10.0.0.1", proto: "http", isTLS: true, trusting: ["10.0.0.0/8"]).isSecure)
    }
}
