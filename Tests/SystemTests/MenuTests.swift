import Foundation
import Testing

extension WholeBar {
    @Suite("The menu", .serialized, .openBar) struct MenuTests {
        @Test func `has fifty drinks in its sections`() throws {
            let bar = try theBar()
            let menu = try bar.get("/drinks")
            #expect(menu.status == 200)
            #expect(menu.data.list.count >= 50)
            #expect(menu.json["metadata"]["count"].int == menu.data.list.count)
            #expect(menu.position != nil)
            let sections = Set(try bar.get("/sections").data.list.compactMap { $0["id"].string })
            for drink in menu.data.list {
                #expect(sections.contains(drink["section_id"].string ?? ""))
                #expect(drink["name"].string?.isEmpty == false)
            }
            let first = try #require(menu.data[0]["id"].string)
            #expect(
                try bar.get("/drinks/\(first)").data["name"].string == menu.data[0]["name"].string)
        }

        @Test func `names what is missing, and has it again when it is back`() throws {
            let bar = try theBar()
            try bar.letIn()
            let drink = try #require(
                try bar.get("/drinks").data.list.first {
                    $0["ingredients"].list.contains { $0["name"].string == "Gin" }
                })
            let id = try #require(drink["id"].string)
            let out = try bar.put("/admin/ingredients/Gin", #"{"in_stock":false}"#)
            #expect(out.status == 200)
            let after = ["Barback-After": "\(try #require(out.position))"]
            let seen = try bar.get("/drinks/\(id)", after).data
            #expect(seen["available"].bool == false)
            #expect(seen["missing"].list.map(\.string) == ["Gin"])
            let listed = try bar.get("/drinks", after).data.list.first { $0["id"].string == id }
            #expect(listed?["available"].bool == false)
            let refused = try bar.order(id, key: "gin")
            #expect(refused.status == 409)
            #expect(refused.code == "sold_out")
            #expect(refused.json["detail"].string?.contains("Gin") == true)
            // Written otherwise it is the same bottle, and out already.
            let again = try bar.put("/admin/ingredients/%20gin", #"{"in_stock":false}"#)
            #expect(again.status == 200)
            #expect(again.position == out.position)

            let back = try bar.put("/admin/ingredients/gin", #"{"in_stock":true}"#)
            #expect(back.status == 200)
            let restocked = ["Barback-After": "\(try #require(back.position))"]
            #expect(try bar.get("/drinks/\(id)", restocked).data["available"].bool == true)
            #expect(try bar.get("/drinks/\(id)").data["missing"].list.isEmpty)
            #expect(try bar.order(id, key: "gin").status == 201)
        }

        @Test(arguments: ["/drinks", "/sections", "/"])
        func `is not sent twice to whoever has it`(path: String) throws {
            let client = try Client(theBar())
            let full = try client.request("GET", path)
            let tag = try #require(full["ETag"])
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let short = try client.request("GET", path, ["If-None-Match": known])
                #expect(short.status == 304)
                #expect(short.body.isEmpty)
                #expect(short["ETag"] == tag)
            }
            #expect(try client.request("GET", path, ["If-None-Match": "\"other\""]).status == 200)
            let head = try client.request("HEAD", path)
            #expect(head.status == 200)
            #expect(head["Content-Length"] == "\(full.body.count)")
            #expect(try client.request("GET", path).body == full.body)
        }

        @Test(arguments: ["/drinks", "/sections", "/"])
        func `is sent packed to whoever can unpack it`(path: String) throws {
            let bar = try theBar()
            let plain = try bar.get(path)
            let packed = try bar.get(path, ["Accept-Encoding": "br, gzip;q=0.8"])
            #expect(plain["Content-Encoding"] == nil)
            #expect(packed["Content-Encoding"] == "gzip")
            #expect(packed["Vary"] == "Accept-Encoding")
            #expect(packed["ETag"] != plain["ETag"])
            #expect(packed.body.count < plain.body.count)
            let scratch = try Scratch()
            try Data(packed.body).write(to: URL(fileURLWithPath: scratch("menu.gz")))
            let gzip = try Launched(
                ["-dc", scratch("menu.gz")], program: "gzip", notes: scratch("gzip"))
            #expect(try gzip.wait() == 0)
            #expect(gzip.output == plain.text)
            let refusing = try bar.get(path, ["Accept-Encoding": "gzip;q=0"])
            #expect(refusing["Content-Encoding"] == nil)
        }

        @Test func `stays the same while orders come in, and changes with itself`() throws {
            let bar = try theBar()
            let before = try bar.get("/drinks")
            let placed = try bar.order(try bar.anyDrink())
            let after = try bar.get(
                "/drinks", ["Barback-After": "\(try #require(placed.position))"])
            #expect(after["ETag"] == before["ETag"])
            #expect(try #require(after.position) > #require(before.position))
            let known = ["If-None-Match": try #require(before["ETag"])]
            #expect(try bar.get("/drinks", known).status == 304)

            let section = try #require(before.data[0]["section_id"].string)
            let made = try bar.post(
                "/admin/drinks", #"{"section_id":"\#(section)","name":"Corpse Reviver No. 3"}"#)
            #expect(made.status == 201)
            let position = try #require(made.position)
            let changed = try bar.get(
                "/drinks", known.merging(["Barback-After": "\(position)"]) { $1 })
            #expect(changed.status == 200)
            #expect(changed["ETag"] != before["ETag"])
            #expect(changed.data.list.contains { $0["name"].string == "Corpse Reviver No. 3" })
        }

        @Test func `has a new section where the host wants it`() throws {
            let bar = try theBar()
            let made = try bar.post(
                "/admin/sections", #"{"name":"Nightcaps","display_order":900}"#,
                ["Idempotency-Key": "s"])
            #expect(made.status == 201)
            let again = try bar.post(
                "/admin/sections", #"{"name":"Nightcaps","display_order":900}"#,
                ["Idempotency-Key": "s"])
            #expect(again.data["id"].string == made.data["id"].string)
            let after = ["Barback-After": "\(try #require(made.position))"]
            let sections = try bar.get("/sections", after).data.list
            #expect(sections.count { $0["name"].string == "Nightcaps" } == 1)
            #expect(sections.last?["name"].string == "Nightcaps")
        }
    }
}
