import Testing

@testable import HTTP

private func get(_ path: String, _ headers: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n"
}

@Suite("A server") struct ServerTests {
    @Test func `decodes the target once and keeps the order of the query`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(
            get("/a%2Fb/../%C3%B1%2541//?q=a+b%26c&with=x&with=y&empty&=z", "X: pi\u{F1}a \r\n"))
        let answer = client.receive()
        #expect(answer.text == "get a/b|..|ñ%41|| ?q=a b&c,with=x,with=y,empty=,=z x=piña body=")
    }

    @Test func `answers a head of any size, with few headers or many`() throws {
        let server = try TestServer()
        for count in [1, 20, 60, 100] {
            for size in stride(from: 0, to: 7_000, by: 137) {
                let headers = (0..<count).map { "X-\($0): y\r\n" }.joined()
                let client = RawClient(port: server.port)
                client.send(get("/x", headers + "Y: \(String(repeating: "z", count: size))\r\n"))
                let status = client.receive().status
                try #require(
                    status == 200 || status == 431, "\(count) headers, \(size) bytes: \(status)")
            }
        }
    }

    @Test func `answers pipelined requests in their order`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(
            get("/one") + "POST /two HTTP/1.1\r\nHost: bar\r\nContent-Length: 3\r\n\r\nabc"
                + get("/three"))
        #expect(client.receive().text == "get one ? x=- body=")
        #expect(client.receive().text == "post two ? x=- body=abc")
        #expect(client.receive().text == "get three ? x=- body=")
    }

    @Test func `keeps a connection for many requests`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        for _ in 0..<200 { try #require(client.isAlive()) }
        #expect(server.state.connections <= 1)
    }

    @Test func `reads a body that comes byte by byte`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        let request =
            "POST /x HTTP/1.1\r\nHost: bar\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"
        for byte in request.utf8 { client.send([byte]) }
        #expect(client.receive().text == "post x ? x=- body=hello")
        #expect(client.isAlive())
    }

    @Test func `asks for an expected body`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(
            "POST /x HTTP/1.1\r\nHost: bar\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.receive().status == 100)
        client.send("hi")
        #expect(client.receive().text == "post x ? x=- body=hi")
    }

    @Test func `sends the head alone for HEAD`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("HEAD /large HTTP/1.1\r\nHost: bar\r\n\r\n")
        let answer = client.receive(toHead: true)
        #expect(answer.status == 200)
        #expect(answer.head.contains("Content-Length: 60000\r\n"))
        #expect(answer.head.contains("Date: "))
        #expect(client.isAlive())
    }

    @Test func `sends a prepared response whole, and as 304`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        for _ in 0..<3 {
            client.send(get("/large"))
            #expect(client.receive().body.count == 60_000)
            client.send(get("/large", "If-None-Match: \"e\"\r\n"))
            let answer = client.receive()
            #expect(answer.status == 304)
            #expect(answer.head.contains("ETag: \"e\"\r\n"))
        }
        #expect(client.isAlive())
    }

    @Test func `lets a refused upload read its answer`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("POST /x HTTP/1.1\r\nHost: bar\r\nContent-Length: 4000000\r\n\r\n")
        client.send([UInt8](repeating: 0x61, count: 4_000_000))
        #expect(client.receive().status == 413)
        #expect(client.seesClose())
    }

    @Test func `answers a thousand connections`() throws {
        let server = try TestServer()
        let clients = (0..<1_000).map { _ in RawClient(port: server.port) }
        for client in clients { client.send(get("/x")) }
        for client in clients { try #require(client.receive().status == 200) }
        for client in clients { try #require(client.isAlive()) }
        #expect(server.reaches { $0.connections == 1_000 })
    }

    @Test func `ends a head that only trickles`() throws {
        let server = try TestServer(limits: Limits(idleSeconds: 30, headSeconds: 1))
        let client = RawClient(port: server.port)
        client.send("GET /x HTTP/1.1\r\nHost: bar\r\nX: ")
        let deadline = now() + 10_000
        while !client.isClosed, now() < deadline {
            client.send("y")
            _ = client.waitsForInput(milliseconds: 50)
        }
        #expect(client.isClosed)
    }

    @Test func `ends a body whose chunk never says its size`() throws {
        let server = try TestServer(limits: Limits(idleSeconds: 60))
        let client = RawClient(port: server.port)
        client.send(
            "POST /x HTTP/1.1\r\nHost: bar\r\nTransfer-Encoding: chunked\r\n\r\n1;"
                + String(repeating: "x", count: 100_000))
        #expect(client.seesClose())
        #expect(RawClient(port: server.port).isAlive())
    }

    @Test func `closes a silent connection`() throws {
        let server = try TestServer(limits: Limits(idleSeconds: 1))
        #expect(RawClient(port: server.port).seesClose())
    }

    @Test func `takes no connection after it stopped listening, and ends the others in their time`()
        throws
    {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        #expect(client.isAlive())
        server.order(.stopListening)
        let deadline = now() + 5_000
        while !RawClient(port: server.port).isClosed, now() < deadline {}
        #expect(RawClient(port: server.port).isClosed)
        #expect(client.isAlive())
        server.order(.stop)
        #expect(client.seesClose())
    }

    @Test func `says in a sentence that its port is taken`() throws {
        let server = try TestServer()
        let error = #expect(throws: HTTPError.self) { try TestServer(port: server.port) }
        #expect(
            error?.description.hasPrefix(
                "cannot listen on 127.0.0.1:\(server.port): Address already in use; ") == true)
        let name = #expect(throws: HTTPError.self) {
            try Listener.open(address: "bar.example", port: 0, reactors: 1)
        }
        #expect(name?.description.contains("bar.example is not an IPv4 or IPv6 address") == true)
    }

    @Test func `shares its port with its own reactors alone`() throws {
        let listeners = try Listener.open(address: "127.0.0.1", port: 0, reactors: 3)
        #expect(Set(listeners.map(\.port)).count == 1)
        #expect(throws: HTTPError.self) {
            try Listener.open(address: "127.0.0.1", port: listeners[0].port, reactors: 2)
        }
    }
}
