import TestSamples
import Testing

@testable import HTTP

private let stream = "GET /stream HTTP/1.1\r\nHost: bar\r\n\r\n"

@Suite("An answer without an end") struct StreamTests {
    private func start(_ speaksTLS: Bool) throws -> TestServer {
        try TestServer(identity: speaksTLS ? .ofTests() : nil)
    }

    /// A client that has read the head and the first line.
    private func open(_ server: TestServer, _ speaksTLS: Bool) throws -> RawClient {
        let before = server.state.streams
        let client = RawClient(port: server.port, speaksTLS: speaksTLS)
        client.send(stream)
        try #require(client.line(ending: "\r\n\r\n")?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
        try #require(client.line(ending: "\n") == "hello")
        try #require(server.reaches { $0.streams == before + 1 })
        return client
    }

    @Test(arguments: [false, true])
    func `says when it was made, and that only the connection ends it`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let client = RawClient(port: server.port, speaksTLS: speaksTLS)
        client.send(stream)
        let head = try #require(client.line(ending: "\r\n\r\n"))
        let names = head.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" } }
        #expect(
            names.sorted() == ["Connection", "Content-Type", "Date", "X-Content-Type-Options"])
        #expect(head.contains("Connection: close"))
        let date = /Date: [MTWFS][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/
        #expect(head.contains(date))
    }

    @Test(arguments: [false, true])
    func `brings each part as it is written, beside other requests`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let clients = try (0..<20).map { _ in try open(server, speaksTLS) }
        for round in 0..<50 {
            server.order(.write("part \(round)\n"))
            for client in clients { try #require(client.line(ending: "\n") == "part \(round)") }
            #expect(RawClient(port: server.port, speaksTLS: speaksTLS).isAlive())
        }
    }

    @Test(arguments: [false, true])
    func `goes out of the library only where it is not needed there`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let clients = try (0..<5).map { _ in try open(server, speaksTLS) }
        #expect(server.reaches { $0.connections == (speaksTLS ? 5 : 0) })
        _ = clients
    }

    @Test(arguments: [false, true])
    func `ends when it is closed, with all that was written before`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let client = try open(server, speaksTLS)
        server.order(.write("last\n"))
        server.order(.closeStreams)
        #expect(client.line(ending: "\n") == "last")
        #expect(client.seesClose())
        #expect(server.reaches { $0.connections == 0 })
        #expect(RawClient(port: server.port, speaksTLS: speaksTLS).isAlive())
    }

    @Test(arguments: [false, true])
    func `takes no more than the kernel holds for one who does not read`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let client = try open(server, speaksTLS)
        server.order(.fill)
        try #require(server.reaches { $0.written.count == 1 })
        let taken = try #require(server.state.written[0])
        // What waits in the client's own kernel comes on top of ours.
        #expect(taken > 0)
        #expect(taken < 8_000_000)
        #expect(RawClient(port: server.port, speaksTLS: speaksTLS).isAlive())
        // Nothing of it is lost.
        var dots = 0
        while dots < taken, client.waitsForInput(milliseconds: 1_000) { dots = client.buffered }
        #expect(dots == taken)
    }

    @Test(arguments: [false, true])
    func `knows when its client has left`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        var client: RawClient? = try open(server, speaksTLS)
        _ = client.take()
        // The kernel learns from the first that nobody is there, and says so to the next.
        for _ in 0..<20 where !server.state.written.contains(nil) {
            server.order(.write("anybody?\n"))
            let count = server.state.written.count
            #expect(server.reaches { $0.written.count > count })
        }
        #expect(server.state.written.contains(nil))
        server.order(.closeStreams)
        #expect(server.reaches { $0.connections == 0 })
    }

    @Test(arguments: [false, true])
    func `leaves nothing behind where it ends in the moment in which it began`(
        _ speaksTLS: Bool
    ) throws {
        let server = try start(speaksTLS)
        for _ in 0..<50 {
            let client = RawClient(port: server.port, speaksTLS: speaksTLS)
            client.send("GET /stream/over HTTP/1.1\r\nHost: bar\r\n\r\n")
            try #require(client.line(ending: "\r\n\r\n") != nil)
            #expect(client.line(ending: "\n") == "hello")
            #expect(client.seesClose())
        }
        #expect(server.reaches { $0.connections == 0 })
        #expect(RawClient(port: server.port, speaksTLS: speaksTLS).isAlive())
    }

    @Test(arguments: [false, true])
    func `leaves nothing behind of a client that asks and goes`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        for _ in 0..<50 {
            RawClient(port: server.port, speaksTLS: speaksTLS).send(stream)
        }
        // Whoever was still there for the first line is missed with the next.
        for _ in 0..<20 { server.order(.write("anybody?\n")) }
        server.order(.closeStreams)
        #expect(server.reaches { $0.connections == 0 })
        #expect(RawClient(port: server.port, speaksTLS: speaksTLS).isAlive())
    }

    /// There is room for a part of the head at the most.
    @Test(arguments: [false, true], 2...5)
    func `is not begun where the answers before it fill the socket, nor anything said within it`(
        _ speaksTLS: Bool, before: Int
    ) throws {
        let server = try start(speaksTLS)
        let client = RawClient(port: server.port, speaksTLS: speaksTLS)
        let large = "GET /large HTTP/1.1\r\nHost: bar\r\n\r\n"
        client.send(String(repeating: large, count: before) + stream)
        #expect(server.reaches { $0.asked == 1 })
        for _ in 0..<before { try #require(client.receive().body.count == 60_000) }
        server.order(.closeStreams)
        let rest = client.rest()
        #expect(
            rest.isEmpty
                || rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.hasSuffix("hello\n")
                    && rest.split(separator: "HTTP/1.1").count == 1,
            "\(rest)")
    }

    @Test(arguments: [false, true])
    func `does not hold up a stop`(_ speaksTLS: Bool) throws {
        let server = try start(speaksTLS)
        let clients = try (0..<20).map { _ in try open(server, speaksTLS) }
        server.order(.stop)
        #expect(server.reaches { $0.stopped })
        server.order(.closeStreams)
        for client in clients { #expect(client.seesClose()) }
    }

    @Test func `may be opened and closed ten thousand times`() throws {
        let server = try start(false)
        for _ in 0..<100 {
            let clients = (0..<100).map { _ in RawClient(port: server.port) }
            for client in clients { client.send(stream) }
            #expect(server.reaches { $0.streams == 100 })
            server.order(.closeStreams)
            #expect(server.reaches { $0.streams == 0 })
            for client in clients { client.drain() }
        }
        #expect(RawClient(port: server.port).isAlive())
    }
}
