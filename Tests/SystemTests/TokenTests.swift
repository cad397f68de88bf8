import Crypto
import Foundation
import Glibc
import Testing

extension WholeBar {
    @Suite("A token", .serialized, .openBar) struct TokenTests {
        /// Without it, everything below could be refused for another reason.
        @Test func `of the test's making is believed where nothing is wrong with it`() throws {
            let bar = try theBar()
            for (token, path) in try [
                (bar.door.guest("Ana"), "/orders"), (bar.door.host(), "/admin/orders"),
            ] {
                let made = try Forge(bar, like: token).make()
                #expect(made != token)
                #expect(try ask(bar, "GET", path, made).status == 200)
            }
        }

        private static let strangeRole = BadToken("a role that nobody has") { forge, _ in
            try forge.make(claims: ["role": .text("owner")])
        }

        @Test(arguments: BadToken.all + [strangeRole]) func `is refused with`(_ bad: BadToken)
            throws
        {
            let bar = try theBar()
            let nobody = try Nobody()
            let guest = try bad.make(
                Forge(bar, like: bar.door.guest("Ana")), nobody.address)
            let host = try bad.make(Forge(bar, like: bar.door.host()), nobody.address)
            let head = try bar.settledHead()
            let drink = "{\"drink_id\":\"\(try bar.anyDrink())\"}"
            for (token, method, path, body) in [
                (guest, "GET", "/orders", nil), (host, "GET", "/admin/orders", nil),
                (guest, "POST", "/orders", drink),
                (host, "PUT", "/admin/bar", #"{"accepting_orders":true}"#),
            ] {
                let answer = try ask(bar, method, path, token, body)
                #expect(answer.status == 401, "\(method) \(path)")
                #expect(answer.code == "bad_token")
                #expect(answer["WWW-Authenticate"] == "Bearer error=\"invalid_token\"")
            }
            #expect(!nobody.isCalled(within: 20))
            #expect(try LogRows.head(data: bar.data) == head)
        }

        /// The gate ends the conversation before anybody looks for a token.
        @Test(arguments: [4_200, 65_536]) func `of so many bytes is refused unread`(bytes: Int)
            throws
        {
            let bar = try theBar()
            let token = try bar.door.guest("Ana") + String(repeating: "A", count: bytes)
            let client = try Client(bar)
            try? client.send("GET", "/orders", ["Authorization": "Bearer \(token)"])
            #expect(try client.answer().status == 431)
            #expect(try bar.get("/orders", bar.guest("Ana")).status == 200)
        }

        /// Whoever asks with a token that nobody has signed makes the front look for newer keys.
        @Test func `opens nothing once the key that signed it is replaced, whoever asks meanwhile`()
            throws
        {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            let session = try bar.guestSession("Ana")
            #expect(try bar.lets(in: session))
            try FileManager.default.removeItem(atPath: bar.data + "/keys/token.json")
            kill(try bar.pid(of: "commands"), SIGKILL)
            try eventually("a door that is closed", within: 20) { () throws -> Bool? in
                for _ in 0..<40 {
                    let answer = try bar.get("/orders", ["Authorization": "Bearer no.bo.dy"])
                    guard answer.status == 401 else { return nil }
                }
                let answers = try (0..<6).map { _ in
                    try bar.get("/orders", session.bearer).status
                }
                return answers.allSatisfy { $0 == 401 } ? true : nil
            }
        }

        @Test func `for refreshing opens nothing by itself`() throws {
            let bar = try theBar()
            let session = try bar.hostSession()
            for path in ["/orders", "/admin/orders"] {
                #expect(try ask(bar, "GET", path, session.refresh).code == "bad_token")
            }
        }

        @Test func `for an upload opens nothing else`() throws {
            let bar = try theBar()
            let answer = try bar.post(
                "/admin/images/upload-url", #"{"content_type":"image/png"}"#)
            let url = try #require(answer.data["upload_url"].string)
            let grant = String(try #require(url.split(separator: "=").last))
            #expect(grant.split(separator: ".").count == 3)
            for path in ["/orders", "/admin/orders"] {
                #expect(try ask(bar, "GET", path, grant).code == "bad_token")
            }
        }

        @Test(arguments: [
            "Basic aG9zdDpob3N0", "Bearer", "Bearer ", "bearer", "Token x", "Digest username=host",
        ])
        func `comes as a bearer's or not at all`(header: String) throws {
            let answer = try theBar().get("/admin/orders", ["Authorization": header])
            #expect(answer.status == 401)
            #expect(answer.code == "bad_token")
        }

        @Test func `is nothing without the key's header, wherever else it stands`() throws {
            let bar = try theBar()
            let token = try bar.door.host()
            for path in ["/admin/orders?access_token=\(token)", "/admin/orders?token=\(token)"] {
                let answer = try Client(bar.port).request(
                    "GET", path, ["X-Api-Key": try bar.door.key()])
                #expect(answer.status == 401)
                #expect(answer.code == "not_signed_in")
            }
        }

        /// Whoever has the public half can check what the bar has signed, and nothing more.
        @Test func `can be checked with what the bar publishes, which holds no private half`()
            throws
        {
            let bar = try theBar()
            let answer = try bar.get("/.well-known/jwks.json")
            let key = try #require(answer.json["keys"].list.first)
            #expect(key["d"].isAbsent)
            let parts = try bar.door.host().split(separator: ".").map { String($0) }
            let x = try #require(key["x"].string.flatMap { Base64URL.decode($0) })
            let y = try #require(key["y"].string.flatMap { Base64URL.decode($0) })
            let signature = try #require(Base64URL.decode(parts[2]))
            let isGood = P256PublicKey(x: x, y: y)?.isValid(
                signature: signature, over: Array("\(parts[0]).\(parts[1])".utf8))
            #expect(isGood == true)
        }

        private func ask(
            _ bar: Bar, _ method: String, _ path: String, _ token: String, _ body: String? = nil
        ) throws -> Answer {
            try Client(bar).request(method, path, ["Authorization": "Bearer \(token)"], body)
        }
    }
}
