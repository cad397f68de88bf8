import Crypto
import Domain
import Foundation
import Testing
import Wire

extension WholeBar {
    /// What a front that was taken over could try: it holds this socket and everybody's requests, but no secret.
    @Suite("The socket of the commands process", .serialized, .openBar) struct CommandSocketTests {
        @Test func `believes the command line, which shows what only it can read`() throws {
            let bar = try theBar()
            let text = try String(contentsOfFile: bar.data + "/keys/local.key", encoding: .utf8)
            let secret = Base64URL.decode(text.trimmingCharacters(in: .newlines)) ?? []
            let outcome = try CommandSocket(bar).ask(
                .acceptOrders, as: .local(secret: secret, .commandLine("root")),
                #"{"accepting_orders":true}"#)
            guard case .accepted = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }

        @Test(arguments: [
            Caller.staff("host"), .commandLine("root"), .system("demo"), .system("first run"),
        ])
        func `believes no forged caller`(caller: Caller) throws {
            let bar = try theBar()
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            let secret = try Data(contentsOf: URL(fileURLWithPath: bar.data + "/keys/local.key"))
            let own = Base64URL.decode(String(decoding: secret.dropLast(), as: UTF8.self)) ?? []
            #expect(own.count == 32)
            let forged: [[UInt8]] = [
                [], [UInt8](repeating: 0, count: 32), Random.bytes(32), Array(own.dropLast()),
                own + [0], own.dropLast() + [own[31] ^ 1], Array(secret),
                Array(try bar.door.key().utf8), Array(try bar.door.host().utf8),
            ]
            for route in CommandRoute.allCases {
                for secret in forged {
                    expectRefused(
                        try socket.ask(route, as: .local(secret: secret, caller)), route)
                }
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `believes nobody who shows nothing`() throws {
            let bar = try theBar()
            let socket = try CommandSocket(bar)
            let code = try bar.code().text
            let head = try bar.settledHead()
            for credential in [Credential.none, .code(code), .code("")] {
                for route in CommandRoute.allCases where route.audience != .anyone {
                    let outcome = try socket.ask(route, as: credential)
                    #expect(outcome == .refused(.notSignedIn), "\(route.text)")
                }
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `opens the door of guests and staff to nobody who knows nothing`() throws {
            let bar = try theBar()
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            let name = #"{"username":"Mallory"}"#
            #expect(try socket.ask(.register, as: .none, name) == .refused(.wrongCode))
            #expect(try socket.ask(.register, as: .code("x"), name) == .refused(.wrongCode))
            let guess = #"{"username":"host","password":"password1234"}"#
            #expect(try socket.ask(.signIn, as: .none, guess) == .refused(.wrongPassword))
            let token = #"{"refresh_token":"01a20aba-d8ad-75a8-a8ee-d798a15e24d2.0.AAAA"}"#
            #expect(try socket.ask(.refresh, as: .none, token) == .refused(.notSignedIn))
            #expect(try socket.ask(.signOut, as: .none, token) == .refused(.notSignedIn))
            #expect(try socket.ask(.storeImage, as: .none) == .refused(.uploadRefused))
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `lets a guest's token do what guests do`() throws {
            let bar = try theBar()
            let token = Credential.token(try bar.door.guest("Ana"))
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            for route in CommandRoute.allCases where !route.audience.admits(.guest) {
                let outcome = try socket.ask(route, as: token)
                #expect(outcome == .refused(.notAllowed), "\(route.text)")
            }
            #expect(try LogRows.head(data: bar.data) == head)
            let order = try socket.ask(
                .placeOrder, as: token, "{\"drink_id\":\"\(try bar.anyDrink())\"}")
            guard case .accepted(let accepted) = order else {
                Issue.record("\(order)")
                return
            }
            let other = Credential.token(try bar.door.guest("Bo"))
            #expect(
                try socket.ask(.cancelOrder, as: other, target: accepted.id)
                    == .refused(.notFound("order")))
        }

        @Test(arguments: [Role.bartender, .auditor])
        func `lets the staff do what their role allows`(role: Role) throws {
            let bar = try theBar()
            let session = try bar.staff("At the socket as \(role.rawValue)", role: role.rawValue)
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            for route in CommandRoute.allCases where !route.audience.admits(role) {
                let outcome = try socket.ask(route, as: .token(session.session.access))
                #expect(outcome == .refused(.notAllowed), "\(route.text)")
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test(arguments: BadToken.all + [.tooLong]) func `refuses a token with`(_ bad: BadToken)
            throws
        {
            let bar = try theBar()
            let nobody = try Nobody()
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            let host = try bad.make(Forge(bar, like: bar.door.host()), nobody.address)
            let guest = try bad.make(Forge(bar, like: bar.door.guest("Ana")), nobody.address)
            let drink = "{\"drink_id\":\"\(try bar.anyDrink())\"}"
            let pause = #"{"accepting_orders":false}"#
            for outcome in try [
                socket.ask(.acceptOrders, as: .token(host), pause),
                socket.ask(.placeOrder, as: .token(guest), drink),
                socket.ask(.acceptOrders, as: .token(guest), pause),
            ] {
                #expect(outcome == .refused(.notSignedIn))
            }
            #expect(!nobody.isCalled(within: 20))
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `takes nobody's role from a token`() throws {
            let bar = try theBar()
            let socket = try CommandSocket(bar)
            let head = try bar.settledHead()
            let pause = #"{"accepting_orders":false}"#
            let drink = "{\"drink_id\":\"\(try bar.anyDrink())\"}"
            for role in ["admin", "bartender", "auditor"] {
                let raised = try Forge(bar, like: bar.door.guest("Ana"))
                    .make(claims: ["role": .text(role)])
                let outcome = try socket.ask(.acceptOrders, as: .token(raised), pause)
                #expect(outcome == .refused(.notSignedIn))
            }
            let lowered = try Forge(bar, like: bar.door.host())
                .make(claims: ["role": .text("guest")])
            let order = try socket.ask(.placeOrder, as: .token(lowered), drink)
            #expect(order == .refused(.notSignedIn))
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `refuses tokens of sessions that have ended`() throws {
            let bar = try theBar()
            let socket = try CommandSocket(bar)
            let drink = "{\"drink_id\":\"\(try bar.anyDrink())\"}"
            let left = try bar.guestSession("Leaves early")
            let disabled = try bar.guestSession("Is put out")
            let removed = try bar.staff("removed", role: "bartender")
            let host = try bar.hostSession()
            let pause = #"{"accepting_orders":true}"#
            // Believed before, and so remembered.
            for (session, route, body) in [
                (left, CommandRoute.placeOrder, drink), (disabled, .placeOrder, drink),
                (removed.session, .acceptOrders, pause), (host, .acceptOrders, pause),
            ] {
                guard case .accepted = try socket.ask(route, as: .token(session.access), body)
                else {
                    Issue.record("\(route.text)")
                    continue
                }
            }
            let id = disabled.document["user_key"].string ?? ""
            #expect(try bar.post("/auth/logout", "{}", left.bearer).status == 200)
            #expect(try bar.post("/admin/guests/\(id)/disable", "{}").status == 200)
            let gone = try Client(bar).request("DELETE", "/admin/accounts/\(removed.id)")
            #expect(gone.status == 200)
            #expect(try bar.post("/auth/logout", "{}", host.bearer).status == 200)
            let head = try bar.settledHead()
            for (session, route, body) in [
                (left, CommandRoute.placeOrder, drink), (disabled, .placeOrder, drink),
                (removed.session, .acceptOrders, pause), (host, .acceptOrders, pause),
            ] {
                #expect(
                    try socket.ask(route, as: .token(session.access), body)
                        == .refused(.notSignedIn), "\(route.text)")
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `refuses what comes under an API key that was disabled`() throws {
            let bar = try theBar()
            let made = try bar.post("/admin/api-keys", #"{"name":"Short-lived"}"#)
            let id = try #require(made.data["id"].string)
            var request = CommandRequest(
                route: .acceptOrders, credential: .token(try bar.door.host()), apiKey: id,
                body: Array(#"{"accepting_orders":true}"#.utf8))
            let socket = try CommandSocket(bar)
            guard case .accepted = try socket.ask(request) else {
                Issue.record("a key that is in use opens nothing")
                return
            }
            #expect(try Client(bar).request("DELETE", "/admin/api-keys/\(id)").status == 200)
            #expect(try socket.ask(request) == .refused(.notSignedIn))
            request.apiKey = "nonsense"
            #expect(try socket.ask(request) == .refused(.notSignedIn))
        }

        @Test func `counts no more uses of a key than there can have been`() throws {
            let bar = try theBar()
            let made = try bar.post("/admin/api-keys", #"{"name":"Never used"}"#)
            let id = try #require(made.data["id"].string)
            let socket = try CommandSocket(bar)
            let pid = try bar.pid(of: "commands")
            func report(_ count: Int64) throws -> String {
                let outcome = try socket.ask(
                    .reportUsage, as: .none, #"{"counts":{"\#(id)":\#(count),"nobody's":1}}"#)
                guard case .accepted(let accepted) = outcome else { return "\(outcome)" }
                return String(decoding: accepted.document, as: UTF8.self)
            }
            #expect(try report(7).contains(#""\#(id)":{"requests":7,"#))
            for count in [Int64.max, Int64.max - 7, 1_000_000_001, 0, -7, .min] {
                #expect(try report(count).contains(#""\#(id)":{"requests":7,"#))
            }
            #expect(try !report(1).contains("nobody"))
            #expect(try bar.pid(of: "commands") == pid)
        }

        private func expectRefused(_ outcome: CommandOutcome, _ route: CommandRoute) {
            // What comes with a grant says nothing else of its sender.
            let expected: Domain.Refusal = route == .storeImage ? .uploadRefused : .notSignedIn
            #expect(outcome == .refused(expected), "\(route.text)")
        }
    }
}
