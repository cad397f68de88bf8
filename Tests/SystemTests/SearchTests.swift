import Foundation
import Testing

extension WholeBar {
    @Suite("The search over HTTP", .serialized, .openBar) struct SearchTests {
        private func names(_ answer: Answer) -> [String] {
            answer.data.list.compactMap { $0["name"].string }
        }

        @Test func `answers with the documents of the menu, in its order`() throws {
            let bar = try theBar()
            let whole = try bar.get("/drinks")
            let gin = whole.data.list.filter {
                $0["ingredients"].list.contains { $0["name"].string == "Gin" }
            }.compactMap { $0["name"].string }
            let found = try bar.get("/drinks?with=GIN")
            #expect(found.status == 200)
            #expect(!gin.isEmpty)
            #expect(names(found) == gin)
            #expect(found.json["metadata"]["count"].int == gin.count)
            #expect(found.json["metadata"]["next_cursor"].isNull)
            #expect(found.position != nil)
            // Byte for byte.
            for drink in found.data.list {
                let one = try bar.get("/drinks/\(try #require(drink["id"].string))").text
                let document = one.dropFirst(#"{"data":"#.count).dropLast()
                #expect(found.text.contains(document))
                #expect(whole.text.contains(document))
            }
            #expect(Set(names(try bar.get("/drinks?without=gin"))).isDisjoint(with: gin))
            for nothing in ["/drinks?q=", "/drinks?q=%20%F0%9F%8D%B9%21"] {
                #expect(try bar.get(nothing).body == whole.body)
            }
        }

        @Test(arguments: [1, 7, 1_000]) func `gives pages that hold each drink once`(limit: Int)
            throws
        {
            let bar = try theBar()
            var found: [String] = []
            var cursor = ""
            repeat {
                let page = try bar.get("/drinks?limit=\(limit)\(cursor)")
                #expect(page.data.list.count <= limit)
                found += names(page)
                cursor = page.json["metadata"]["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(found == names(try bar.get("/drinks")))
        }

        @Test func `knows what has just been said, when it is asked to`() throws {
            let bar = try theBar()
            let section = try #require(try bar.get("/sections").data[0]["id"].string)
            let made = try bar.post(
                "/admin/drinks",
                #"{"section_id":"\#(section)","name":"Smörgåsbord Sour","abv":12,"tags":["Länge"],"#
                    + #""ingredients":["Åkvavit","Lime juice"]}"#)
            let after = ["Barback-After": "\(try #require(made.position))"]
            let path = "/drinks?with=akvavit&q=smor&tag=lange&max_abv=12&makeable=true"
            #expect(names(try bar.get(path, after)) == ["Smörgåsbord Sour"])
            #expect(try bar.get("/ingredients?q=ak", after).data[0]["name"].string == "Åkvavit")
            let out = try bar.put(
                "/admin/ingredients/\(escaped("Åkvavit"))", #"{"in_stock":false}"#)
            let later = ["Barback-After": "\(try #require(out.position))"]
            #expect(names(try bar.get(path, later)).isEmpty)
            let listed = try bar.get("/ingredients?q=ak", later).data[0]
            #expect(listed["in_stock"].bool == false)
            #expect(listed["drink_count"].int == 1)
        }

        @Test func `is not sent twice to whoever has it, until something changes`() throws {
            let bar = try theBar()
            let first = try bar.get("/drinks?q=sour")
            let known = ["If-None-Match": try #require(first["ETag"])]
            let short = try bar.get("/drinks?q=sour", known)
            #expect(short.status == 304)
            #expect(short.body.isEmpty)
            let change = try bar.put("/admin/ingredients/Sugar", #"{"in_stock":false}"#)
            let after = known.merging(["Barback-After": "\(try #require(change.position))"]) { $1 }
            #expect(try bar.get("/drinks?q=sour", after).status == 200)
            #expect(try bar.put("/admin/ingredients/Sugar", #"{"in_stock":true}"#).status == 200)
        }

        @Test(arguments: [
            ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"),
            ("limit=1&limit=2", "limit"), ("cursor=x", "cursor"), ("cursor=", "cursor"),
            ("alcohol_free=yes", "alcohol_free"), ("makeable=", "makeable"),
            ("max_abv=101", "max_abv"),
            ("max_abv=nan", "max_abv"), ("max_abv=-1", "max_abv"), ("section_id=1", "section_id"),
            ("tag=", "tag"), ("with=", "with"), ("without=%20", "without"),
            ("q=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k", "q"),
            ("q=" + String(repeating: "a", count: 201), "q"),
            ((0..<21).map { "with=\($0)" }.joined(separator: "&"), "with"),
        ]) func `says which value is wrong`(query: String, field: String) throws {
            let answer = try theBar().get("/drinks?\(query)")
            #expect(answer.status == 422)
            #expect(answer.code == "invalid")
            #expect(answer.fields.contains { $0.hasPrefix(field) }, "\(answer.fields)")
        }

        @Test(arguments: [
            "/drinks?flavour=sweet", "/drinks?with=gin&flavour=sweet", "/ingredients?with=gin",
        ]) func `refuses a filter that it does not know`(path: String) throws {
            let answer = try theBar().get(path)
            #expect(answer.status == 400)
            #expect(answer.code == "unknown_parameter")
        }

        private static let hostile = [
            "'", "\"", "''); DROP TABLE drink; --", "gin OR rum", "gin AND NOT rum",
            "NEAR(gin rum)",
            "gin*", "^gin", "name:gin", "-gin", "(", ")", "%", "_", "\\", "*", "~", "=gin",
            "\u{10FFFF}",
            "🍹👨‍👩‍👧‍👦🇸🇪", "ﷺ", "e\u{301}\u{301}\u{301}", "\u{202E}nig", "\u{FEFF}", "{\"a\":1}", "\n",
            "\t", "\u{7F}", "\u{85}", String(repeating: "x", count: 10_000),
            String(repeating: "💥", count: 2_500), String(repeating: "a ", count: 5_000),
            String(repeating: "\"", count: 200), String(repeating: "é", count: 200),
        ]

        @Test(arguments: hostile) func `bears whatever is asked`(text: String) throws {
            let client = try Client(theBar())
            let value = escaped(text)
            for parameter in ["q", "with", "without", "tag", "section_id", "cursor", "max_abv"] {
                let answer = try Client(theBar()).request(
                    "GET", "/drinks?\(parameter)=\(value)")
                #expect([200, 414, 422].contains(answer.status), "\(parameter): \(answer.status)")
            }
            let words = try Client(theBar()).request("GET", "/ingredients?q=\(value)")
            #expect([200, 414, 422].contains(words.status))
            #expect(try client.request("GET", "/drinks?q=gin").status == 200)
        }

        @Test(arguments: ["%00", "gin%00rum", "%FF", "%C3", "%", "%zz"])
        func `refuses what is no text`(value: String) throws {
            #expect(try theBar().get("/drinks?q=\(value)").status == 400)
            #expect(try theBar().get("/ingredients?q=\(value)").status == 400)
        }
    }

    @Suite("A menu that is too long", .serialized) struct LongerMenuTests {
        @Test func `comes in pages, also when nothing is asked`() throws {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            let scratch = try Scratch()
            var lines = [#"{"barback":"menu","version":1}"#, #"{"section":{"name":"All"}}"#]
            lines += (0..<10_001).map { #"{"drink":{"section":"All","name":"Drink \#($0)"}}"# }
            try lines.joined(separator: "\n").write(
                toFile: scratch("menu.jsonl"), atomically: true, encoding: .utf8)
            let done = try barback("import", scratch("menu.jsonl"), "--data", bar.data)
            #expect(done.code == 0, "\(done.errors)")
            let client = try Client(bar, seconds: 30)
            // Every event is there when the last section and the last drink are.
            var page = try eventually("a menu that is whole", within: 60) { () -> Answer? in
                let page = try client.request("GET", "/drinks?q=10000")
                return page.data.list.count == 1 ? try client.request("GET", "/drinks") : nil
            }
            var ids: [String] = []
            while true {
                #expect(page.status == 200)
                ids += page.data.list.compactMap { $0["id"].string }
                guard let cursor = page.json["metadata"]["next_cursor"].string else { break }
                #expect(page.data.list.count == 1_000)
                page = try client.request("GET", "/drinks?cursor=\(cursor)")
            }
            #expect(ids.count == 10_001)
            #expect(Set(ids).count == 10_001)
        }
    }
}
