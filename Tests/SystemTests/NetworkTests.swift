import Foundation
import Glibc
import TestSamples
import Testing

extension WholeBar {
    @Suite("A bar on the network", .serialized) struct NetworkTests {
        /// Asks as a browser does that trusts the certificate, and gives the answer's status and one header.
        private let browser = """
            import ssl, sys, urllib.request
            context = ssl.create_default_context(cafile=sys.argv[1])
            answer = urllib.request.urlopen(sys.argv[2], context=context)
            print(answer.status, answer.headers["Strict-Transport-Security"])
            """

        @Test func `speaks HTTPS with a certificate, and nothing else then`() throws {
            let scratch = try Scratch()
            let certificate = scratch("cert.pem")
            try TestCertificate.certificate.write(
                toFile: certificate, atomically: true, encoding: .utf8)
            try TestCertificate.key.write(
                toFile: scratch("key.pem"), atomically: true, encoding: .utf8)
            let port = try freePort()
            let bar = try Launched(
                [
                    "serve", "--data", scratch("data"), "--listen", "127.0.0.1:\(port)",
                    "--tls-cert", certificate, "--tls-key", scratch("key.pem"),
                ], notes: scratch("bar"))
            defer {
                bar.signal(SIGTERM)
                _ = try? bar.wait()
            }
            try eventually("a bar that is open", within: 30) {
                bar.output.contains("guests  https://127.0.0.1:\(port)/\n") ? true : nil
            }
            let asked = try Launched(
                ["-c", browser, certificate, "https://localhost:\(port)/healthz"],
                program: "python3",
                notes: scratch("browser"))
            #expect(try asked.wait() == 0, "\(asked.errors)")
            #expect(asked.output == "200 max-age=31536000\n")
            #expect(throws: NoAnswer.self) { try Client(port).request("GET", "/healthz") }
        }

        @Test func `says what is wrong with a certificate before it makes anything`() throws {
            let scratch = try Scratch()
            try "nonsense".write(toFile: scratch("x.pem"), atomically: true, encoding: .utf8)
            let said = try barback(
                "serve", "--data", scratch("data"), "--tls-cert", scratch("x.pem"), "--tls-key",
                scratch("x.pem"))
            #expect(said.code == 3)
            #expect(said.errors.contains("cannot use the TLS certificate and key"))
            #expect(!FileManager.default.fileExists(atPath: scratch("data")))
        }

        @Test func `lets pages of a named origin ask, and no others`() throws {
            let bar = try Bar(flags: ["--allow-origin", "https://menu.example"])
            defer { bar.close() }
            let question = [
                "Access-Control-Request-Method": "POST", "Origin": "https://menu.example",
            ]
            let answer = try Client(bar.port).request("OPTIONS", "/orders", question)
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, POST")
            // A browser refuses an origin that is named twice.
            #expect(answer.values("Access-Control-Allow-Origin") == ["https://menu.example"])
            let refused = try bar.get("/nowhere", ["Origin": "https://menu.example"])
            #expect(refused.status == 404)
            #expect(refused["Access-Control-Allow-Origin"] == "https://menu.example")
            for origin in ["https://evil.example", "null", "http://menu.example"] {
                var asked = question
                asked["Origin"] = origin
                #expect(try Client(bar.port).request("OPTIONS", "/orders", asked).status == 405)
                #expect(try bar.get("/healthz", asked)["Access-Control-Allow-Origin"] == nil)
            }
        }

        @Test func `tells browsers on every answer to take it for what it is`() throws {
            let bar = try Bar()
            defer { bar.close() }
            for path in ["/", "/assets/app.js", "/drinks", "/nowhere", "/healthz", "/%zz"] {
                let answer = try bar.get(path)
                #expect(answer["X-Content-Type-Options"] == "nosniff", "\(path)")
                #expect(answer["Strict-Transport-Security"] == nil, "\(path)")
                #expect(answer["Access-Control-Allow-Origin"] == nil, "\(path)")
            }
            let page = try bar.get("/")
            #expect(page["Referrer-Policy"] == "no-referrer")
            #expect(page["Cross-Origin-Opener-Policy"] == nil)
        }

        @Test func `believes a proxy that was named, and says so over HTTPS`() throws {
            let bar = try Bar(flags: ["--trusted-proxy", "127.0.0.1"])
            defer { bar.close() }
            let secure = try bar.get("/healthz", ["X-Forwarded-Proto": "https"])
            #expect(secure["Strict-Transport-Security"] == "max-age=31536000")
            #expect(secure["Cross-Origin-Opener-Policy"] == "same-origin")
            #expect(try bar.get("/healthz")["Strict-Transport-Security"] == nil)
        }
    }
}
