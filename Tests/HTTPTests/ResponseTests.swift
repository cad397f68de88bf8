import Glibc
import Testing

@testable import HTTP

private func get(_ path: String, _ headers: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n"
}

@Suite("A response") struct ResponseTests {
    @Test func `has headers of its own, and shares the rest with its copies`() throws {
        let server = try TestServer()
        let clients = (0..<50).map { _ in RawClient(port: server.port) }
        for round in 0..<4 {
            for (number, client) in clients.enumerated() {
                client.send(get("/shared", "X: \(round).\(number)\r\n"))
            }
            for (number, client) in clients.enumerated() {
                let answer = client.receive()
                #expect(answer.body.count == 60_000)
                let own = answer.head.split(separator: "\r\n").filter { $0.hasPrefix("X-Own") }
                #expect(own == ["X-Own: \(round).\(number)"])
                #expect(answer.head.contains("ETag: \"e\"\r\n"))
            }
        }
        clients[0].send(get("/large"))
        #expect(!clients[0].receive().head.contains("X-Own"))
    }

    @Test func `lets no value begin a header`() throws {
        let response = Response(status: 200).with(headers: [("X", "a\r\nY: b\u{7F}")])
        let head = String(decoding: response.closingBytes(), as: UTF8.self)
        #expect(head.contains("X: a  Y: b \r\n"))
    }

    @Test func `from a file has its length and bytes, and for HEAD the length alone`() throws {
        let server = try TestServer()
        try write(300_000, to: "\(server.folder)/a")
        let client = RawClient(port: server.port)
        for _ in 0..<3 {
            client.send(get("/stored/a"))
            let answer = client.receive()
            #expect(answer.status == 200 && answer.body.count == 300_000)
            #expect(
                answer.body.enumerated().allSatisfy { Int($0.element) == $0.offset % 251 })
            #expect(answer.head.contains("X-Kind: file\r\n"))
        }
        client.send("HEAD /stored/a HTTP/1.1\r\nHost: bar\r\n\r\n")
        #expect(client.receive(toHead: true).head.contains("Content-Length: 300000\r\n"))
        #expect(client.isAlive())
        client.send(get("/stored/b"))
        #expect(client.receive().status == 404)
    }

    @Test func `comes from a regular file only`() throws {
        let server = try TestServer()
        let folder = server.folder
        try write(0, to: "\(folder)/empty")
        symlink("\(folder)/empty", "\(folder)/link")
        mkfifo("\(folder)/pipe", 0o600)
        let client = RawClient(port: server.port)
        for (name, status) in [("empty", 200), ("link", 404), ("pipe", 404), (".", 404)] {
            client.send(get("/stored/\(name)"))
            #expect(client.receive().status == status, "\(name)")
        }
    }
}

@Suite("A peer") struct PeerTests {
    @Test func `is the other end of the connection`() throws {
        let server = try TestServer()
        let client = RawClient(port: server.port)
        client.send(get("/peer", "X-Forwarded-For: 192.0.2.9\r\n"))
        #expect(client.receive().text == "127.0.0.1")
    }

    @Test func `is the same address however it is written`() throws {
        for (text, shown) in [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:DB8:0:0::1", "2001:db8::1"), ("::1", "::1"), ("::", "::"),
        ] {
            #expect(Address(text)?.description == shown)
        }
        for text in ["", "192.0.2", "192.0.2.256", "bar", "::1%lo", "1::2::3"] {
            #expect(Address(text) == nil, "\(text)")
        }
        #expect(Address("2001:db8::1")?.network == 0x2001_0DB8 << 32)
        #expect(Address("10.0.0.1") == Address(ipv4: 0x0A00_0001))
        #expect(["127.0.0.1", "127.9.9.9", "::1"].allSatisfy { Address($0)?.isLoopback == true })
        #expect(["128.0.0.1", "::2", "1::1"].allSatisfy { Address($0)?.isLoopback == false })
    }
}
