import Foundation
import Testing

extension WholeBar {
    @Suite("An order", .serialized, .openBar) struct OrderTests {
        @Test func `goes from the tap to the glass`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let placed = try bar.order(drink, guest: "Ana", note: "no ice", quantity: 2)
            #expect(placed.status == 201)
            let id = try #require(placed.data["id"].string)
            #expect(placed["Location"] == "/orders/\(id)")
            #expect(placed["Content-Type"] == "application/json")
            #expect(placed.data["status"].string == "pending")
            #expect(placed.data["quantity"].int == 2)
            #expect(placed.data["note"].string == "no ice")
            #expect(placed.data["username"].string == "Ana")
            #expect(placed.data["drink"]["id"].string == drink)
            #expect(placed.data["completed_at"].isNull)

            // Its own guest and the host see it at once, nobody else ever.
            let after = ["Barback-After": "\(try #require(placed.position))"]
            let seen = try bar.get("/orders/\(id)", after.merging(try bar.guest("Ana")) { $1 })
            #expect(seen.status == 200)
            #expect(seen.data["ticket"].int == placed.data["ticket"].int)
            #expect(seen.data["queue_position"].int != nil)
            #expect(try #require(seen.position) >= #require(placed.position))
            #expect(try bar.get("/orders/\(id)").status == 200)
            let stranger = try bar.get("/orders/\(id)", try bar.guest("Bo"))
            #expect(stranger.status == 404)
            #expect(stranger.code == "not_found")

            for status in ["in_progress", "ready", "completed"] {
                let moved = try bar.move(id, to: status)
                #expect(moved.status == 200)
                #expect(moved.data["status"].string == status)
                let seen = try order(id, asOf: moved)
                #expect(seen["status"].string == status)
                #expect(seen["completed_at"].isNull == (status != "completed"))
            }
            let timeline = try bar.get("/orders/\(id)").data["timeline"].list
            #expect(
                timeline.map { $0["status"].string } == [
                    "pending", "in_progress", "ready", "completed",
                ])
            #expect(timeline.map { $0["by"].string } == ["guest", "staff", "staff", "staff"])
        }

        @Test func `walks back the way it came`() throws {
            let bar = try theBar()
            let id = try newOrder()
            for status in ["in_progress", "completed"] {
                #expect(try bar.move(id, to: status).status == 200)
            }
            // It never was ready, so that is no step back.
            #expect(try bar.move(id, to: "ready").code == "invalid_transition")
            let back = try bar.move(id, to: "in_progress")
            #expect(back.status == 200)
            #expect(try order(id, asOf: back)["completed_at"].isNull)
            #expect(try bar.move(id, to: "pending").status == 200)
            #expect(try bar.move(id, to: "cancelled").status == 200)
            let again = try bar.move(id, to: "pending")
            #expect(again.status == 200)
            #expect(try order(id, asOf: again)["queue_position"].int != nil)
        }

        @Test func `that two bartenders tap moves once`() throws {
            let bar = try theBar()
            let id = try newOrder()
            let first = try bar.move(id, to: "ready")
            let second = try bar.move(id, to: "ready")
            #expect(first.status == 200)
            #expect(second.status == 200)
            #expect(second.position == first.position)
            #expect(second.data["timeline"].list.count == 2)
            let log = try LogRows(data: bar.data)
            #expect(log.rows.count { $0.stream == "order-\(id)" } == 2)
        }

        @Test(arguments: [
            (["completed"], "cancelled"), (["ready"], "rejected"), (["cancelled"], "ready"),
            (["rejected"], "in_progress"), (["ready"], "in_progress"), (["completed"], "ready"),
        ])
        func `does not jump`(way: [String], target: String) throws {
            let bar = try theBar()
            let id = try newOrder()
            for status in way { #expect(try bar.move(id, to: status).status == 200) }
            let head = try LogRows.head(data: bar.data)
            let refused = try bar.move(id, to: target)
            #expect(refused.status == 409)
            #expect(refused.code == "invalid_transition")
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `moves only from where its bartender saw it`() throws {
            let bar = try theBar()
            let id = try newOrder()
            #expect(
                try bar.move(id, to: "in_progress", #","expected_status":"pending""#).status == 200)
            let late = try bar.move(id, to: "ready", #","expected_status":"pending""#)
            #expect(late.status == 409)
            #expect(late.code == "status_changed")
            #expect(
                try bar.move(id, to: "ready", #","expected_status":"in_progress""#).status == 200)
        }

        @Test func `that is rejected tells its guest why`() throws {
            let bar = try theBar()
            let id = try newOrder()
            let moved = try bar.move(id, to: "rejected", #","reason":"No más limón, ¡lo siento!""#)
            #expect(moved.status == 200)
            let after = ["Barback-After": "\(try #require(moved.position))"]
            let ana = try bar.guest("Ana")
            let seen = try bar.get("/orders/\(id)", after.merging(ana) { $1 }).data
            #expect(seen["status"].string == "rejected")
            #expect(seen["timeline"].list.last?["reason"].string == "No más limón, ¡lo siento!")
        }

        @Test func `waits for the bar to open again`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let body = #"{"accepting_orders":false,"message":"Back at nine"}"#
            let paused = try bar.put("/admin/bar", body)
            defer { _ = try? bar.put("/admin/bar", #"{"accepting_orders":true}"#) }
            #expect(paused.status == 200)
            let refused = try bar.order(drink)
            #expect(refused.status == 409)
            #expect(refused.code == "ordering_paused")
            #expect(refused.json["detail"].string?.contains("Back at nine") == true)
            let seen = try bar.get("/bar", ["Barback-After": "\(try #require(paused.position))"])
            #expect(seen.data["accepting_orders"].bool == false)
            #expect(seen.data["message"].string == "Back at nine")
            #expect(try bar.get("/drinks").status == 200)
            #expect(try bar.put("/admin/bar", #"{"accepting_orders":true}"#).status == 200)
            #expect(try bar.order(drink).status == 201)
        }

        @Test func `of nobody's is not found`() throws {
            let bar = try theBar()
            let nobody = "01a20aba-d8ad-75a8-a8ee-d798a15e24d2"
            #expect(try bar.move(nobody, to: "ready").status == 404)
            #expect(try bar.move("seven", to: "ready").status == 404)
            #expect(try bar.get("/orders/seven").status == 404)
        }

        @Test func `cannot be waited for before it exists`() throws {
            let bar = try theBar()
            let head = try LogRows.head(data: bar.data)
            let began = seconds()
            for path in ["/drinks", "/bar", "/sections"] {
                let ahead = try bar.get(path, ["Barback-After": "\(head + 1_000)"])
                #expect(ahead.status == 409)
                #expect(ahead.code == "position_ahead")
            }
            #expect(seconds() - began < 1)
            for wrong in ["-1", "x", "1.5", "99999999999999999999"] {
                let answer = try bar.get("/bar", ["Barback-After": wrong])
                #expect(answer.status == 400)
                #expect(answer.code == "bad_header")
            }
        }

        @Test func `is seen by whoever waits for it while the projector is slow`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let client = try Client(bar)
            let late = try Client(bar)
            try bar.letIn()
            var id = ""
            try bar.whileStopped("projector orders") {
                let placed = try bar.order(drink)
                id = try #require(placed.data["id"].string)
                let after = ["Barback-After": "\(try #require(placed.position))"]
                // Two seconds are the limit; then the guest is asked to come again.
                let began = seconds()
                let behind = try late.request("GET", "/orders/\(id)", after)
                #expect(behind.status == 503)
                #expect(behind.code == "still_behind")
                #expect(behind["Retry-After"] != nil)
                #expect((1.5...4).contains(seconds() - began))
                try client.send("GET", "/orders/\(id)", after)
            }
            let seen = try client.answer()
            #expect(seen.status == 200)
            #expect(seen.data["id"].string == id)
        }

        private func newOrder() throws -> String {
            let bar = try theBar()
            return try #require(try bar.order(try bar.anyDrink()).data["id"].string)
        }

        private func order(_ id: String, asOf answer: Answer) throws -> JSON {
            let after = ["Barback-After": "\(try #require(answer.position))"]
            return try theBar().get("/orders/\(id)", after).data
        }
    }

    @Suite("A guest with a limit", .serialized, .openBar(flags: "--max-active-orders", "2"))
    struct LimitTests {
        @Test func `has at most so many orders waiting`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            #expect(try bar.get("/bar").data["max_active_orders"].int == 2)
            let first = try bar.order(drink)
            #expect(try bar.order(drink).status == 201)
            let refused = try bar.order(drink, key: "third")
            #expect(refused.status == 409)
            #expect(refused.code == "too_many_active_orders")
            #expect(try bar.order(drink, guest: "Bo").status == 201)
            // One is ready, one may come; after a new start as well.
            #expect(try bar.move(try #require(first.data["id"].string), to: "ready").status == 200)
            try bar.replace("commands")
            try bar.untilOpen()
            #expect(try bar.order(drink, key: "third").status == 201)
            #expect(try bar.order(drink, key: "fourth").status == 409)
        }

        @Test func `has them also when all are sent at once`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            try bar.letIn(["Cleo"])
            let answers = try bar.inOneBatch(20) { number, client in
                try client.sendOrder(drink, guest: "Cleo", key: "at-once-\(number)")
            }
            #expect(answers.count { $0.status == 201 } == 2)
            #expect(answers.count { $0.code == "too_many_active_orders" } == 18)
        }
    }
}
