import Testing

@testable import Front
@testable import HTTP

private func origin(_ text: String) throws -> WebOrigin { try #require(WebOrigin(text)) }

@Suite("An origin") struct WebOriginTests {
    @Test(arguments: [
        ("https://bar.example.org", "https://bar.example.org"),
        ("HTTPS://Bar.Example.org/", "https://bar.example.org"),
        ("http://192.168.1.7:8080", "http://192.168.1.7:8080"),
        ("http://[2001:DB8::1]:81", "http://[2001:db8::1]:81"),
        ("https://bar:443", "https://bar"), ("http://bar:80", "http://bar"),
        ("http://bar:443", "http://bar:443"),
    ])
    func `is written as browsers write it`(text: String, written: String) {
        #expect(WebOrigin(text)?.description == written)
    }

    @Test(arguments: [
        "", "*", "null", "bar.example.org", "//bar", "ftp://bar", "http://", "http://bar/menu",
        "http://bar//",
        "http://a@bar", "http://bar?x", "http://bar#x", "http://bar:", "http://bar:0",
        "http://bar:65536",
        "http://bar:+80", "http://::1", "http://[::1", "http://[bar]", "http://b ar",
        "http://*.example.org",
        "http://bär",
    ])
    func `is nothing with more or less in it`(text: String) {
        #expect(WebOrigin(text) == nil)
    }
}

@Suite("The Host header") struct HostCheckTests {
    private let check = HostCheck(
        base: WebOrigin(isSecure: true, host: "bar.example.org", port: 443), machine: "Shaker")

    @Test(arguments: [
        "bar.example.org", "BAR.example.org:8080", "bar.example.org.", "localhost", "localhost:1",
        "127.0.0.1:8080",
        "192.168.1.7", "[::1]", "[2001:db8::1]:8080", "shaker", "shaker.local", "SHAKER.local:8080",
    ])
    func `may be a name of ours or any address`(header: String) {
        #expect(check.accepts(header))
    }

    @Test(arguments: [
        "", "evil.example", "bar.example.org.evil.example", "xbar.example.org",
        "localhost.evil.example",
        "127.0.0.1.evil.example", "shaker.evil.example", "0x7f.1", "2130706433", "127.1", "[::1",
        "[evil]",
        "localhost:x", "localhost:80:80", "a@localhost", "local host", "127.0.0.1, evil.example",
    ])
    func `is nobody else's`(header: String) {
        #expect(!check.accepts(header))
    }

    @Test func `may be missing, as in HTTP/1.0`() {
        #expect(check.accepts(nil))
    }

    @Test func `may be the first part of a machine's long name`() {
        let check = HostCheck(
            base: WebOrigin(isSecure: false, host: "192.168.1.7", port: 8080), machine: "shaker.lan"
        )
        for name in ["shaker.lan", "shaker", "shaker.local"] { #expect(check.accepts(name)) }
        #expect(!check.accepts("lan"))
    }
}

@Suite("Pages of other servers") struct OriginsTests {
    private func origins() throws -> Origins { Origins([try origin("https://menu.example:8443")]) }

    @Test func `are let in by name only`() throws {
        let headers = try origins().headers(for: "https://menu.example:8443")
        #expect(
            headers.contains { $0 == ("Access-Control-Allow-Origin", "https://menu.example:8443") })
        #expect(headers.contains { $0 == ("Vary", "Origin") })
        #expect(
            headers.contains {
                $0.0 == "Access-Control-Expose-Headers" && $0.1.contains("Barback-Position")
            })
    }

    @Test(arguments: [
        nil, "", "null", "*", "https://menu.example", "http://menu.example:8443",
        "https://menu.example:8443.evil",
        "https://MENU.example:8443",
    ])
    func `are told nothing where nobody named them`(other: String?) throws {
        let headers = try origins().headers(for: other)
        #expect(headers.map(\.0) == ["Vary"])
        #expect(try origins().preflight(origin: other, requested: "POST", allow: "POST") == nil)
    }

    @Test func `are nobody's where the list is empty`() {
        #expect(Origins([]).headers(for: "https://menu.example").isEmpty)
        #expect(
            Origins([]).preflight(origin: "https://menu.example", requested: "GET", allow: "GET")
                == nil)
    }

    @Test func `are told before they send what they may send`() throws {
        let answer = try #require(
            try origins().preflight(
                origin: "https://menu.example:8443", requested: "POST", allow: "GET, HEAD, POST"))
        #expect(answer.status == 204)
        let text = String(decoding: answer.closingBytes(), as: UTF8.self)
        #expect(text.contains("Access-Control-Allow-Methods: GET, HEAD, POST\r\n"))
        // It comes with the headers of every answer, and must not come twice.
        #expect(!text.contains("Access-Control-Allow-Origin"))
        for name in [
            "X-Api-Key", "Authorization", "Content-Type", "Idempotency-Key", "If-Match",
            "Barback-After",
            "X-Registration-Code", "Last-Event-ID",
        ] { #expect(text.contains(name)) }
        #expect(!text.contains("Allow-Credentials"))
    }

    @Test func `need not ask where they ask for nothing`() throws {
        let question = try origins().preflight(
            origin: "https://menu.example:8443", requested: nil, allow: "GET, HEAD")
        #expect(question == nil)
    }
}
