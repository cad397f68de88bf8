import Foundation
import Testing

extension WholeBar {
    @Suite("Who may do what", .serialized, .openBar) struct RoleTests {
        @Test func `is asked here of every address there is`() throws {
            let known = Set(AdminRoute.all.map(\.testDescription))
            let difference = try known.symmetricDifference(AdminRoute.inSources())
            #expect(difference.isEmpty, "\(difference.sorted())")
            #expect(known.count == AdminRoute.all.count)
        }

        @Test(arguments: AdminRoute.all) func `keeps guests out of`(_ route: AdminRoute) throws {
            let bar = try theBar()
            let head = try bar.settledHead()
            for method in Set([route.method, route.method == "GET" ? "HEAD" : route.method]) {
                let answer = try Client(bar).request(
                    method, route.path, bar.guest("Ana"), route.body)
                #expect(answer.status == 403)
                if method != "HEAD" { #expect(answer.code == "not_allowed") }
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test(arguments: AdminRoute.all) func `keeps everybody out of`(_ route: AdminRoute) throws {
            let bar = try theBar()
            let head = try bar.settledHead()
            let key = ["X-Api-Key": try bar.door.key()]
            let host = ["Authorization": "Bearer \(try bar.door.host())"]
            let strange = ["X-Api-Key": "barback_" + String(repeating: "A", count: 43)]
            for (headers, code) in [
                (key, "not_signed_in"), (host, "no_api_key"), ([:], "no_api_key"),
                (host.merging(strange) { $1 }, "unknown_api_key"),
                (host.merging(["X-Api-Key": ""]) { $1 }, "unknown_api_key"),
            ] {
                let answer = try Client(bar.port).request(
                    route.method, route.path, headers, route.body)
                #expect(answer.status == 401)
                #expect(answer.code == code)
            }
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test(arguments: ["auditor", "bartender"]) func `keeps the staff to its work`(role: String)
            throws
        {
            let bar = try theBar()
            let session = try bar.staff("Works as \(role)", role: role).session
            let head = try bar.settledHead()
            for route in AdminRoute.all {
                let answer = try Client(bar).request(
                    route.method, route.path, session.bearer, route.body)
                if role == "bartender" && route.isForBar {
                    #expect(![401, 403].contains(answer.status), "\(route.testDescription)")
                } else {
                    #expect(answer.code == "not_allowed", "\(route.testDescription)")
                    #expect(answer.status == 403)
                }
            }
            // A guest's own are not the staff's either.
            let order = try bar.post("/orders", "{}", session.bearer)
            #expect(order.code == "not_allowed")
            #expect(try bar.get("/orders", session.bearer).code == "not_allowed")
            // A bartender has been told what is wrong with an empty body, and changed nothing.
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `keeps a guest's orders from other guests`() throws {
            let bar = try theBar()
            let order = try bar.order(bar.anyDrink(), guest: "Ana", note: "mine")
            let id = try #require(order.data["id"].string)
            let nothing = "01a20aba-d8ad-75a8-a8ee-d798a15e24d2"
            let head = try bar.settledHead()
            let other = try bar.guest("Bo")
            let reading = try bar.get("/orders/\(id)", other)
            #expect(reading.status == 404)
            #expect(reading.text == (try bar.get("/orders/\(nothing)", other)).text)
            let cancelling = try bar.post("/orders/\(id)/cancel", "{}", other)
            #expect(cancelling.status == 404)
            #expect(
                cancelling.text == (try bar.post("/orders/\(nothing)/cancel", "{}", other)).text)
            #expect(try !bar.get("/orders", other).text.contains(id))
            #expect(try LogRows.head(data: bar.data) == head)
            let own = try bar.post("/orders/\(id)/cancel", "{}", bar.guest("Ana"))
            #expect(own.status == 200)
            #expect(try bar.get("/orders/\(id)").status == 200, "the host sees it")
        }
    }
}

extension WholeBar {
    @Suite("An API key", .serialized, .openBar) struct APIKeyTests {
        @Test func `that was disabled opens nothing within a second`() throws {
            let bar = try theBar()
            let made = try bar.post("/admin/api-keys", #"{"name":"Old phone"}"#)
            let id = try #require(made.data["id"].string)
            let key = ["X-Api-Key": try #require(made.data["key"].string)]
            #expect(try bar.get("/drinks", key).status == 200)
            #expect(try Client(bar).request("DELETE", "/admin/api-keys/\(id)").status == 200)
            try eventually("a key that opens nothing", within: 1) {
                let answers = try (0..<6).map { _ in try bar.get("/drinks", key) }
                return answers.allSatisfy { $0.code == "unknown_api_key" } ? true : nil
            }
            let keys = try bar.get("/admin/api-keys")
            let row = try #require(keys.data.list.first { $0["id"].string == id })
            #expect(row["disabled_at"].string != nil)
            #expect(row["key"].isAbsent)
            #expect(try !keys.text.contains(#require(key["X-Api-Key"])))
        }

        @Test(arguments: ["api_key", "X-Api-Key", "x-api-key", "key", "apikey"])
        func `in an address opens nothing`(name: String) throws {
            let bar = try theBar()
            let key = try bar.door.key()
            let path = "/drinks?\(name)=\(key)"
            #expect(try Client(bar.port).request("GET", path).code == "no_api_key")
            let both = try Client(bar.port).request("GET", path, ["X-Api-Key": key])
            #expect(both.status == 400)
            #expect(both.code == "unknown_parameter")
        }

        @Test(arguments: [
            "/bar", "/sections", "/drinks", "/drinks/x", "/ingredients", "/orders", "/orders/x",
        ])
        func `is asked for at`(path: String) throws {
            let bar = try theBar()
            #expect(try Client(bar.port).request("GET", path).code == "no_api_key")
            let page = try Client(bar.port).request("GET", "/")
            #expect(page.status == 200, "pages are shown to everybody")
        }

        @Test func `of the pages is replaced where it is disabled`() throws {
            let bar = try theBar()
            let file = bar.data + "/run/web-key"
            let old = try String(contentsOfFile: file, encoding: .utf8)
            let keys = try bar.get("/admin/api-keys").data.list
            let id = try #require(
                keys.first { $0["is_web_key"].bool == true && $0["disabled_at"].isNull }?["id"]
                    .string)
            #expect(try Client(bar).request("DELETE", "/admin/api-keys/\(id)").status == 200)
            let new = try eventually("another key of the pages") { () -> String? in
                let text = try String(contentsOfFile: file, encoding: .utf8)
                return text == old ? nil : text
            }
            try eventually("a page with the new key") {
                let pages = try (0..<6).map { _ in try bar.get("/").text }
                return pages.allSatisfy { $0.contains(new) && !$0.contains(old) } ? true : nil
            }
            #expect(try bar.get("/drinks", ["X-Api-Key": new]).status == 200)
            #expect(try bar.get("/drinks", ["X-Api-Key": old]).code == "unknown_api_key")
        }
    }
}
