import Foundation
import Testing

extension WholeBar {
    @Suite("A menu of any size", .serialized) struct MenuSizeTests {
        private static let routes = [
            "/", "/bar", "/sections", "/drinks", "/drinks?limit=10", "/drinks?q=drink&limit=10",
            "/drinks?with=Ingredient%207&without=Ingredient%208",
            "/drinks?makeable=true&max_abv=40",
            "/ingredients", "/ingredients?q=ingr", "/orders", "/orders?include_completed=true",
            "/admin/drinks", "/admin/drinks?limit=10", "/admin/sections", "/admin/ingredients",
            "/admin/orders", "/admin/settings", "/metrics", "/readyz",
        ]

        @Test func `of nothing answers on every route`() throws {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            for route in Self.routes {
                let headers = try route.hasPrefix("/orders") ? bar.guest("Ana") : [:]
                let answer = try bar.get(route, headers)
                #expect(answer.status == 200, "\(route)")
                if answer["Content-Type"] == "application/json", !answer.json["metadata"].isAbsent {
                    #expect(answer.data.list.isEmpty, "\(route)")
                    #expect(answer.json["metadata"]["count"].int == 0, "\(route)")
                }
            }
            let nothing = UUID().uuidString.lowercased()
            for route in [
                "/drinks/\(nothing)", "/orders/\(nothing)", "/admin/drinks/\(nothing)",
                "/admin/sections/\(nothing)", "/admin/ingredients/Rum", "/admin/orders/\(nothing)",
            ] {
                #expect(try bar.get(route).code == "not_found", "\(route)")
            }
            let export = try barback("export", "--data", bar.data)
            #expect(export.output.split(separator: "\n").count == 2)
            let verify = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(verify.code == 0, "\(verify.errors)")
        }

        @Test func `of ten thousand drinks answers on every route`() throws {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            let scratch = try Scratch()
            try Self.menu(drinks: 10_000).write(
                toFile: scratch("menu.jsonl"), atomically: true, encoding: .utf8)
            let done = try barback("import", scratch("menu.jsonl"), "--data", bar.data)
            #expect(done.output == "Imported: 10,020 new, 0 changed, 0 as they were.\n")
            let head = try eventually("a menu that is whole", within: 30) { () -> Int? in
                let menu = try Client(bar, seconds: 30).request("GET", "/drinks")
                return menu.json["metadata"]["count"].int == 10_000 ? menu.position : nil
            }
            for route in Self.routes {
                let headers = try route.hasPrefix("/orders") ? bar.guest("Ana") : [:]
                let answer = try Client(bar, seconds: 30).request(
                    "GET", route, headers.merging(["Barback-After": "\(head)"]) { $1 })
                #expect(answer.status == 200, "\(route)")
            }
            #expect(try bar.get("/admin/drinks").data.list.count == 10_000)
            let id = try #require(try bar.get("/admin/drinks?limit=1").data[0]["id"].string)
            #expect(try bar.get("/drinks/\(id)").status == 200)
            #expect(try bar.order(id).status == 201)
            let touched = try bar.put("/admin/ingredients/Ingredient%207", #"{"in_stock":false}"#)
            #expect(touched.data["drink_count"].int == 200)
            let changed = try bar.put("/admin/drinks/\(id)", #"{"name":"First"}"#)
            #expect(changed.status == 200)
            let seen = try Client(bar, seconds: 30).request(
                "GET", "/drinks", ["Barback-After": "\(try #require(changed.position))"])
            #expect(seen.data[0]["name"].string == "First")
            #expect(seen.data.list.count { $0["available"].bool == false } == 200)
        }

        private static func menu(drinks: Int) -> String {
            var lines = [#"{"barback":"menu","version":1}"#]
            for section in 0..<20 {
                lines.append(
                    "{\"section\":{\"name\":\"Section \(section)\",\"display_order\":\(section)}}")
            }
            for number in 0..<drinks {
                let ingredients = (0..<6).map {
                    "{\"name\":\"Ingredient \((number * 6 + $0) % 300)\",\"amount\":30,\"unit\":\"ml\"}"
                }
                lines.append(
                    """
                    {"drink":{"section":"Section \(number % 20)","name":"Drink \(number)","abv":20,\
                    "display_order":\(number),"ingredients":[\(ingredients.joined(separator: ","))]}}
                    """)
            }
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
