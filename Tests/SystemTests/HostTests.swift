import Foundation
import Testing

extension WholeBar {
    @Suite("The host", .serialized, .openBar) struct HostTests {
        private func host() throws -> Client { try Client(theBar()) }

        private func section(_ name: String = "Late") throws -> String {
            let made = try theBar().post("/admin/sections", "{\"name\":\"\(name)\"}")
            return try #require(made.data["id"].string)
        }

        private func drink(_ section: String, _ rest: String = "") throws -> Answer {
            try theBar().post(
                "/admin/drinks",
                """
                {"section_id":"\(section)","name":"Test Sour","abv":18,
                "ingredients":[{"name":"Test Gin","amount":50,"unit":"ml"},"Test Lemon"]\(rest)}
                """)
        }

        @Test func `changes a drink, keeping what is not named, and guests see it at once`() throws
        {
            let bar = try theBar()
            let made = try drink(section())
            #expect(made.status == 201)
            #expect(made["ETag"] == "\"v1\"")
            let id = try #require(made.data["id"].string)
            #expect(made["Location"] == "/admin/drinks/\(id)")
            let changed = try bar.put("/admin/drinks/\(id)", #"{"garnish":"Lemon peel"}"#)
            #expect(changed.status == 200)
            #expect(changed["ETag"] == "\"v2\"")
            #expect(changed.data["version"].int == 2)
            #expect(changed.data["garnish"].string == "Lemon peel")
            #expect(changed.data["ingredients"].list.count == 2)
            #expect(changed.data["abv"].int == 18)
            let seen = try bar.get(
                "/drinks/\(id)", ["Barback-After": "\(try #require(changed.position))"])
            #expect(seen.data["garnish"].string == "Lemon peel")
            let one = try bar.get("/admin/drinks/\(id)")
            #expect(one["ETag"] == "\"v2\"")
            #expect(one["Cache-Control"] == "no-store")
            #expect(one.body == changed.body)
        }

        @Test func `is told when somebody was faster`() throws {
            let bar = try theBar()
            let id = try #require(try drink(section()).data["id"].string)
            let path = "/admin/drinks/\(id)"
            let first = try bar.put(path, #"{"garnish":"A"}"#, ["If-Match": "\"v1\""])
            #expect(first.status == 200)
            let late = try bar.put(path, #"{"garnish":"B"}"#, ["If-Match": "\"v1\""])
            #expect(late.status == 412)
            #expect(late.code == "version_changed")
            let gone = try host().request("DELETE", path, ["If-Match": "\"v1\""])
            #expect(gone.status == 412)
            #expect(try bar.get(path).data["garnish"].string == "A")
            #expect(try host().request("DELETE", path, ["If-Match": "\"v2\""]).status == 200)
        }

        @Test func `sees what a drink was, and puts it back`() throws {
            let bar = try theBar()
            let section = try section()
            let id = try #require(try drink(section).data["id"].string)
            let path = "/admin/drinks/\(id)"
            _ = try bar.put(path, #"{"garnish":"A","abv":20}"#)
            let changed = try bar.put(path, #"{"garnish":"B","tags":["late"]}"#)
            let after = ["Barback-After": "\(try #require(changed.position))"]
            let first = try bar.get("\(path)/history?limit=2", after)
            #expect(first.data.list.map { $0["version"].int } == [3, 2])
            #expect(first.data.list.map { $0["drink"]["garnish"].string } == ["B", "A"])
            #expect(first.data.list[0]["by"].string == "staff")
            #expect(first.data.list[0]["position"].int == changed.position)
            let cursor = try #require(first.json["metadata"]["next_cursor"].string)
            let last = try bar.get("\(path)/history?cursor=\(cursor)").data.list
            #expect(last.map { $0["type"].string } == ["DrinkCreated"])
            #expect(last[0]["drink"]["available"].string == nil)

            let before = try JSONSerialization.data(withJSONObject: last[0]["drink"].members)
            let again = try bar.put(path, String(decoding: before, as: UTF8.self))
            #expect(again.status == 200, "\(again.text)")
            #expect(again.data["garnish"].string == "" && again.data["abv"].int == 18)
            #expect(again.data["tags"].list.isEmpty && again.data["version"].int == 4)

            #expect(try host().request("DELETE", path).status == 200)
            #expect(try bar.get(path).status == 404)
            let end = try bar.get("\(path)/history").data.list
            #expect(end[0]["type"].string == "DrinkDeleted" && end.count == 5)
            #expect(try bar.get("/admin/drinks/\(section)/history").status == 404)
            #expect(try bar.get("\(path)/history?limit=101").status == 422)
        }

        @Test func `hides a drink from guests and still finds it`() throws {
            let bar = try theBar()
            let id = try #require(try drink(section(), #","is_active":false"#).data["id"].string)
            #expect(try bar.get("/drinks/\(id)").status == 404)
            #expect(try !bar.get("/drinks").data.list.contains { $0["id"].string == id })
            #expect(try bar.get("/admin/drinks").data.list.contains { $0["id"].string == id })
            #expect(try bar.get("/admin/drinks/\(id)").data["is_active"].bool == false)
            let ordered = try bar.order(id)
            #expect(ordered.status == 409)
            #expect(ordered.code == "not_on_menu")
        }

        @Test func `deletes a drink, and its orders stay whole`() throws {
            let bar = try theBar()
            let section = try section()
            let id = try #require(try drink(section).data["id"].string)
            let order = try #require(try bar.order(id, guest: "Whole").data["id"].string)
            let held = try host().request("DELETE", "/admin/sections/\(section)")
            #expect(held.status == 409)
            #expect(held.code == "section_not_empty")
            let gone = try host().request("DELETE", "/admin/drinks/\(id)")
            #expect(gone.status == 200)
            #expect(gone.data["id"].string == id)
            let after = ["Barback-After": "\(try #require(gone.position))"]
            for path in ["/drinks/\(id)", "/admin/drinks/\(id)"] {
                #expect(try bar.get(path, after).status == 404)
            }
            #expect(try host().request("DELETE", "/admin/drinks/\(id)").status == 404)
            #expect(try bar.put("/admin/drinks/\(id)", "{}").status == 404)
            #expect(try bar.order(id).code == "not_on_menu")

            let ready = try bar.move(order, to: "ready")
            #expect(ready.status == 200)
            let kept = try bar.get("/orders/\(order)", try bar.guest("Whole"))
            #expect(kept.data["drink"]["name"].string == "Test Sour")
            let full = try bar.get(
                "/admin/orders/\(order)", ["Barback-After": "\(try #require(ready.position))"])
            #expect(full.data["drink"]["ingredients"][0]["name"].string == "Test Gin")
            #expect(full.data["drink"]["version"].int == 1)
            #expect(full.data["status"].string == "ready")

            #expect(try host().request("DELETE", "/admin/sections/\(section)").status == 200)
            #expect(try host().request("DELETE", "/admin/sections/\(section)").status == 404)
            #expect(try bar.get("/admin/sections/\(section)").status == 404)
        }

        @Test func `renames a section and moves it`() throws {
            let bar = try theBar()
            let id = try section("Before")
            _ = try drink(id)
            let changed = try bar.put(
                "/admin/sections/\(id)", #"{"name":"After","display_order":0}"#,
                ["If-Match": "\"v1\""])
            #expect(changed.status == 200)
            #expect(changed["ETag"] == "\"v2\"")
            let after = ["Barback-After": "\(try #require(changed.position))"]
            let sections = try bar.get("/sections", after).data.list
            #expect(sections.first { $0["id"].string == id }?["name"].string == "After")
            let menu = try bar.get("/drinks", after).data.list
            #expect(menu.contains { $0["section_name"].string == "After" })
            #expect(
                try bar.put("/admin/sections/\(id)", "{}", ["If-Match": "\"v1\""]).status == 412)
        }

        @Test func `reads all drinks page by page`() throws {
            let bar = try theBar()
            let all = try bar.get("/admin/drinks").data.list.compactMap { $0["id"].string }
            var paged: [String] = []
            var cursor = ""
            repeat {
                let page = try bar.get("/admin/drinks?limit=17\(cursor)")
                #expect(page.status == 200)
                paged += page.data.list.compactMap { $0["id"].string }
                cursor = page.json["metadata"]["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(paged == all)
        }

        @Test(arguments: [
            ("/admin/drinks?limit=0", "limit"), ("/admin/drinks?limit=1001", "limit"),
            ("/admin/drinks?limit=%2B5", "limit"), ("/drinks?max_abv=0x1p3", "max_abv"),
            ("/admin/drinks?limit=1&limit=2", "limit"), ("/admin/drinks?cursor=x", "cursor"),
            ("/admin/orders?status=lost", "status"), ("/admin/orders?limit=x", "limit"),
            ("/admin/orders?cursor=-1", "cursor"),
            ("/orders?include_completed=yes", "include_completed"),
        ])
        func `is told which parameter is wrong`(path: String, field: String) throws {
            let bar = try theBar()
            let answer = try bar.get(path, path.hasPrefix("/orders") ? bar.guest("Ana") : [:])
            #expect(answer.status == 422)
            #expect(answer.code == "invalid")
            #expect(answer.fields == [field])
            #expect(try bar.get("/admin/orders?colour=red").code == "unknown_parameter")
        }

        @Test func `sees what an empty bottle touches, before and after`() throws {
            let bar = try theBar()
            let made = try drink(section())
            let id = try #require(made.data["id"].string)
            let order = try #require(try bar.order(id, guest: "Touched").data["id"].string)
            func touched(_ answer: JSON) -> (drinks: [String], orders: [String]) {
                (
                    answer["drinks"].list.compactMap { $0["id"].string },
                    answer["waiting_orders"].list.compactMap { $0["id"].string }
                )
            }
            let before = try eventually("the order in the orders model") { () -> Answer? in
                let answer = try bar.get("/admin/ingredients/test%20gin")
                return answer.data["waiting_order_count"].int == 0 ? nil : answer
            }
            #expect(before.data["in_stock"].bool == true)
            #expect(touched(before.data).drinks.contains(id))
            #expect(touched(before.data).orders.contains(order))
            let out = try bar.put("/admin/ingredients/Test%20Gin", #"{"in_stock":false}"#)
            #expect(out.status == 200)
            #expect(out.data["in_stock"].bool == false)
            #expect(touched(out.data).drinks.contains(id))
            #expect(touched(out.data).orders.contains(order))
            let list = try bar.get("/admin/ingredients").data.list
            let row = try #require(list.first { $0["name"].string == "Test Gin" })
            #expect(row["in_stock"].bool == false)
            #expect(row["drink_count"].int == touched(out.data).drinks.count)
            #expect(touched(row).orders.contains(order))
            // The other bottle changes nothing while this one is out.
            let other = try bar.get("/admin/ingredients/Test%20Lemon").data
            #expect(!touched(other).drinks.contains(id))
            _ = try bar.put("/admin/ingredients/Test%20Gin", #"{"in_stock":true}"#)
            #expect(try bar.get("/admin/ingredients/Nothing").status == 404)
        }

        @Test func `works the queue, oldest first, with whole recipes and counts`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let before = try bar.get("/admin/orders").json["metadata"]
            var placed: [String] = []
            var position = 0
            for _ in 0..<3 {
                let answer = try bar.order(drink, guest: "Queue")
                placed.append(try #require(answer.data["id"].string))
                position = try #require(answer.position)
            }
            _ = try bar.move(placed[0], to: "completed")
            let moved = try bar.move(placed[1], to: "in_progress")
            position = try #require(moved.position)
            let queue = try bar.get("/admin/orders?limit=1000", ["Barback-After": "\(position)"])
            #expect(queue.status == 200)
            let ids = queue.data.list.compactMap { $0["id"].string }.filter(placed.contains)
            #expect(ids == [placed[1], placed[2]])
            #expect(queue.data[0]["drink"]["ingredients"].list.isEmpty == false)
            let counts = queue.json["metadata"]
            func grew(_ name: String) -> Int { (counts[name].int ?? 0) - (before[name].int ?? 0) }
            #expect(grew("pending_count") == 1)
            #expect(grew("in_progress_count") == 1)
            #expect(grew("completed_24h_count") == 1)
            let done = try bar.get("/admin/orders?status=completed&limit=1000").data.list
            #expect(done.contains { $0["id"].string == placed[0] })
            #expect(!done.contains { $0["id"].string == placed[1] })
        }

        @Test func `takes an order for a guest without a phone`() throws {
            let bar = try theBar()
            let body = """
                {"drink_id":"\(try bar.anyDrink())","guest_name":"Grandma","quantity":3,"note":"no ice"}
                """
            let placed = try bar.post("/admin/orders", body)
            #expect(placed.status == 201)
            let id = try #require(placed.data["id"].string)
            #expect(placed["Location"] == "/orders/\(id)")
            #expect(placed.data["username"].string == "Grandma")
            #expect(placed.data["quantity"].int == 3 && placed.data["note"].string == "no ice")
            #expect(placed.data["timeline"][0]["by"].string == "staff")
        }

        @Test func `names the bar, and every guest reads it`() throws {
            let bar = try theBar()
            let settings = try bar.get("/admin/settings")
            let tag = try #require(settings["ETag"])
            let body = #"{"name":"La Última","show_recipes":false,"max_active_orders":7}"#
            let changed = try bar.put("/admin/settings", body, ["If-Match": tag])
            #expect(changed.status == 200)
            let after = ["Barback-After": "\(try #require(changed.position))"]
            let seen = try bar.get("/bar", after).data
            #expect(seen["name"].string == "La Última")
            #expect(seen["show_recipes"].bool == false)
            #expect(seen["max_active_orders"].int == 7)
            #expect(try bar.put("/admin/settings", body, ["If-Match": tag]).status == 412)
            let back = try bar.put("/admin/bar", #"{"accepting_orders":true,"name":"Barback"}"#)
            #expect(back.status == 200)
            let reset = try bar.put(
                "/admin/settings", #"{"show_recipes":true,"max_active_orders":null}"#)
            let again = ["Barback-After": "\(try #require(reset.position))"]
            let now = try bar.get("/bar", again).data
            #expect(now["name"].string == "Barback")
            #expect(now["show_recipes"].bool == true)
            #expect(now["max_active_orders"].int == 0)
            #expect(try bar.get("/admin/settings").data["max_active_orders"].isNull)
        }

        @Test func `settles when an order is late, and both boards read it`() throws {
            let bar = try theBar()
            let before = try bar.get("/admin/settings").data
            #expect(before["wait_minutes"].int == 5 && before["late_minutes"].int == 8)
            let changed = try bar.put("/admin/settings", #"{"late_minutes":12}"#)
            #expect(changed.data["wait_minutes"].int == 5 && changed.data["late_minutes"].int == 12)
            let after = ["Barback-After": "\(try #require(changed.position))"]
            for path in ["/bar", "/admin/bar"] {
                let seen = try bar.get(path, after).data
                #expect(seen["wait_minutes"].int == 5 && seen["late_minutes"].int == 12)
            }
            let wrong = try bar.put("/admin/settings", #"{"wait_minutes":12}"#)
            #expect(wrong.status == 422 && wrong.fields == ["late_minutes"])
            #expect(try bar.put("/admin/settings", #"{"late_minutes":8}"#).status == 200)
        }
    }

    @Suite("A guest", .serialized, .openBar) struct GuestTests {
        @Test func `finds the own orders, and cancels one that nobody has begun`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let me = try bar.guest("María")
            let client = try Client(bar)
            let first = try #require(try bar.order(drink, guest: "María").data["id"].string)
            let second = try #require(try bar.order(drink, guest: "María").data["id"].string)
            _ = try bar.order(drink, guest: "Bo")
            let cancelled = try client.request("POST", "/orders/\(first)/cancel", me)
            #expect(cancelled.status == 200)
            #expect(cancelled.data["status"].string == "cancelled")
            let after = me.merging(["Barback-After": "\(try #require(cancelled.position))"]) { $1 }
            let open = try bar.get("/orders", after)
            #expect(open.data.list.map { $0["id"].string } == [second])
            #expect(open.data[0]["queue_position"].int == 1)
            #expect(open.json["metadata"]["next_cursor"].isNull)
            let all = try bar.get("/orders?include_completed=true", after)
            #expect(all.data.list.map { $0["id"].string } == [second, first])
            #expect(try bar.get("/orders").status == 401)

            _ = try bar.move(second, to: "in_progress")
            let late = try client.request("POST", "/orders/\(second)/cancel", me, "{}")
            #expect(late.status == 409)
            #expect(late.code == "invalid_transition")
            let theirs = try client.request(
                "POST", "/orders/\(second)/cancel", try bar.guest("Bo"))
            #expect(theirs.status == 404)
            #expect(try client.request("POST", "/orders/\(second)/cancel").status == 401)
        }
    }
}
