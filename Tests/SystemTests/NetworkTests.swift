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

        /// Listens as the host over a connection whose certificate it has checked: while the bar says something, and
        /// then, without reading for a while, as a bottle is emptied and replaced again and again.
        private let listener = #"""
            import http.client, json, socket, ssl, sys, time
            cafile, data, port = sys.argv[1:]
            context = ssl.create_default_context(cafile=cafile)
            key = open(data + "/run/web-key").read()
            def line():
                return http.client.HTTPSConnection("localhost", int(port), context=context, timeout=20)
            def ask(method, path, body, more={}, on=None):
                on = on or line()
                headers = {"X-Api-Key": key, "Content-Type": "application/json", **more}
                on.request(method, path, json.dumps(body) if body else None, headers)
                return on.getresponse()
            def block(stream):
                lines = []
                while (text := stream.readline().decode()) != "\n": lines.append(text.rstrip("\n"))
                return lines
            host = json.load(open(data + "/first-run.json"))["admin"]
            token = json.load(ask("POST", "/auth/login", host))["data"]["access_token"]
            bearer = {"Authorization": "Bearer " + token}
            stream = ask("GET", "/events", None, bearer)
            print(stream.status, stream.headers["Content-Type"], stream.headers["Content-Length"])
            print(block(stream)[0].split(":")[0])
            for message in ["Ice run", "x" * 200]:
                said = ask("PUT", "/admin/bar", {"accepting_orders": False, "message": message}, bearer)
                position = said.headers["Barback-Position"]
                told = block(stream)
                data = json.loads(told[2].removeprefix("data: "))["data"]
                print(told[0] == "id: " + position, told[1], data["message"] == message)

            made = json.load(ask("POST", "/admin/api-keys", {"name": "x", "plan": "unlimited"}, bearer))
            bearer["X-Api-Key"] = made["data"]["key"]
            while ask("GET", "/bar", None, bearer).status != 200: time.sleep(0.01)
            small = line()
            small.connect()
            small.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sleepy = ask("GET", "/events", None, {**bearer, "Last-Event-ID": position}, small)
            busy = line()
            positions = []
            for number in range(600):
                full = ask("PUT", "/admin/ingredients/Rum", {"in_stock": number % 2 == 1}, bearer, busy)
                full.read()
                positions.append("id: " + full.headers["Barback-Position"])
            block(sleepy)
            print([block(sleepy)[0] for _ in positions] == positions)
            """#

        @Test func `speaks HTTPS with a certificate, and nothing else then`() throws {
            let bar = try SecureBar()
            defer { bar.close() }
            let asked = try Launched(
                ["-c", browser, bar.certificate, "https://localhost:\(bar.port)/healthz"],
                program: "python3",
                notes: bar.scratch("browser"))
            #expect(try asked.wait() == 0, "\(asked.errors)")
            #expect(asked.output == "200 max-age=31536000\n")
            #expect(throws: NoAnswer.self) { try Client(bar.port).request("GET", "/healthz") }
        }

        @Test func `tells live events over HTTPS as it does over HTTP`() throws {
            let bar = try SecureBar()
            defer { bar.close() }
            let heard = try Launched(
                ["-c", listener, bar.certificate, bar.data, "\(bar.port)"], program: "python3",
                notes: bar.scratch("listener"))
            #expect(try heard.wait(within: 30) == 0, "\(heard.errors)")
            #expect(
                heard.output == """
                    200 text/event-stream None
                    retry
                    True event: bar_changed True
                    True event: bar_changed True
                    True

                    """)
        }

        private let leavers = #"""
            import json, socket, ssl, sys, time, http.client
            certificate, data, port = sys.argv[1:]
            context = ssl.create_default_context(cafile=certificate)
            first = json.load(open(data + "/first-run.json"))
            key = {"X-Api-Key": first["api_key"], "Content-Type": "application/json"}
            def ask(method, path, headers, body=None):
                on = http.client.HTTPSConnection("localhost", int(port), context=context, timeout=20)
                on.request(method, path, json.dumps(body) if body else None, {**key, **headers})
                answer = on.getresponse()
                text = answer.read().decode()
                on.close()
                return text
            token = json.loads(ask("POST", "/auth/login", {}, first["admin"]))["data"]["access_token"]
            def metric(name):
                lines = ask("GET", "/metrics", {}).splitlines()
                return next(int(line.split()[1]) for line in lines if line.startswith(name + " "))
            request = (f"GET /events HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {first['api_key']}\r\n"
                f"Authorization: Bearer {token}\r\n\r\n").encode()
            for _ in range(50):
                plain = socket.create_connection(("localhost", int(port)))
                # Ends in a reset.
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
                line = context.wrap_socket(plain, server_hostname="localhost")
                line.send(request)
                line.close()
            end = time.time() + 10
            def rest(): return metric("barback_event_streams"), metric("barback_http_connections")
            while (last := rest()) != (0, 1) and time.time() < end: time.sleep(0.05)
            print(last)
            """#

        @Test func `keeps nothing of those who ask for live events and go`() throws {
            let bar = try SecureBar()
            defer { bar.close() }
            let left = try Launched(
                ["-c", leavers, bar.certificate, bar.data, "\(bar.port)"], program: "python3",
                notes: bar.scratch("leavers"))
            #expect(try left.wait(within: 60) == 0, "\(left.errors)")
            #expect(left.output == "(0, 1)\n")
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
            let stream = try bar.stream(
                bar.guest("Ana").merging(["Origin": "https://menu.example"]) { $1 })
            #expect(stream.head.values("Access-Control-Allow-Origin") == ["https://menu.example"])
            let listening = try Client(bar.port).request("OPTIONS", "/events", question)
            let headers = listening["Access-Control-Allow-Headers"]?.lowercased() ?? ""
            for header in ["authorization", "last-event-id", "x-api-key"] {
                #expect(headers.split(separator: ", ").contains(Substring(header)), "\(headers)")
            }
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
            for path in ["/", "/assets/guest.js", "/drinks", "/nowhere", "/healthz", "/%zz"] {
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

/// A bar with a certificate, which only somebody else's TLS can speak with.
private struct SecureBar {
    let scratch: Scratch
    let port: UInt16
    private let process: Launched
    var certificate: String { scratch("cert.pem") }
    var data: String { scratch("data") }

    init() throws {
        scratch = try Scratch()
        port = try freePort()
        try TestCertificate.certificate.write(
            toFile: scratch("cert.pem"), atomically: true, encoding: .utf8)
        try TestCertificate.key.write(
            toFile: scratch("key.pem"), atomically: true, encoding: .utf8)
        process = try Launched(
            [
                "serve", "--data", scratch("data"), "--listen", "127.0.0.1:\(port)",
                "--tls-cert", scratch("cert.pem"), "--tls-key", scratch("key.pem"),
            ], notes: scratch("bar"))
        let open = "guests  https://127.0.0.1:\(port)/\n"
        try eventually("a bar that is open", within: 30) {
            process.output.contains(open) ? true : nil
        }
    }

    func close() {
        process.signal(SIGTERM)
        _ = try? process.wait()
    }
}
