import TestSamples
import Testing

@testable import HTTP

private func get(_ path: String, _ headers: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: bar\r\n\(headers)\r\n"
}

@Suite("A server under TLS") struct TLSTests {
    let server: TestServer

    init() throws { server = try TestServer(identity: .ofTests()) }

    private func client(_ priorities: String = "NORMAL") -> RawClient {
        RawClient(port: server.port, speaksTLS: true, priorities: priorities)
    }

    @Test func `speaks TLS 1.3 and 1.2, and nothing older`() {
        #expect(client().tlsVersion == "TLS1.3")
        #expect(client("NORMAL:-VERS-ALL:+VERS-TLS1.2").tlsVersion == "TLS1.2")
        #expect(client("NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT").isClosed)
        #expect(client("NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT").isClosed)
    }

    @Test func `takes no cipher without forward secrecy or authentication`() {
        #expect(client("NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA").isClosed)
        #expect(client("NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC").isClosed)
    }

    @Test func `answers nothing in the clear`() {
        let plain = RawClient(port: server.port)
        plain.send(get("/x"))
        #expect(plain.receive().status == 0)
        #expect(client().isAlive())
    }

    @Test func `keeps a connection for many requests, pipelined too`() throws {
        let client = client()
        for _ in 0..<100 { try #require(client.isAlive()) }
        client.send(get("/one") + get("/large") + get("/three"))
        #expect(client.receive().text == "get one ? x=- body=")
        #expect(client.receive().body.count == 60_000)
        #expect(client.receive().text == "get three ? x=- body=")
    }

    @Test func `answers later`() {
        let client = client()
        client.send(get("/later"))
        #expect(server.reaches { $0.waiting == 1 })
        server.order(.answerWaiting)
        #expect(client.receive().text == "late")
        #expect(client.isAlive())
    }

    @Test func `takes an upload into a file and sends it back`() throws {
        let client = client()
        client.send("PUT /upload/photo HTTP/1.1\r\nHost: bar\r\nContent-Length: 900000\r\n\r\n")
        client.send([UInt8](repeating: 0x61, count: 900_000))
        #expect(client.receive().text == "900000 900000 100600")
        #expect(server.reaches { _ in server.files.isEmpty })
        try write(900_000, to: "\(server.folder)/kept")
        client.send(get("/stored/kept"))
        #expect(client.receive().body.count == 900_000)
    }

    @Test func `words a refusal in the middle of a body under TLS too`() {
        let client = client()
        client.send(
            "PUT /upload/photo HTTP/1.1\r\nHost: bar\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "F4241\r\n" + String(repeating: "x", count: 1_000_001) + "\r\n0\r\n\r\n")
        #expect(client.receive().status == 413)
        #expect(client.seesClose())
        #expect(server.files.isEmpty)
    }

    /// A library that is called again and again finds nothing each time.
    @Test(arguments: [[], [0x16], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]] as [[UInt8]])
    func `rests while a handshake waits for its client`(_ begin: [UInt8]) throws {
        let silent = (0..<20).map { _ in RawClient(port: server.port) }
        for client in silent { client.send(begin) }
        #expect(server.reaches { $0.connections == 20 })
        let before = server.state.idleTurns
        #expect(server.reaches { $0.idleTurns > before + 10 })
        #expect(client().isAlive())
        let large = client()
        large.send(get("/large"))
        #expect(large.receive().body.count == 60_000)
    }

    @Test func `ends a handshake that does not come to its end`() throws {
        let server = try TestServer(limits: Limits(headSeconds: 1), identity: .ofTests())
        #expect(RawClient(port: server.port).seesClose())
    }
}

@Suite("A certificate") struct TLSIdentityTests {
    @Test func `that is none is refused in a sentence`() {
        for (certificate, key) in [
            ("", ""), ("hello", TestCertificate.key), (TestCertificate.certificate, "hello"),
            (TestCertificate.certificate, TestCertificate.certificate),
            (TestCertificate.certificate, otherKey),
        ] {
            let error = #expect(throws: HTTPError.self) {
                try TLSIdentity(certificate: Array(certificate.utf8), key: Array(key.utf8))
            }
            #expect(
                error?.description.hasPrefix("cannot use the TLS certificate and key: ") == true)
        }
    }
}

/// A key that belongs to no certificate.
private let otherKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgT4PmIxqip+8oNnFs
    q5XlnwqScr7hqgJTfOi8IH/kDKqhRANCAASQLKc8bY1h6sLMOBrJZTkJtK4WAZS8
    Ig5RCvybosIItUOyP3EKAolhk7OYlDbhNMmwwv+APLQTh7nnh0NjUMi7
    -----END PRIVATE KEY-----
    """
