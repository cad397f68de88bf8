import Testing

extension WholeBar {
    /// A page elsewhere that has pointed its own name at this machine (DNS rebinding).
    @Suite("Another's name for this machine", .serialized, .openBar) struct HostNameTests {
        @Test(arguments: [
            ("GET", "/"), ("GET", "/join/AAAA-BBBB-CCCC"), ("GET", "/drinks"),
            ("GET", "/orders"), ("GET", "/admin/orders"), ("GET", "/healthz"), ("GET", "/metrics"),
            ("GET", "/.well-known/jwks.json"), ("GET", "/assets/guest.js"), ("POST", "/orders"),
            ("POST", "/register"), ("POST", "/auth/login"), ("PUT", "/admin/bar"),
        ])
        func `opens nothing`(method: String, path: String) throws {
            let bar = try theBar()
            let head = try bar.settledHead()
            for name in ["evil.example", "evil.example:\(bar.port)", "localhost.evil.example"] {
                let answer = try ask(bar, method, path, host: name)
                #expect(answer.status == 421, "\(name)")
                #expect(answer.code == "misdirected")
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `is told from its own names`() throws {
            let bar = try theBar()
            for name in ["localhost", "127.0.0.1:\(bar.port)", "[::1]", "LOCALHOST", "192.0.2.1"] {
                #expect(try ask(bar, "GET", "/drinks", host: name).status == 200, "\(name)")
            }
        }

        private func ask(
            _ bar: Bar, _ method: String, _ path: String, host: String
        ) throws -> Answer {
            let client = try Client(bar.port)
            let body = ["POST", "PUT"].contains(method) ? "{}" : ""
            var lines = [
                "\(method) \(path) HTTP/1.1", "Host: \(host)", "X-Api-Key: \(try bar.door.key())",
                "Authorization: Bearer \(try bar.door.host())",
            ]
            if !body.isEmpty { lines += ["Content-Type: application/json", "Content-Length: 2"] }
            try client.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
            return try client.answer()
        }
    }
}
