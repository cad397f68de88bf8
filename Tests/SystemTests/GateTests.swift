import Testing

/// Bytes to send and what must come back for them.
struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    /// 0 where the connection is ended without an answer.
    let status: Int
    /// The code in the answer; nil where libmicrohttpd may be the one to word it.
    var code: String?
    var closes: Bool

    var testDescription: String { name }

    init(
        _ name: String, _ bytes: String, _ status: Int, _ code: String? = nil, closes: Bool = true
    ) {
        self.init(name, Array(bytes.utf8), status, code, closes: closes)
    }

    init(
        _ name: String, _ bytes: [UInt8], _ status: Int, _ code: String? = nil, closes: Bool = true
    ) {
        self.name = name
        self.bytes = bytes
        self.status = status
        self.code = code
        self.closes = closes
    }
}

// What stands in braces is put in when the bar is there.
private func get(_ target: String, _ headers: String = "", host: String = "localhost") -> String {
    "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nX-Api-Key: {key}\r\n\(headers)\r\n"
}

private func post(_ headers: String, _ body: String = "") -> String {
    "POST /orders HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\n"
        + "Authorization: Bearer {guest}\r\nContent-Type: application/json\r\n\(headers)\r\n\(body)"
}

private func post(json: [UInt8]) -> [UInt8] {
    Array(post("Content-Length: \(json.count)\r\n").utf8) + json
}

private func signed(_ bytes: [UInt8], at bar: Bar) throws -> [UInt8] {
    bytes.replacing(Array("{key}".utf8), with: Array(try bar.door.key().utf8))
        .replacing(Array("{guest}".utf8), with: Array(try bar.door.guest("Ana").utf8))
}

private let malformed = "malformed_request"
private let chunked = "Transfer-Encoding: chunked\r\n"
private let end = "0\r\n\r\n"
private let brackets = String(repeating: "[", count: 30_000)

extension WholeBar {
    /// The room's own tests know more rows; these show that the real server has the gate before it.
    @Suite("The gate of a running bar", .serialized, .openBar) struct BarGateTests {
        static let unclear: [Row] = [
            Row(
                "a length with chunks", post("Content-Length: 5\r\n" + chunked, end), 400, malformed
            ),
            Row(
                "chunks with a length", post(chunked + "Content-Length: 5\r\n", end), 400, malformed
            ),
            Row("a length twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400),
            Row("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400),
            Row("a length of +2", post("Content-Length: +2\r\n", "{}"), 400),
            Row("a length of -1", post("Content-Length: -1\r\n"), 400),
            Row("a length of 0x2", post("Content-Length: 0x2\r\n", "{}"), 400),
            Row("a length of 2, 2", post("Content-Length: 2, 2\r\n", "{}"), 400),
            Row(
                "a length over 64 bits", post("Content-Length: 18446744073709551617\r\n", "{"), 413),
            Row("two Hosts", get("/drinks", "Host: localhost\r\n"), 400, malformed),
            Row("no Host", "GET /drinks HTTP/1.1\r\nX: y\r\n\r\n", 400),
            Row("an empty Host", get("/drinks", host: ""), 400),
            Row(
                "gzip as transfer coding", post("Transfer-Encoding: gzip\r\n"), 501,
                "unknown_transfer_coding"),
            Row("two codings", post("Transfer-Encoding: gzip, chunked\r\n", end), 501),
            Row("chunked twice", post(chunked + chunked, end), 501),
            Row("a name with a bracket", get("/drinks", "X(y): z\r\n"), 400, malformed),
            Row("a name with a byte over 0x7F", get("/drinks", "Xé: z\r\n"), 400, malformed),
            Row("a name with a blank behind it", get("/drinks", "X : z\r\n"), 400),
            Row("a line without a colon", get("/drinks", "X\r\n"), 400),
            Row("a control character", get("/drinks", "X: a\u{1}b\r\n"), 400, malformed),
            Row("DEL", get("/drinks", "X: a\u{7F}b\r\n"), 400, malformed),
            Row("a folded line", get("/drinks", "X: abc\r\n def\r\nY: z\r\n"), 400),
            Row("a folded last line", get("/drinks", "X: abc\r\n\tdef\r\n"), 400),
            Row("a NUL in a value", get("/drinks", "X: a\u{0}b\r\nY: z\r\n"), 400, malformed),
            Row("a NUL in the last value", get("/drinks", "X: a\u{0}b\r\n"), 400),
            Row("a NUL in a name", get("/drinks", "X\u{0}: a\r\n"), 400),
            Row("a NUL in the target", get("/drinks\u{0}x"), 400),
            Row("a bare LF", "GET /drinks HTTP/1.1\nHost: localhost\n\n", 400),
            Row("a bare CR", get("/drinks", "X: a\rY: b\r\n"), 400),
            Row("%zz", get("/drinks/%zz"), 400, malformed),
            Row("a cut escape", get("/drinks/%2"), 400, malformed),
            Row("%00", get("/drinks/a%00b"), 400, malformed),
            Row("an escape that is not UTF-8", get("/drinks/%FF"), 400, malformed),
            Row("an overlong escape", get("/%C0%AE%C0%AE/log.db"), 400, malformed),
            Row("a bad escape in the query", get("/drinks?q=%4"), 400, malformed),
            Row("a blank in the target", get("/drinks /x"), 400),
            Row("an absolute target", get("http://localhost/drinks"), 400),
            Row(
                "a method that is not a token", "G(T /drinks HTTP/1.1\r\nHost: localhost\r\n\r\n",
                400),
            Row("HTTP/2.0", "GET /drinks HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
            Row("no HTTP at all", "\u{16}\u{3}\u{1}\u{2}hello\r\n\r\n", 0),
        ]

        static let tooLarge: [Row] = [
            Row(
                "a target", get("/" + String(repeating: "x", count: 2_048)), 414, "target_too_long"),
            Row(
                "a large head",
                get("/drinks", "X: " + String(repeating: "x", count: 8_192) + "\r\n"), 431),
            Row(
                "a very large head",
                get("/drinks", "X: " + String(repeating: "x", count: 50_000) + "\r\n"), 431),
            Row("a body by its length", post("Content-Length: 65537\r\n"), 413, "body_too_large"),
            Row(
                "a body of exabytes", post("Content-Length: 999999999999999999\r\n"), 413,
                "body_too_large"),
            Row(
                "a body that asks first", post("Expect: 100-continue\r\nContent-Length: 65537\r\n"),
                413, "body_too_large"),
            Row(
                "chunks",
                post(chunked, "10001\r\n" + String(repeating: " ", count: 65_537) + "\r\n" + end),
                413, "body_too_large"),
            Row(
                "a body where none belongs", get("/drinks", "Content-Length: 1\r\n") + "x", 413,
                "body_too_large"),
        ]

        static let misplaced: [Row] = [
            Row("an unknown address", get("/cellar"), 404, "no_route", closes: false),
            Row("dots", get("/drinks/../../log.db"), 404, "no_route", closes: false),
            Row("an unknown drink", get("/drinks/martini"), 404, "not_found", closes: false),
            Row(
                "an unknown order",
                get(
                    "/orders/01a20aba-d8ad-75a8-a8ee-d798a15e24d2",
                    "Authorization: Bearer {guest}\r\n"), 404, "not_found", closes: false),
            Row(
                "a foreign Host", get("/drinks", host: "evil.example"), 421, "misdirected",
                closes: false),
            Row(
                "a Host that only begins well", get("/drinks", host: "localhost.evil.example"), 421,
                "misdirected", closes: false),
            Row(
                "a Host that looks like a number", get("/drinks", host: "127.0.0.1.evil.example"),
                421, "misdirected", closes: false),
            Row("an unknown parameter", get("/bar?x=y"), 400, "unknown_parameter", closes: false),
        ]

        static let unreadable: [Row] = [
            Row("nothing", post(json: []), 400, "malformed_body", closes: false),
            Row(
                "half an object", post(json: Array("{\"drink_id\":".utf8)), 400, "malformed_body",
                closes: false),
            Row("a list", post(json: Array("[]".utf8)), 400, "malformed_body", closes: false),
            Row("a text", post(json: Array("\"x\"".utf8)), 400, "malformed_body", closes: false),
            Row(
                "two objects", post(json: Array("{}{}".utf8)), 400, "malformed_body", closes: false),
            Row(
                "a comma too many", post(json: Array("{\"a\":1,}".utf8)), 400, "malformed_body",
                closes: false),
            Row(
                "a name twice", post(json: Array("{\"a\":1,\"a\":2}".utf8)), 400, "malformed_body",
                closes: false),
            Row(
                "a name twice, once escaped", post(json: Array("{\"a\":1,\"\\u0061\":2}".utf8)),
                400, "malformed_body", closes: false),
            Row(
                "thirty thousand brackets", post(json: Array(brackets.utf8)), 400, "malformed_body",
                closes: false),
            Row(
                "a deep object", post(json: Array(String(repeating: "{\"a\":", count: 5_000).utf8)),
                400, "malformed_body", closes: false),
            Row(
                "a byte that is not UTF-8",
                post(json: Array("{\"note\":\"".utf8) + [0xFF] + Array("\"}".utf8)), 400,
                "malformed_body", closes: false),
            Row(
                "an overlong byte pair",
                post(json: Array("{\"note\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8)), 400,
                "malformed_body", closes: false),
            Row(
                "half a surrogate", post(json: Array("{\"note\":\"\\ud83c\"}".utf8)), 400,
                "malformed_body", closes: false),
            Row(
                "a NUL", post(json: Array("{\"note\":\"".utf8) + [0] + Array("\"}".utf8)), 400,
                "malformed_body", closes: false),
            Row(
                "NaN", post(json: Array("{\"quantity\":NaN}".utf8)), 400, "malformed_body",
                closes: false),
        ]

        @Test(arguments: unclear) func `refuses what could be understood in two ways`(_ row: Row)
            throws
        {
            try check(row)
        }

        @Test(arguments: tooLarge) func `refuses what is too large`(_ row: Row) throws {
            try check(row)
        }

        @Test(arguments: misplaced) func `refuses what is in the wrong place`(_ row: Row) throws {
            try check(row)
        }

        @Test(arguments: unreadable) func `refuses a body that nobody can read`(_ row: Row) throws {
            try check(row)
        }

        @Test(arguments: [
            ("DELETE", "/drinks", "GET, HEAD"), ("GET", "/orders/x/cancel", "POST"),
            ("POST", "/admin/bar", "GET, HEAD, PUT"), ("PUT", "/orders", "GET, HEAD, POST"),
            ("POST", "/admin/drinks/x", "GET, HEAD, PUT, DELETE"),
            ("POST", "/", "GET, HEAD"), ("BREW", "/drinks", "GET, HEAD"),
        ])
        func `says which methods an address has`(method: String, path: String, allow: String) throws
        {
            let answer = try Client(theBar()).request(method, path)
            #expect(answer.status == 405)
            #expect(answer.code == "method_not_allowed")
            #expect(answer["Allow"] == allow)
        }

        @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
        func `takes orders as JSON only`(type: String) throws {
            let bar = try theBar()
            let headers = try bar.guest("Ana").merging(["Content-Type": type]) { $1 }
            let answer = try bar.post("/orders", "{}", headers)
            #expect(answer.status == 415)
            #expect(answer.code == "unsupported_media_type")
        }

        @Test func `lets the plainest and the chunked order through`() throws {
            let bar = try theBar()
            let body = "{\"drink_id\":\"\(try bar.anyDrink())\"}"
            for request in [
                post("Content-Length: \(body.utf8.count)\r\n", body),
                post(chunked, "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n\(end)"),
            ] {
                let client = try Client(bar)
                try client.send(signed(Array(request.utf8), at: bar))
                #expect(try client.answer().status == 201)
                #expect(try client.request("GET", "/bar").status == 200)
            }
        }

        private func check(_ row: Row) throws {
            let bar = try theBar()
            let bytes = try signed(row.bytes, at: bar)
            let head = try LogRows.head(data: bar.data)
            let client = try Client(bar)
            try? client.send(bytes)
            let answer = row.status == 0 ? nil : try client.answer()
            #expect(answer?.status ?? 0 == row.status)
            if let code = row.code { #expect(answer?.code == code, "\(answer?.text ?? "")") }
            if row.closes {
                // libmicrohttpd 0.9.75 sends the head of some of its own refusals twice.
                if row.code == nil { client.skipRest() }
                #expect(client.seesEnd())
            } else {
                // What is refused is no reason to end the conversation.
                #expect(try client.request("GET", "/bar").status == 200)
            }
            #expect(try LogRows.head(data: bar.data) == head)
            #expect(try bar.get("/bar").status == 200)
        }
    }
}
