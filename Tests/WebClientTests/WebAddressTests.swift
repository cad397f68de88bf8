import Testing
import WebClient

@Suite("An address of the web") struct WebAddressTests {
    @Test(arguments: [
        ("https://id.example.org/realms/bar", false), ("https://id.example.org:8443/?a=b", false),
        ("https://127.0.0.1/", true), ("http://127.0.0.1:8080/keys", true),
        ("http://localhost:1/", true), ("http://[::1]:1/", true), ("http://127.255.0.1/", true),
    ])
    func `is asked, and known where it is this machine`(text: String, isLoopback: Bool) throws {
        #expect(try #require(WebAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "id.example.org", "http://id.example.org/", "http://192.168.0.1/", "http://128.0.0.1/",
        "http://127.0.0.1.example.org/", "http://localhost.example.org/", "http://0.0.0.0/",
        "file:///etc/passwd", "ftp://id.example.org/", "gopher://127.0.0.1/", "javascript:alert(1)",
        "https://user@id.example.org/", "https://user:word@id.example.org/",
        "http://127.0.0.1@id.example.org/", "https://id.example.org/#keys", "https://",
        "https:// id.example.org/", "https://id.example.org/\r\nHost: a", "https://id.exämple.org/",
        "https://id.example.org/" + String(repeating: "a", count: 2_000),
    ])
    func `is refused where it is no address for keys`(text: String) {
        #expect(WebAddress(text) == nil)
    }
}
