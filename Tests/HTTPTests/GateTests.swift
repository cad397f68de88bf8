import Testing

@testable import HTTP

/// Bytes in, the status that comes back, and whether the connection is closed after it.
struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: String
    let status: Int
    var closes = true
    /// Whether libmicrohttpd answers by itself, before the gate: in HTML, and a wrong Content-Length with its head twice.
    var isLibrarys = false
    var testDescription: String { name }
}

private func get(_ target: String = "/x", _ headers: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n"
}

private func post(_ headers: String, _ body: String = "") -> String {
    "POST /x HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n\(body)"
}

private let many = (0..<60).map { "X-\($0): y\r\n" }.joined()

@Suite("The gate") struct GateTests {
    static let refused: [Row] = [
        Row(
            name: "Content-Length with Transfer-Encoding",
            bytes: post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            status: 400),
        Row(
            name: "Transfer-Encoding with Content-Length",
            bytes: post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
            status: 400),
        Row(
            name: "a repeated Content-Length",
            bytes: post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), status: 400),
        Row(
            name: "two different Content-Lengths",
            bytes: post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), status: 400),
        Row(
            name: "Content-Length: +5", bytes: post("Content-Length: +5\r\n", "hello"), status: 400,
            isLibrarys: true),
        Row(
            name: "Content-Length: -1", bytes: post("Content-Length: -1\r\n"), status: 400,
            isLibrarys: true),
        Row(
            name: "Content-Length: 5, 5", bytes: post("Content-Length: 5, 5\r\n", "hello"),
            status: 400, isLibrarys: true),
        Row(
            name: "Content-Length: 0x5", bytes: post("Content-Length: 0x5\r\n", "hello"),
            status: 400, isLibrarys: true),
        Row(
            name: "an empty Content-Length", bytes: post("Content-Length:\r\n"), status: 400,
            isLibrarys: true),
        Row(
            name: "a Content-Length that overflows",
            bytes: post("Content-Length: 18446744073709551617\r\n", "a"), status: 413,
            isLibrarys: true),
        Row(name: "a repeated Host", bytes: get("/x", "Host: bar\r\n"), status: 400),
        Row(name: "no Host", bytes: "GET /x HTTP/1.1\r\nX: y\r\n\r\n", status: 400),
        Row(name: "no header at all in HTTP/1.1", bytes: "GET /x HTTP/1.1\r\n\r\n", status: 400),
        Row(name: "an empty Host", bytes: "GET /x HTTP/1.1\r\nHost:\r\n\r\n", status: 400),
        Row(
            name: "a Host with a path", bytes: "GET /x HTTP/1.1\r\nHost: bar/x\r\n\r\n", status: 400
        ),
        Row(
            name: "a Host with user information", bytes: "GET /x HTTP/1.1\r\nHost: a@bar\r\n\r\n",
            status: 400),
        Row(
            name: "a Host with a list", bytes: "GET /x HTTP/1.1\r\nHost: bar, baz\r\n\r\n",
            status: 400),
        Row(
            name: "a Host with a port of letters",
            bytes: "GET /x HTTP/1.1\r\nHost: bar:http\r\n\r\n", status: 400),
        Row(name: "an unknown coding", bytes: post("Transfer-Encoding: gzip\r\n"), status: 501),
        Row(
            name: "two codings", bytes: post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
            status: 501),
        Row(
            name: "chunked twice",
            bytes: post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            status: 501),
        Row(
            name: "Transfer-Encoding: identity", bytes: post("Transfer-Encoding: identity\r\n"),
            status: 501),
        Row(
            name: "chunked with a vertical tab",
            bytes: post("Transfer-Encoding: \u{B}chunked\r\n", "0\r\n\r\n"), status: 400),
        Row(
            name: "chunked in HTTP/1.0",
            bytes: "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", status: 400),
        Row(name: "a name that is not a token", bytes: get("/x", "X(y): z\r\n"), status: 400),
        Row(name: "a name with a byte over 0x7F", bytes: get("/x", "Xé: z\r\n"), status: 400),
        Row(name: "an empty name", bytes: get("/x", ": z\r\n"), status: 400),
        Row(name: "a line without a colon", bytes: get("/x", "X\r\n"), status: 400),
        Row(name: "a space before the colon", bytes: get("/x", "X : z\r\n"), status: 400),
        Row(name: "a tab before the colon", bytes: get("/x", "X\t: z\r\n"), status: 400),
        Row(
            name: "a space before the first name", bytes: "GET /x HTTP/1.1\r\n Host: bar\r\n\r\n",
            status: 400),
        Row(
            name: "a control character in a value", bytes: get("/x", "X: a\u{1}b\r\n"), status: 400),
        Row(name: "DEL in a value", bytes: get("/x", "X: a\u{7F}b\r\n"), status: 400),
        Row(name: "a folded header", bytes: get("/x", "X: abc\r\n def\r\nY: z\r\n"), status: 400),
        Row(name: "a folded last header", bytes: get("/x", "X: abc\r\n def\r\n"), status: 400),
        Row(
            name: "a header folded with a tab", bytes: get("/x", "X: abc\r\n\tdef\r\n"), status: 400
        ),
        Row(name: "a folded empty line", bytes: get("/x", "X: abc\r\n \r\n"), status: 400),
        Row(name: "a NUL in a value", bytes: get("/x", "X: a\u{0}b\r\nY: z\r\n"), status: 400),
        Row(name: "a NUL in the last value", bytes: get("/x", "X: a\u{0}b\r\n"), status: 400),
        Row(
            name: "a NUL at the end of the last value", bytes: get("/x", "X: a\u{0}\r\n"),
            status: 400),
        Row(
            name: "two NULs at the end of the last value", bytes: get("/x", "X: a\u{0}\u{0}\r\n"),
            status: 400),
        Row(
            name: "four NULs at the end of the last value",
            bytes: get("/x", "X: a\u{0}\u{0}\u{0}\u{0}\r\n"), status: 400),
        Row(
            name: "a header hidden behind NULs", bytes: get("/x", "X: a\u{0}\u{0}Y\u{0} z\r\n"),
            status: 400),
        Row(name: "a NUL in a name", bytes: get("/x", "X\u{0}: a\r\n"), status: 400),
        Row(name: "a NUL before a value", bytes: get("/x", "X:\u{0}a\r\nY: z\r\n"), status: 400),
        Row(name: "a NUL in the target", bytes: get("/x\u{0}y"), status: 400),
        Row(
            name: "a NUL in the method", bytes: "GE\u{0}T /x HTTP/1.1\r\nHost: bar\r\n\r\n",
            status: 400),
        Row(
            name: "a NUL in the version", bytes: "GET /x HTTP/1.1\u{0}\r\nHost: bar\r\n\r\n",
            status: 400),
        Row(name: "a bare CR in a value", bytes: get("/x", "X: a\rY: b\r\n"), status: 400),
        Row(
            name: "a bare CR as line end", bytes: "GET /x HTTP/1.1\rHost: bar\r\r\n\r\n",
            status: 400),
        Row(
            name: "a bare LF in the head", bytes: "GET /x HTTP/1.1\r\nHost: bar\nX: y\r\n\r\n",
            status: 400),
        Row(
            name: "a bare LF after the request line", bytes: "GET /x HTTP/1.1\nHost: bar\r\n\r\n",
            status: 400),
        Row(name: "bare LFs only", bytes: "GET /x HTTP/1.1\nHost: bar\n\n", status: 400),
        Row(
            name: "a bare LF as the empty line", bytes: "GET /x HTTP/1.1\r\nHost: bar\r\n\n",
            status: 400),
        Row(name: "a bad escape", bytes: get("/a%zz"), status: 400),
        Row(name: "a cut escape", bytes: get("/a%2"), status: 400),
        Row(name: "%00", bytes: get("/a%00b"), status: 400),
        Row(name: "%00 in the query", bytes: get("/a?b=%00"), status: 400),
        Row(name: "a bad escape in the query", bytes: get("/a?b=%4"), status: 400),
        Row(name: "an escape that is not UTF-8", bytes: get("/a%FF"), status: 400),
        Row(name: "an overlong escape", bytes: get("/%C0%AE%C0%AE/x"), status: 400),
        Row(name: "a target with a space", bytes: get("/a b"), status: 400),
        Row(name: "a target with a tab", bytes: get("/a\tb"), status: 400),
        Row(name: "a target with a fragment", bytes: get("/a#b"), status: 400),
        Row(name: "two spaces before the target", bytes: get(" /x"), status: 400),
        Row(
            name: "a space after the version", bytes: "GET /x HTTP/1.1 \r\nHost: bar\r\n\r\n",
            status: 400),
        Row(name: "an absolute target", bytes: get("http://bar/x"), status: 400),
        Row(name: "an asterisk", bytes: "OPTIONS * HTTP/1.1\r\nHost: bar\r\n\r\n", status: 400),
        Row(name: "CONNECT", bytes: "CONNECT bar:80 HTTP/1.1\r\nHost: bar\r\n\r\n", status: 400),
        Row(
            name: "a method that is not a token", bytes: "G(T /x HTTP/1.1\r\nHost: bar\r\n\r\n",
            status: 400),
        Row(name: "HTTP/2.0", bytes: "GET /x HTTP/2.0\r\nHost: bar\r\n\r\n", status: 505),
        Row(name: "HTTP/0.9", bytes: "GET /x\r\n\r\n", status: 400),
        Row(name: "lower case http", bytes: "GET /x http/1.1\r\nHost: bar\r\n\r\n", status: 400),
        Row(name: "no HTTP at all", bytes: "\u{16}\u{3}\u{1}\u{2}hello\r\n\r\n", status: 0),
        Row(
            name: "two Authorization headers",
            bytes: get("/x", "Authorization: a\r\nAuthorization: b\r\n"), status: 400),
        Row(
            name: "a long target", bytes: get("/" + String(repeating: "x", count: 2_048)),
            status: 414),
        Row(
            name: "a very long target", bytes: get("/" + String(repeating: "x", count: 50_000)),
            status: 414),
        Row(
            name: "a large head",
            bytes: get("/x", "X: " + String(repeating: "x", count: 4_096) + "\r\n"), status: 431),
        Row(
            name: "a very large head",
            bytes: get("/x", "X: " + String(repeating: "x", count: 50_000) + "\r\n"), status: 431),
        Row(name: "a body over the limit", bytes: post("Content-Length: 1001\r\n"), status: 413),
        Row(
            name: "a body far over the limit",
            bytes: post("Content-Length: 999999999999999999\r\n"), status: 413),
        Row(
            name: "a refusal before the body",
            bytes: "POST /forbidden HTTP/1.1\r\nHost: bar\r\nContent-Length: 3\r\n\r\n", status: 403
        ),
        Row(
            name: "a refusal before chunks",
            bytes: "POST /forbidden HTTP/1.1\r\nHost: bar\r\nTransfer-Encoding: chunked\r\n\r\n",
            status: 403),
        Row(
            name: "an expected body over the limit",
            bytes: post("Expect: 100-continue\r\nContent-Length: 1001\r\n"), status: 413),
        Row(
            name: "chunks over the limit",
            bytes: post(
                "Transfer-Encoding: chunked\r\n",
                "3e9\r\n" + String(repeating: "x", count: 1_001) + "\r\n"), status: 413),
        Row(
            name: "a chunk size that is no number",
            bytes: post("Transfer-Encoding: chunked\r\n", "xyz\r\n"), status: 400),
        Row(
            name: "a chunk size that overflows",
            bytes: post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), status: 413),
        Row(
            name: "a chunk without its end",
            bytes: post("Transfer-Encoding: chunked\r\n", "3\r\nabcdef\r\n0\r\n\r\n"), status: 400),
    ]

    static let accepted: [Row] = [
        Row(name: "the plainest request", bytes: get(), status: 200, closes: false),
        Row(
            name: "a Host with a port", bytes: "GET /x HTTP/1.1\r\nHost: bar:8080\r\n\r\n",
            status: 200, closes: false),
        Row(
            name: "an IPv6 Host", bytes: "GET /x HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n", status: 200,
            closes: false),
        Row(
            name: "an IPv4 Host", bytes: "GET /x HTTP/1.1\r\nHOST: 192.168.1.7\r\n\r\n",
            status: 200, closes: false),
        Row(
            name: "a value with bytes over 0x7F", bytes: get("/x", "X: piña\r\n"), status: 200,
            closes: false),
        Row(
            name: "a value with a tab", bytes: get("/x", "X: a\tb\r\n"), status: 200, closes: false),
        Row(name: "an empty value", bytes: get("/x", "X:\r\nY: z\r\n"), status: 200, closes: false),
        Row(name: "an empty last value", bytes: get("/x", "X:\r\n"), status: 200, closes: false),
        Row(
            name: "an empty last value after blanks", bytes: get("/x", "X:   \r\n"), status: 200,
            closes: false),
        Row(
            name: "many blanks around a value", bytes: get("/x", "X: \t  y \t \r\n"), status: 200,
            closes: false),
        Row(
            name: "no blank before a value", bytes: get("/x", "X:y\r\n"), status: 200, closes: false
        ),
        Row(name: "sixty headers", bytes: get("/x", many), status: 200, closes: false),
        Row(
            name: "an empty line before the request", bytes: "\r\n" + get(), status: 200,
            closes: false),
        Row(
            name: "a target of 2,048 bytes", bytes: get("/" + String(repeating: "x", count: 2_047)),
            status: 200, closes: false),
        Row(
            name: "a head of nearly 4 KB",
            bytes: get("/x", "X: " + String(repeating: "x", count: 3_900) + "\r\n"), status: 200,
            closes: false),
        Row(
            name: "a body at the limit",
            bytes: post("Content-Length: 1000\r\n", String(repeating: "x", count: 1_000)),
            status: 200, closes: false),
        Row(
            name: "chunks",
            bytes: post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            status: 200, closes: false),
        Row(
            name: "Transfer-Encoding: Chunked",
            bytes: post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), status: 200, closes: false),
        Row(name: "a POST without a body", bytes: post(""), status: 200, closes: false),
        Row(
            name: "a method nobody knows", bytes: "BREW /x HTTP/1.1\r\nHost: bar\r\n\r\n",
            status: 200, closes: false),
        Row(name: "HTTP/1.0 without a Host", bytes: "GET /x HTTP/1.0\r\n\r\n", status: 200),
        Row(
            name: "HTTP/1.0 with keep-alive",
            bytes: "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", status: 200, closes: false),
        Row(name: "Connection: close", bytes: get("/x", "Connection: close\r\n"), status: 200),
        Row(name: "a refusal without a body", bytes: get("/forbidden"), status: 403, closes: false),
        Row(
            name: "a refusal of an empty POST",
            bytes: "POST /forbidden HTTP/1.1\r\nHost: bar\r\n\r\n", status: 403, closes: false),
        Row(
            name: "a query of a thousand items",
            bytes: get("/x?" + String(repeating: "x&", count: 1_000)), status: 200, closes: false),
        Row(name: "dots", bytes: get("/../x"), status: 200, closes: false),
    ]

    @Test(arguments: refused) func refuses(_ row: Row) throws {
        try check(row)
    }

    @Test(arguments: accepted) func accepts(_ row: Row) throws {
        try check(row)
    }

    @Test(arguments: ["Authorization", "X-Api-Key", "Host", "Content-Length"])
    func `names the header that comes twice`(_ name: String) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        let value = name == "Content-Length" ? "1" : "bar"
        let twice = "\(name): \(value)\r\n\(name): \(value)\r\n"
        client.send("GET /x HTTP/1.1\r\n\(name == "Host" ? "" : "Host: bar\r\n")\(twice)\r\n")
        let answer = client.receive()
        #expect(answer.status == 400)
        #expect(answer.text == "There is more than one \(name) header.")
    }

    @Test(arguments: refused + accepted) func `holds under TLS`(_ row: Row) throws {
        try check(row, underTLS: true)
    }

    private func check(_ row: Row, underTLS: Bool = false) throws {
        let server = try TestServer(identity: underTLS ? .ofTests() : nil)
        let client = RawClient(port: server.port, speaksTLS: underTLS)
        client.send(row.bytes)
        let answer = client.receive()
        #expect(answer.status == row.status)
        let forbidden = ["microhttpd", "MHD", "GNU", "Server:"]
        #expect(!forbidden.contains { (answer.head + answer.text).contains($0) })
        if row.closes {
            if row.isLibrarys { client.drain() }
            #expect(client.seesClose())
        } else {
            #expect(client.isAlive())
        }
        // The refusal of one guest is nothing to another.
        #expect(RawClient(port: server.port, speaksTLS: underTLS).isAlive())
    }
}
