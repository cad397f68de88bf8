import Foundation
import Glibc
import Testing

extension Bar {
    /// A ticket for a stream.
    fileprivate func ticket(_ headers: [String: String]) throws -> String {
        let answer = try post("/events/ticket", "{}", headers)
        guard answer.status == 201, let ticket = answer.data["ticket"].string else {
            throw Late(description: "POST /events/ticket: \(answer.status) \(answer.text)")
        }
        return ticket
    }

    /// A stream with nothing but what stands in its path.
    fileprivate func stream(ticket: String, _ more: String = "") throws -> EventStream {
        try EventStream(self, [:], path: "/events?ticket=\(ticket)\(more)")
    }
}

extension WholeBar {
    @Suite("A ticket", .serialized, .openBar) struct TicketTests {
        @Test func `opens one stream of whoever got it, with nothing else`() throws {
            let bar = try theBar()
            let guest = try bar.guest("Ana")
            let answer = try bar.post("/events/ticket", "{}", guest)
            #expect(answer.data["expires_in"].int == 30)
            #expect(answer["Cache-Control"] == "no-store")
            // Each connection goes to a thread of the front by chance: a ticket is good at all of them.
            for _ in 1...12 {
                let ticket = try bar.ticket(guest)
                let stream = try bar.stream(ticket: ticket)
                let other = try bar.order(try bar.anyDrink(), guest: "Bo")
                let own = try bar.order(try bar.anyDrink(), guest: "Ana")
                #expect(other.status == 201)
                #expect(try stream.next().position == own.position)
                for _ in 1...4 {
                    let used = try bar.get("/events?ticket=\(ticket)")
                    #expect(used.status == 401)
                    #expect(used.code == "bad_ticket")
                }
            }
            let staff = try bar.stream(ticket: bar.ticket(bar.asHost))
            let others = try bar.order(try bar.anyDrink(), guest: "Bo")
            #expect(try staff.next().position == others.position)
        }

        @Test func `is not used up where the bar refuses for another reason`() throws {
            let bar = try theBar()
            let guest = try bar.guestSession("Asks badly").bearer
            let ticket = try bar.ticket(guest)
            for _ in 1...4 {
                let badPlace = try bar.get("/events?ticket=\(ticket)&last_event_id=x")
                #expect(badPlace.status == 400)
                let badHeader = try bar.get("/events?ticket=\(ticket)", ["Last-Event-ID": "-1"])
                #expect(badHeader.status == 400)
                // Whoever has none learns nothing of the rest.
                #expect(try bar.get("/events?ticket=x&last_event_id=x").code == "bad_ticket")
            }
            var streams = try (0..<8).map { _ in try bar.stream(guest) }
            for _ in 1...4 {
                #expect(try bar.get("/events?ticket=\(ticket)").code == "too_many_streams")
            }
            streams.removeFirst()
            let stream = try eventually("a place for the ticket", within: 5) {
                do { return try bar.stream(ticket: ticket) } catch let refused
                    as EventStream.Refused where refused.answer.status == 429
                { return nil }
            }
            #expect(try bar.get("/events?ticket=\(ticket)").code == "bad_ticket")
            let last = try bar.announce("Asked well")
            for stream in streams + [stream] {
                #expect(try stream.events(through: last).last?.position == last)
            }
        }

        @Test func `is asked for with next to nothing, by those who may listen`() throws {
            let bar = try theBar()
            let guest = try bar.guest("Ana")
            for body in ["", "{}", String(repeating: " ", count: 64)] {
                #expect(try bar.post("/events/ticket", body, guest).status == 201)
            }
            let long = String(repeating: " ", count: 65)
            #expect(try bar.post("/events/ticket", long, guest).status == 413)
            // Refused before any of it is read.
            let huge = String(repeating: " ", count: 100_000)
            #expect(try Client(bar.port).request("POST", "/events/ticket", [:], huge).status == 401)
        }

        @Test func `goes on after the place in the query`() throws {
            let bar = try theBar()
            let begin = try bar.settledHead()
            // A header without a value says nothing.
            let other = try EventStream(
                bar, bar.guest("Ana").merging(["Last-Event-ID": ""]) { $1 },
                path: "/events?last_event_id=\(begin)")
            #expect(other.begin.position == begin)
            let own = try bar.order(try bar.anyDrink(), guest: "Ana")
            let stream = try bar.stream(
                ticket: bar.ticket(bar.guest("Ana")), "&last_event_id=\(begin)")
            #expect(stream.begin.position == begin)
            #expect(try stream.next().position == own.position)
        }

        @Test(arguments: ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", String(repeating: "A", count: 2_000)])
        func `that nobody was given opens nothing`(text: String) throws {
            let answer = try theBar().get("/events?ticket=\(text)")
            #expect(answer.status == 401)
            #expect(answer.code == "bad_ticket")
        }

        @Test func `opens nothing half a minute later`() throws {
            let bar = try theBar()
            let tickets = try (0..<2).map { _ in try bar.ticket(bar.guest("Ana")) }
            let began = seconds()
            // The one wait that has no condition to look for: time itself.
            breathe(milliseconds: 25_000)
            let stream = try bar.stream(ticket: tickets[0])
            #expect(seconds() - began < 30, "too slow a machine to tell")
            breathe(milliseconds: 6_000)
            #expect(try bar.get("/events?ticket=\(tickets[1])").code == "bad_ticket")
            let last = try bar.announce("A minute later")
            #expect(try stream.next().position == last, "the stream outlives its ticket")
        }

        @Test func `opens nothing else, and nothing else uses it up`() throws {
            let bar = try theBar()
            let ticket = try bar.ticket(bar.guest("Ana"))
            for path in ["/orders", "/drinks", "/bar", "/admin/orders"] {
                let answer = try Client(bar.port).request("GET", "\(path)?ticket=\(ticket)")
                #expect(answer.status == 401, "\(path)")
            }
            let posted = try Client(bar.port).request(
                "POST", "/events/ticket?ticket=\(ticket)", [:], "{}")
            #expect(posted.status == 401)
            for method in ["HEAD", "OPTIONS", "PUT", "DELETE"] {
                for _ in 1...4 {
                    let answer = try Client(bar.port).request(
                        method, "/events?ticket=\(ticket)",
                        ["Origin": "https://menu.example"], method == "PUT" ? "{}" : nil)
                    #expect(answer.status != 200 || method == "HEAD", "\(method)")
                }
            }
            let stream = try bar.stream(ticket: ticket)
            let own = try bar.order(try bar.anyDrink(), guest: "Ana")
            #expect(try stream.next().position == own.position)
        }

        @Test func `is given to nobody without a key and a token`() throws {
            let bar = try theBar()
            let key = ["X-Api-Key": try bar.door.key()]
            for headers in [key, try bar.guest("Ana"), [:]] {
                let answer = try Client(bar.port).request(
                    "POST", "/events/ticket", headers, "{}")
                #expect(answer.status == 401)
                let stream = try Client(bar.port).request("GET", "/events", headers)
                #expect(stream.status == 401)
            }
        }

        @Test func `is the only thing that opens a stream in the query`() throws {
            let bar = try theBar()
            let (key, token) = (try bar.door.key(), try bar.door.guest("Ana"))
            for query in [
                "api_key=\(key)", "X-Api-Key=\(key)", "key=\(key)", "x-api-key=\(key)",
            ] {
                let answer = try Client(bar.port).request(
                    "GET", "/events?\(query)", ["Authorization": "Bearer \(token)"])
                #expect([400, 401].contains(answer.status), "\(query): \(answer.status)")
            }
            for query in ["token=\(token)", "access_token=\(token)", "authorization=\(token)"] {
                let answer = try Client(bar.port).request(
                    "GET", "/events?\(query)", ["X-Api-Key": key])
                #expect([400, 401].contains(answer.status), "\(query): \(answer.status)")
            }
        }

        @Test func `opens nothing once its guest is out or its key is off`() throws {
            let bar = try theBar()
            let rude = try bar.guestSession("Was rude")
            let key = try bar.post("/admin/api-keys", #"{"name":"Live","plan":"unlimited"}"#)
            let text = try #require(key.data["key"].string)
            try bar.untilSeen(key.position ?? 0)
            let own = try bar.guest("Ana").merging(["X-Api-Key": text]) { $1 }
            let tickets = try (0..<4).flatMap { _ in
                try [bar.ticket(rude.bearer), bar.ticket(own)]
            }
            let id = rude.document["user_key"].string ?? ""
            #expect(try bar.post("/admin/guests/\(id)/disable", "{}").status == 200)
            let off = try Client(bar).request(
                "DELETE", "/admin/api-keys/\(key.data["id"].string ?? "")")
            #expect(off.status == 200)
            try bar.untilSeen(off.position ?? 0)
            for ticket in tickets {
                let answer = try bar.get("/events?ticket=\(ticket)")
                #expect(answer.status == 401, "\(answer.text)")
            }
        }
    }

    @Suite("A stream of live events", .serialized, .openBar) struct StreamEndTests {
        /// How somebody loses the right to listen.
        enum Loss: String, CaseIterable {
            case expiry, signOut, disabled, forgotten, removed, newPassword, key
        }

        @Test(arguments: Loss.allCases)
        func `ends within five seconds of`(loss: Loss) throws {
            let bar = try theBar()
            let name = "Loses by \(loss.rawValue)"
            let key = try bar.post("/admin/api-keys", #"{"name":"Lost","plan":"unlimited"}"#)
            try bar.untilSeen(key.position ?? 0)
            let isStaff = [.removed, .newPassword].contains(loss)
            let staff = isStaff ? try bar.staff(name, role: "bartender") : nil
            let session = try staff?.session ?? bar.guestSession(name)
            let text = try #require(key.data["key"].string)
            var headers = session.bearer.merging(["X-Api-Key": text]) { $1 }
            var (earliest, latest) = (0.0, 5.0)
            if loss == .expiry {
                let end = Int(Date().timeIntervalSince1970) + 4
                let short = try Forge(bar, like: session.access).make(
                    claims: ["exp": .number(end)])
                headers["Authorization"] = "Bearer \(short)"
                (earliest, latest) = (2, 4 + 5)
            }
            let began = seconds()
            // One on each thread of the front, as far as chance goes.
            let streams = try (0..<6).map { _ in try bar.stream(headers) }
            let others = try bar.stream(
                isStaff ? bar.asHost : bar.guest("Ana"))
            let guest = session.document["user_key"].string ?? ""
            let lost = seconds()
            let done: Answer? =
                switch loss {
                case .expiry: nil
                case .signOut: try bar.post("/auth/logout", "{}", session.bearer)
                case .disabled: try bar.post("/admin/guests/\(guest)/disable", "{}")
                case .forgotten: try Client(bar).request("DELETE", "/admin/guests/\(guest)")
                case .removed:
                    try Client(bar).request("DELETE", "/admin/accounts/\(staff?.id ?? "")")
                case .newPassword:
                    try bar.put(
                        "/admin/accounts/\(staff?.id ?? "")/password",
                        #"{"password":"given-by-the-host"}"#)
                case .key:
                    try Client(bar).request(
                        "DELETE", "/admin/api-keys/\(key.data["id"].string ?? "")")
                }
            #expect(done?.status ?? 200 == 200, "\(done?.text ?? "")")
            for stream in streams {
                #expect(try stream.rest(within: lost + latest - seconds()).isEmpty)
                #expect(stream.isWhole)
            }
            #expect(seconds() - began >= earliest)
            let last = try bar.announce("After \(loss.rawValue)")
            #expect(try others.next().position == last, "somebody else's")
            #expect(try bar.get("/events", headers).status == 401)
        }

        /// What was told at the last moment is not told after it.
        @Test func `tells of nothing that happens after its guest is out`() throws {
            let bar = try theBar()
            let session = try bar.guestSession("Is put out")
            let streams = try (0..<6).map { _ in try bar.stream(session.bearer) }
            let guest = session.document["user_key"].string ?? ""
            let gone = try bar.post("/admin/guests/\(guest)/disable", "{}")
            breathe(milliseconds: 1_000)
            try bar.announce("After one was put out")
            for stream in streams {
                for event in try stream.rest(within: 5) {
                    Issue.record("\(event.text) after \(gone.position ?? 0)")
                }
            }
        }

        @Test(arguments: [("guest", 8), ("staff", 32)])
        func `is one of so many of`(who: String, most: Int) throws {
            let bar = try theBar()
            let headers =
                who == "guest"
                ? try bar.guestSession("Listens").bearer
                : try bar.staff("Listens", role: "bartender").session.bearer
            // Over both threads of the front.
            var streams = try (0..<most).map { _ in try bar.stream(headers) }
            for _ in 1...12 {
                let answer = try bar.get("/events", headers)
                #expect(answer.status == 429)
                #expect(answer.code == "too_many_streams")
            }
            let ticket = try bar.ticket(headers)
            #expect(try bar.get("/events?ticket=\(ticket)").code == "too_many_streams")
            let other = try bar.stream(bar.guest("Ana"))
            let last = try bar.announce("\(most) and one more")
            for stream in streams + [other] { #expect(try stream.next().position == last) }
            for _ in 1...6 {
                streams.removeFirst()
                streams.append(try bar.nextStream(headers))
                #expect(try bar.get("/events", headers).code == "too_many_streams")
            }
        }

        @Test func `is given up within a ping of its client's going`() throws {
            let bar = try theBar()
            var streams = try (0..<9).map { try bar.stream(bar.guest("Leaves \($0 % 3)")) }
            try bar.untilStreams(9, within: 5)
            let began = seconds()
            for (number, stream) in streams.enumerated() {
                switch number % 3 {
                case 0: break
                case 1: stream.breakOff()
                default: stream.endSending()
                }
            }
            let listening = streams.enumerated().filter { $0.offset % 3 == 2 }.map(\.element)
            streams = []
            try bar.untilStreams(0, within: 16 - (seconds() - began))
            for stream in listening { #expect(try stream.rest(within: 1).isEmpty) }
        }
    }
}
