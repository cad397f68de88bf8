import Foundation
import Testing

/// A request with one thing wrong, and the field that the answer must name.
struct Bad: CustomTestStringConvertible, Sendable {
    let name: String
    let path: String
    /// DRINK and SECTION stand for ids that exist.
    let body: String
    let field: String
    var isPut = false

    var testDescription: String { name }
}

private func order(_ name: String, _ body: String, _ field: String) -> Bad {
    Bad(name: "an order: \(name)", path: "/orders", body: body, field: field)
}

/// A name that says `username` in what a guest sends at the door.
private func guest(_ name: String, _ username: String) -> Bad {
    Bad(
        name: "a guest: \(name)", path: "/register", body: "{\"username\":\(username)}",
        field: "username")
}

private func drink(_ name: String, _ body: String, _ field: String) -> Bad {
    Bad(name: "a drink: \(name)", path: "/admin/drinks", body: body, field: field)
}

private let long = String(repeating: "é", count: 101)
private let stranger = "01a20aba-d8ad-75a8-a8ee-d798a15e24d2"

extension WholeBar {
    @Suite("A bad value", .serialized, .openBar) struct ValueTests {
        static let bad: [Bad] = [
            order("no drink", #"{}"#, "drink_id"),
            order("an empty drink", #"{"drink_id":""}"#, "drink_id"),
            order("an unknown drink", #"{"drink_id":"\#(stranger)"}"#, "drink_id"),
            order("a drink that is a number", #"{"drink_id":7}"#, "drink_id"),
            order("quantity 0", #"{"drink_id":"DRINK","quantity":0}"#, "quantity"),
            order("quantity -1", #"{"drink_id":"DRINK","quantity":-1}"#, "quantity"),
            order("quantity 11", #"{"drink_id":"DRINK","quantity":11}"#, "quantity"),
            order(
                "quantity 2^63", #"{"drink_id":"DRINK","quantity":9223372036854775808}"#, "quantity"
            ),
            order(
                "quantity 2^63-1", #"{"drink_id":"DRINK","quantity":9223372036854775807}"#,
                "quantity"),
            order("quantity 1.5", #"{"drink_id":"DRINK","quantity":1.5}"#, "quantity"),
            order("quantity 1e300", #"{"drink_id":"DRINK","quantity":1e300}"#, "quantity"),
            order("quantity two", #"{"drink_id":"DRINK","quantity":"2"}"#, "quantity"),
            order("quantity true", #"{"drink_id":"DRINK","quantity":true}"#, "quantity"),
            order("quantity [1]", #"{"drink_id":"DRINK","quantity":[1]}"#, "quantity"),
            order(
                "a note of 201 characters",
                "{\"drink_id\":\"DRINK\",\"note\":\"\(long)\(long.dropFirst())\"}", "note"),
            order("a note that is a list", #"{"drink_id":"DRINK","note":[]}"#, "note"),
            order("a note with a bell", #"{"drink_id":"DRINK","note":"a\u0007b"}"#, "note"),
            guest("no name", "null"),
            guest("an empty name", #""""#),
            guest("a name of blanks", #"" \t\n ""#),
            guest("a name of 101 characters", quoted(long)),
            guest("a name that is a number", "7"),
            guest("a name with a bell", #""A\u0007B""#),
            guest("a name that runs backwards", #""A\u202eB""#),
            guest("a name with a blank of no width", #""A\u200bB""#),
            drink("no name", #"{"section_id":"SECTION"}"#, "name"),
            drink("an empty name", #"{"section_id":"SECTION","name":""}"#, "name"),
            drink("a name of blanks", #"{"section_id":"SECTION","name":" \t "}"#, "name"),
            drink(
                "a name of 101 characters", "{\"section_id\":\"SECTION\",\"name\":\"\(long)\"}",
                "name"),
            drink("a name that is a number", #"{"section_id":"SECTION","name":7}"#, "name"),
            drink("no section", #"{"name":"Negroni"}"#, "section_id"),
            drink(
                "an unknown section", #"{"section_id":"\#(stranger)","name":"Negroni"}"#,
                "section_id"),
            drink(
                "a section that is no id", #"{"section_id":"Sours","name":"Negroni"}"#, "section_id"
            ),
            drink("abv 101", #"{"section_id":"SECTION","name":"Negroni","abv":101}"#, "abv"),
            drink("abv -1", #"{"section_id":"SECTION","name":"Negroni","abv":-1}"#, "abv"),
            drink(
                "abv strong", #"{"section_id":"SECTION","name":"Negroni","abv":"strong"}"#, "abv"),
            drink(
                "a display order of 1.5",
                #"{"section_id":"SECTION","name":"Negroni","display_order":1.5}"#, "display_order"),
            drink(
                "ice of another kind", #"{"section_id":"SECTION","name":"Negroni","ice":"dry"}"#,
                "ice"),
            drink(
                "ingredients that are a text",
                #"{"section_id":"SECTION","name":"Negroni","ingredients":"gin"}"#, "ingredients"),
            drink(
                "an ingredient without a name",
                #"{"section_id":"SECTION","name":"Negroni","ingredients":[{"amount":3}]}"#,
                "ingredients[0].name"),
            drink(
                "an ingredient of nothing",
                #"{"section_id":"SECTION","name":"Negroni","ingredients":["gin",{"name":"Campari","amount":0}]}"#,
                "ingredients[1].amount"),
            drink(
                "is_active yes", #"{"section_id":"SECTION","name":"Negroni","is_active":"yes"}"#,
                "is_active"),
            Bad(name: "a section: no name", path: "/admin/sections", body: "{}", field: "name"),
            Bad(
                name: "a section: a name of 101 characters", path: "/admin/sections",
                body: "{\"name\":\"\(long)\"}", field: "name"),
            Bad(
                name: "a section: a display order of -1", path: "/admin/sections",
                body: #"{"name":"Sours","display_order":-1}"#, field: "display_order"),
            Bad(
                name: "an ingredient: in_stock is missing", path: "/admin/ingredients/Lime",
                body: "{}", field: "in_stock", isPut: true),
            Bad(
                name: "an ingredient: in_stock 1", path: "/admin/ingredients/Lime",
                body: #"{"in_stock":1}"#, field: "in_stock", isPut: true),
            Bad(
                name: "the bar: accepting_orders is missing", path: "/admin/bar",
                body: #"{"message":"x"}"#, field: "accepting_orders", isPut: true),
            Bad(
                name: "the bar: a long message", path: "/admin/bar",
                body: "{\"accepting_orders\":false,\"message\":\"\(long)\(long)\"}",
                field: "message", isPut: true),
        ]

        @Test(arguments: bad) func `is refused by its name and leaves nothing`(_ bad: Bad) throws {
            let bar = try theBar()
            let menu = try bar.get("/drinks").data
            let body = bad.body
                .replacing("DRINK", with: try #require(menu[0]["id"].string))
                .replacing("SECTION", with: try #require(menu[0]["section_id"].string))
            let headers =
                switch bad.path {
                case "/orders": try bar.guest("Ana")
                case "/register": ["X-Registration-Code": try bar.door.code()]
                default: [String: String]()
                }
            let head = try LogRows.head(data: bar.data)
            let answer =
                try bad.isPut
                ? bar.put(bad.path, body, headers) : bar.post(bad.path, body, headers)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.code == "invalid")
            #expect(answer.fields == [bad.field])
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `does not hide another`() throws {
            let bar = try theBar()
            let answer = try bar.post(
                "/orders", #"{"quantity":"x","note":7}"#, bar.guest("Ana"))
            #expect(Set(answer.fields).isSuperset(of: ["quantity", "note"]))
        }

        @Test(arguments: [#"{}"#, #"{"status":"drunk"}"#, #"{"status":3}"#])
        func `of a status is refused`(body: String) throws {
            let bar = try theBar()
            let id = try #require(try bar.order(try bar.anyDrink()).data["id"].string)
            let answer = try bar.put("/admin/orders/\(id)", body)
            #expect(answer.status == 422)
            #expect(answer.fields.contains("status"))
        }

        @Test(arguments: ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic QW5hOkFuYQ==", "Ana"])
        func `is neither staff nor a guest whose token cannot be read`(header: String) throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let id = try #require(try bar.order(drink).data["id"].string)
            let headers = ["Authorization": header]
            for path in ["/orders/\(id)", "/orders", "/admin/orders", "/drinks"] {
                let seen = try bar.get(path, headers)
                #expect(seen.status == 401, "\(path)")
                #expect(seen.code == "bad_token", "\(path)")
            }
            let placed = try bar.post("/orders", "{\"drink_id\":\"\(drink)\"}", headers)
            #expect(placed.status == 401)
        }

        @Test func `is not a guest who says nothing`() throws {
            let bar = try theBar()
            let answer = try bar.post("/orders", "{\"drink_id\":\"\(try bar.anyDrink())\"}")
            #expect(answer.status == 401)
            #expect(answer.code == "not_signed_in")
        }
    }

    @Suite("A name", .serialized, .openBar) struct NameTests {
        static let names = [
            "Piña colada, ¿señor?", "Skål på Ångströms bar", "梅酒ソーダ割り", "🍹👩🏽‍🍳🏳️‍🌈",
            "مشروب النعناع البارد",
            "שלום לחיים", "e\u{301} is not \u{E9}", "O'Brien \"the\" <b>&amp;</b> \\",
            "%41 + ; -- DROP TABLE event",
            String(repeating: "👨‍👩‍👧‍👦", count: 50),
        ]

        @Test(arguments: names) func `of a drink comes back as it was sent`(name: String) throws {
            let bar = try theBar()
            let section = try #require(try bar.get("/sections").data[0]["id"].string)
            let made = try bar.post(
                "/admin/drinks",
                "{\"section_id\":\"\(section)\",\"name\":\(quoted(name)),\"description\":\(quoted(name))}"
            )
            #expect(made.status == 201, "\(made.text)")
            let path = try #require(made["Location"])
            let after = ["Barback-After": "\(try #require(made.position))"]
            let drink = try bar.get(path, after)
            #expect(same(drink.data["name"].string, name))
            #expect(same(drink.data["description"].string, name))
            let menu = try bar.get("/drinks", after).data.list
            #expect(menu.contains { same($0["name"].string, name) })
            #expect(
                try bar.get("/drinks", after.merging(["Accept-Encoding": "gzip"]) { $1 }).status
                    == 200)
        }

        @Test(arguments: names) func `of a guest comes back as it was sent`(name: String) throws {
            let bar = try theBar()
            let placed = try bar.order(try bar.anyDrink(), guest: name, note: name)
            #expect(placed.status == 201, "\(placed.text)")
            #expect(same(placed.data["username"].string, name))
            #expect(same(placed.data["note"].string, name))
            let after = ["Barback-After": "\(try #require(placed.position))"]
            let seen = try bar.get(
                try #require(placed["Location"]), after.merging(bar.guest(name)) { $1 })
            #expect(same(seen.data["username"].string, name))
            #expect(same(seen.data["note"].string, name))
        }

        /// Scalar by scalar: to Swift, two spellings of é are equal; the bar keeps one of them, NFC.
        private func same(_ text: String?, _ other: String) -> Bool {
            let kept = other.precomposedStringWithCanonicalMapping
            return text.map { Array($0.unicodeScalars) == Array(kept.unicodeScalars) } ?? false
        }
    }
}
