import Foundation
import Glibc
import TestSamples
import Testing

extension WholeBar {
    @Suite("Live events", .serialized, .openBar) struct LiveTests {
        @Test func `begin with where they begin, under the headers of a stream`() throws {
            let bar = try theBar()
            let head = try bar.settledHead()
            let stream = try EventStream(bar, bar.guest("Ana"))
            #expect(stream.head["Content-Type"] == "text/event-stream")
            #expect(stream.head["Cache-Control"] == "no-store")
            #expect(stream.head["X-Accel-Buffering"] == "no")
            #expect(stream.head["Connection"] == "close")
            #expect(stream.head["Content-Length"] == nil)
            #expect(stream.head["Transfer-Encoding"] == nil)
            #expect(stream.head["X-Content-Type-Options"] == "nosniff")
            #expect(stream.begin.position <= head)
            #expect((2_000...4_000).contains(stream.begin.retry))
            // Whatever is acknowledged from now on is told.
            let said = try bar.announce("Begins")
            let first = try stream.next()
            #expect(first.position == said)
            #expect(first.name == "bar_changed")
        }

        /// An order as `GET /orders/{id}` shows it, but for its place in the queue, which changes without an event.
        private func isAsRead(_ event: EventStream.Event, _ answer: Answer) -> Bool {
            var read = answer.data.members
            read["queue_position"] = NSNull()
            return NSDictionary(dictionary: event.data.members).isEqual(to: read)
        }

        @Test func `tell a guest of each step of their order, and staff too`() throws {
            let bar = try theBar()
            let (guest, host) = (
                try bar.stream(bar.guest("Ana")), try bar.stream(bar.asHost)
            )
            let placed = try bar.order(try bar.anyDrink(), guest: "Ana", note: "no ice \u{1F9CA}\n")
            let id = try #require(placed.data["id"].string)
            var before = "pending"
            for stream in [guest, host] {
                let event = try stream.next()
                #expect(event.told == "\(placed.position ?? 0) order_created \(id) pending")
                #expect(event.document["previous_status"].isAbsent)
                #expect(isAsRead(event, placed), "\(event.text) is not \(placed.text)")
            }
            // Back again too, and completed after that.
            for status in ["in_progress", "pending", "ready", "completed", "ready", "completed"] {
                let moved = try bar.move(id, to: status)
                let after = ["Barback-After": "\(try #require(moved.position))"]
                let read = try bar.get("/orders/\(id)", after)
                let name = status == "completed" ? "order_completed" : "order_status_changed"
                for stream in [guest, host] {
                    let event = try stream.next()
                    #expect(
                        event.told == "\(moved.position ?? 0) \(name) \(id) \(before)>\(status)")
                    #expect(isAsRead(event, read), "\(event.text) is not \(read.text)")
                }
                before = status
                // Tapped twice, it is told once.
                #expect(try bar.move(id, to: status).status == 200)
            }
            let cancelled = try bar.order(try bar.anyDrink(), guest: "Ana")
            let other = try #require(cancelled.data["id"].string)
            let gone = try bar.post("/orders/\(other)/cancel", "{}", bar.guest("Ana"))
            for stream in [guest, host] {
                #expect(try stream.next().position == cancelled.position)
                #expect(
                    try stream.next().told
                        == "\(gone.position ?? 0) order_status_changed \(other) pending>cancelled")
            }
        }

        @Test func `tell everybody of the menu and the bar`() throws {
            let bar = try theBar()
            let streams = try [
                bar.stream(bar.guest("Ana")), bar.stream(bar.guest("Bo")), bar.stream(bar.asHost),
            ]
            func everybody(is what: String, at answer: Answer) throws {
                let position = try #require(answer.position, "\(answer.text)")
                for stream in streams { #expect(try stream.next().told == "\(position) \(what)") }
            }
            let section = try bar.post("/admin/sections", #"{"name":"Live"}"#)
            let shelf = try #require(section.data["id"].string)
            try everybody(is: "menu_changed section_created \(shelf)", at: section)
            let drink = try bar.post(
                "/admin/drinks",
                "{\"section_id\":\"\(shelf)\",\"name\":\"Live Sour\",\"ingredients\":[\"Live Gin\"]}"
            )
            let id = try #require(drink.data["id"].string)
            try everybody(is: "menu_changed drink_created \(id)", at: drink)
            try everybody(
                is: "menu_changed drink_updated \(id)",
                at: bar.put("/admin/drinks/\(id)", #"{"garnish":"Lemon"}"#))
            for (isIn, change) in [(false, "ingredient_ran_out"), (true, "ingredient_restocked")] {
                try everybody(
                    is: "menu_changed \(change) Live Gin",
                    at: bar.put("/admin/ingredients/Live%20Gin", "{\"in_stock\":\(isIn)}"))
            }
            try everybody(
                is: "menu_changed drink_deleted \(id)",
                at: Client(bar).request("DELETE", "/admin/drinks/\(id)"))
            try everybody(
                is: "menu_changed section_deleted \(shelf)",
                at: Client(bar).request("DELETE", "/admin/sections/\(shelf)"))
            for (body, message) in [
                (#"{"accepting_orders":false,"message":"Ice run"}"#, "Ice run"),
                (#"{"accepting_orders":true}"#, nil),
            ] {
                let changed = try bar.put("/admin/bar", body)
                for stream in streams {
                    let event = try stream.next()
                    #expect(event.told == "\(changed.position ?? 0) bar_changed")
                    #expect(event.data["accepting_orders"].bool == (message == nil))
                    #expect(event.data["message"].string == message)
                    #expect(event.data["name"].string?.isEmpty == false)
                    #expect(event.data["show_recipes"].bool == true)
                }
            }
        }

        @Test func `keep from guests what only staff may see`() throws {
            let bar = try theBar()
            let (guest, host) = (try bar.stream(bar.guest("Ana")), try bar.stream(bar.asHost))
            let drinks = try bar.get("/admin/drinks").data.list
            let shelf = try #require(drinks.first?["section_id"].string)
            let hidden = try bar.post(
                "/admin/drinks",
                "{\"section_id\":\"\(shelf)\",\"name\":\"Secret\",\"ingredients\":[\"Rum\"],\"is_active\":false}"
            )
            let id = try #require(hidden.data["id"].string, "\(hidden.text)")
            _ = try bar.put("/admin/drinks/\(id)", #"{"garnish":"Lime"}"#)
            let byHand = try bar.post(
                "/admin/orders",
                "{\"guest_name\":\"Ana\",\"drink_id\":\"\(try bar.anyDrink())\"}")
            let order = try #require(byHand.data["id"].string, "\(byHand.text)")
            let others = try bar.order(try bar.anyDrink(), guest: "Bo")
            _ = try bar.move(order, to: "completed")
            // A drink that comes onto the menu, and one that leaves it, are for everybody.
            let shown = try bar.put("/admin/drinks/\(id)", #"{"is_active":true}"#)
            let gone = try bar.put("/admin/drinks/\(id)", #"{"is_active":false}"#)
            let last = try bar.announce("Keeps secrets")
            let log = try LogRows(data: bar.data)
            let seen = try host.events(through: last).map(\.told)
            #expect(seen == log.toldStaff(after: host.begin.position))
            #expect(seen.contains { $0.contains(order) })
            #expect(seen.contains { $0.contains(others.data["id"].string ?? "-") })
            #expect(
                try guest.events(through: last).map(\.told) == [
                    "\(shown.position ?? 0) menu_changed drink_updated \(id)",
                    "\(gone.position ?? 0) menu_changed drink_updated \(id)",
                    "\(last) bar_changed",
                ])
        }

        @Test func `are pinged in a silence, with the place reached`() throws {
            let bar = try theBar()
            let guest = try bar.stream(bar.guest("Ana"))
            let placed = try bar.order(try bar.anyDrink(), guest: "Bo")
            let began = seconds()
            guard case .ping = try guest.block(by: began + 16) else {
                Issue.record("no ping")
                return
            }
            #expect(seconds() - began > 13)
            // Nothing was for Ana, and a stream that goes on from here need not look at it again.
            #expect(guest.position >= placed.position ?? .max)
            let last = try bar.announce("After the ping")
            #expect(try guest.next().position == last)
        }

        @Test func `go on where they were broken off`() throws {
            let bar = try theBar()
            let first = try bar.stream(bar.asHost)
            let drink = try bar.anyDrink()
            for number in 1...20 {
                _ = try bar.order(drink, guest: number % 2 == 0 ? "Ana" : "Bo")
            }
            let last = try bar.announce("Broken off")
            let told = try LogRows(data: bar.data).toldStaff(after: first.begin.position)
            #expect(try first.events(through: last).map(\.told) == told)
            for after in first.begin.position..<last {
                // By a header or, as whoever has a ticket must, in the query.
                let again =
                    after % 2 == 0
                    ? try bar.stream(bar.asHost, after: after)
                    : try EventStream(bar, bar.asHost, path: "/events?last_event_id=\(after)")
                #expect(again.begin.position == after)
                let rest = try again.events(through: last).map(\.told)
                #expect(rest == told.suffix(last - after))
            }
            let guest = try #require(
                try bar.get("/admin/guests").data.list.first { $0["username"].string == "Bo" }?[
                    "id"
                ]
                .string)
            let own = try bar.stream(bar.guest("Bo"), after: first.begin.position)
            #expect(
                try own.events(through: last).map(\.told)
                    == LogRows(data: bar.data).told(guest: guest, after: first.begin.position))
        }

        @Test(arguments: [
            "x", "-1", "1.5", "+1", "0x10", "1e3", "1 2", "1000000000000000000",
            "99999999999999999999",
        ])
        func `do not begin after what is no place`(text: String) throws {
            let bar = try theBar()
            let guest = try bar.guest("Ana")
            let answer = try bar.get(
                "/events", guest.merging(["Last-Event-ID": text]) { $1 })
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.code != nil)
            let inQuery = try bar.get("/events?last_event_id=\(escaped(text))", guest)
            #expect(inQuery.status == 400, "\(inQuery.text)")
        }

        @Test(arguments: [1_000_000, 999_999_999_999_999_999])
        func `begin anew after a place that is not there yet`(ahead: Int) throws {
            let bar = try theBar()
            let head = try bar.settledHead()
            let stream = try bar.stream(bar.guest("Ana"), after: ahead)
            let reset = try stream.next()
            #expect(reset.name == "reset")
            #expect(reset.text == "{\"type\":\"reset\",\"position\":\(reset.position)}")
            #expect(reset.position <= head)
            let last = try bar.announce("Anew after \(ahead)")
            #expect(try stream.next().position == last)
        }

        @Test func `end in order when the front does, and go on at the next`() throws {
            let bar = try theBar()
            let stream = try bar.stream(bar.asHost)
            let drink = try bar.anyDrink()
            _ = try bar.order(drink, guest: "Ana")
            _ = try stream.next()
            let front = try bar.pid(of: "front")
            kill(front, SIGTERM)
            // In order: what was begun is finished, and the connection is closed, not broken.
            _ = try stream.rest(within: 5)
            #expect(stream.isWhole)
            let kept = stream.position
            try eventually("another front") { bar.children()["front"]?.pid != front ? true : nil }
            try bar.untilOpen()
            _ = try bar.order(drink, guest: "Ana")
            let last = try bar.announce("After the restart")
            try stream.resume(by: seconds() + 10)
            #expect(
                try stream.events(through: last).map(\.told)
                    == LogRows(data: bar.data).toldStaff(after: kept))
        }
    }
}
