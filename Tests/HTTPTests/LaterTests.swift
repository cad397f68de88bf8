import Testing

@testable import HTTP

private let later = "GET /later HTTP/1.1\r\nHost: bar\r\n\r\n"

@Suite("An answer that comes later") struct LaterTests {
    @Test func `reaches its request, and leaves the connection alive`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(later)
        #expect(server.reaches { $0.waiting == 1 })
        #expect(RawClient(port: server.port).isAlive())
        server.order(.answerWaiting)
        #expect(client.receive().text == "late")
        #expect(client.isAlive())
        #expect(server.state.resumed == [true])
    }

    @Test func `is given once`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(later)
        #expect(server.reaches { $0.waiting == 1 })
        server.order(.answerTwice)
        #expect(client.receive().text == "late")
        #expect(client.isAlive())
        #expect(server.state.resumed == [true, false])
    }

    @Test func `never reaches another request of the same connection`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(later)
        #expect(server.reaches { $0.waiting == 1 })
        server.order(.answerWaiting)
        #expect(client.receive().text == "late")
        client.send(later)
        #expect(server.reaches { $0.waiting == 2 })
        server.order(.answerStale)
        #expect(server.reaches { $0.resumed.count == 2 })
        #expect(server.state.resumed == [true, false])
        server.order(.answerWaiting)
        #expect(client.receive().text == "late")
    }

    @Test func `goes nowhere if the client has left`() throws {
        let server = try TestServer()
        var client: RawClient? = RawClient(port: server.port)
        client?.send(later)
        #expect(server.reaches { $0.waiting == 1 })
        client = nil
        server.order(.answerWaiting)
        #expect(server.reaches { $0.connections == 0 })
        // The slot is used again, with another generation.
        let next = RawClient(port: server.port)
        next.send(later)
        #expect(server.reaches { $0.waiting == 2 })
        server.order(.answerStale)
        #expect(server.reaches { $0.resumed.count == 2 })
        #expect(server.state.resumed == [true, false])
        server.order(.answerWaiting)
        #expect(next.receive().text == "late")
    }

    @Test func `may ask the handler again`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send("POST /retry HTTP/1.1\r\nHost: bar\r\nX: y\r\nContent-Length: 2\r\n\r\nhi")
        #expect(server.reaches { $0.waiting == 1 })
        server.order(.answerWaiting)
        #expect(client.receive().text == "post retry ? x=y body=hi")
        #expect(client.isAlive())
    }

    @Test func `does not hold up a stop`() throws {
        let server = try TestServer()
        let clients = (0..<20).map { _ in RawClient(port: server.port) }
        for client in clients { client.send(later) }
        #expect(server.reaches { $0.waiting == 20 })
        server.order(.stop)
        #expect(server.reaches { $0.stopped })
        for client in clients { #expect(client.seesClose()) }
        #expect(server.state.gone == 20)
    }
}
