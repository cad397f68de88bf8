import Glibc
import Testing

@testable import HTTP

private func put(_ name: String, _ headers: String) -> String {
    "PUT /upload/\(name) HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n"
}

func write(_ count: Int, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 251) }
    #expect(fwrite(bytes, 1, count, file) == count)
}

@Suite("A body that goes to a file") struct BodyFileTests {
    @Test(arguments: [0, 1, 70_000, 1_000_000])
    func `is there whole when the request is answered, for this user alone`(size: Int) throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(put("a", "Content-Length: \(size)\r\n"))
        client.send([UInt8](repeating: 0x61, count: size))
        #expect(client.receive().text == "\(size) \(size) 100600")
        #expect(server.reaches { _ in server.files.isEmpty })
        #expect(client.isAlive())
    }

    @Test func `may come in chunks`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(
            put("a", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")
        #expect(client.receive().text == "6 6 100600")
        #expect(server.reaches { _ in server.files.isEmpty })
    }

    @Test func `is refused once it is larger than the limit, announced or not`() throws {
        let server = try TestServer()
        let announced = RawClient(port: server.port)
        announced.send(put("a", "Content-Length: 1000001\r\n"))
        #expect(announced.receive().status == 413)
        let chunked = RawClient(port: server.port)
        chunked.send(put("b", "Transfer-Encoding: chunked\r\n"))
        for _ in 0..<11 {
            chunked.send("186a0\r\n" + String(repeating: "x", count: 100_000) + "\r\n")
        }
        #expect(chunked.receive().status == 413)
        #expect(server.reaches { _ in server.files.isEmpty })
    }

    @Test func `is removed when its client leaves`() throws {
        let server = try TestServer()
        do {
            let client = RawClient(port: server.port)
            client.send(put("a", "Content-Length: 1000\r\n") + "abc")
            #expect(server.reaches { _ in server.files == ["a"] })
        }
        #expect(server.reaches { _ in server.files.isEmpty })
    }

    @Test func `has two minutes as a whole, or what the limits say, however it trickles`() throws {
        #expect(Limits().bodySeconds == 120)
        let server = try TestServer(limits: Limits(idleSeconds: 30, bodySeconds: 1))
        let client = RawClient(port: server.port)
        client.send(put("a", "Content-Length: 1000000\r\n"))
        #expect(server.reaches { _ in server.files == ["a"] })
        let deadline = now() + 10_000
        while !client.isClosed, now() < deadline {
            client.send("y")
            _ = client.waitsForInput(milliseconds: 50)
        }
        #expect(client.isClosed)
        #expect(server.reaches { _ in server.files.isEmpty })
    }

    @Test func `takes no name that is in use, and follows no link`() throws {
        let server = try TestServer()
        let first = RawClient(port: server.port)
        first.send(put("a", "Content-Length: 10\r\n"))
        #expect(server.reaches { _ in server.files == ["a"] })
        let second = RawClient(port: server.port)
        second.send(put("a", "Content-Length: 10\r\n"))
        let answer = second.receive()
        #expect(answer.status == 409 && answer.text == "exists")
        first.send("0123456789")
        #expect(first.receive().text == "10 10 100600")
        symlink("\(server.folder)/elsewhere", "\(server.folder)/link")
        second.send(put("link", "Content-Length: 10\r\n"))
        let third = RawClient(port: server.port)
        third.send(put("link", "Content-Length: 10\r\n"))
        #expect(third.receive().text == "exists")
        #expect(server.reaches { _ in server.files == ["link"] })
    }

    @Test func `that the disk has no room for is refused`() throws {
        let server = try TestServer()
        // While it lasts no file of this process may be larger; the other tests' are smaller. The signal would end it.
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var small = rlimit(rlim_cur: 3_000_000, rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
        let client = RawClient(port: server.port)
        client.send(put("a/large", "Content-Length: 4000000\r\n"))
        client.send([UInt8](repeating: 0x61, count: 4_000_000))
        #expect(client.receive().status == 507)
        #expect(server.reaches { _ in server.files.isEmpty })
    }
}
