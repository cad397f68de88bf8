import Domain
import JSON
import Projectors
import SQLite
import Testing

@testable import ReadModels

@Suite("The search") struct SearchTests {
    let bar: TestModels
    let section: SectionID

    init() throws {
        bar = try TestModels()
        section = try bar.section()
    }

    private func names(_ change: (inout SearchQuery) -> Void = { _ in }) throws -> [String] {
        try bar.build(.search)
        var query = SearchQuery()
        change(&query)
        return try bar.found(query).drinks.compactMap { $0["name"]?.string }
    }

    private func words(_ text: String) -> [String] { Folded(text).words }

    @Test func `finds an ingredient however it is spelled, also an optional one`() throws {
        _ = try bar.drink(section, "A") {
            $0.ingredients = [IngredientLine(name: "Crème de Cacao")]
        }
        _ = try bar.drink(section, "B") {
            $0.ingredients = [IngredientLine(name: "CREME  DE cacao", optional: true)]
        }
        _ = try bar.drink(section, "C") {
            $0.ingredients = [IngredientLine(name: "Gin", substitutes: ["Crème de Cacao"])]
        }
        #expect(try names { $0.with = ["crème de CACAO "] } == ["A", "B"])
        // A mere substitute is not in the glass.
        #expect(try names { $0.without = ["creme de cacao"] } == ["C"])
        #expect(try names { $0.with = ["creme de"] } == [])
        #expect(
            try names {
                $0.with = ["gin"]
                $0.without = ["GIN"]
            } == [])
    }

    @Test func `finds words by their beginnings, every one of them`() throws {
        _ = try bar.drink(section, "Piña Colada") {
            $0.ingredients = [IngredientLine(name: "Ron añejo"), IngredientLine(name: "Coco")]
            $0.translations = [
                Translation(language: "ja", name: "ピニャ コラーダ", description: "coladas")
            ]
        }
        _ = try bar.drink(section, "Ron Collins")
        #expect(try names { $0.words = words("col") } == ["Piña Colada", "Ron Collins"])
        #expect(try names { $0.words = words("RON col añ") } == ["Piña Colada"])
        #expect(try names { $0.words = words("コラ") } == ["Piña Colada"])
        #expect(try names { $0.words = words("olada") } == [])
        #expect(try names { $0.words = words("coladas") } == [])
        #expect(try names { $0.words = words(" 🍹 ~*\"' ") } == ["Piña Colada", "Ron Collins"])
    }

    @Test func `knows strength, also where nobody knows it`() throws {
        for (name, abv) in [("None", nil), ("Zero", 0), ("Weak", 9.5), ("Strong", 40)]
            as [(String, Double?)]
        {
            _ = try bar.drink(section, name) { $0.abv = abv }
        }
        #expect(try names { $0.alcoholFree = true } == ["Zero"])
        #expect(try names { $0.alcoholFree = false } == ["None", "Weak", "Strong"])
        #expect(try names { $0.maxABV = 9.5 } == ["Zero", "Weak"])
        #expect(try names { $0.maxABV = 9.49 } == ["Zero"])
        #expect(try names { $0.maxABV = 100 } == ["Zero", "Weak", "Strong"])
    }

    @Test func `knows what can be made, as soon as the shelf changes`() throws {
        _ = try bar.drink(section, "Sour") {
            $0.ingredients = [
                IngredientLine(name: "Pisco", substitutes: ["Cachaça"]),
                IngredientLine(name: "Lime"), IngredientLine(name: "Egg", optional: true),
            ]
        }
        _ = try bar.drink(section, "Water")
        #expect(try names { $0.makeable = true } == ["Sour", "Water"])
        try bar.out("PISCO")
        try bar.out("egg")
        #expect(try names { $0.makeable = true } == ["Sour", "Water"])
        try bar.out("cachaça")
        #expect(try names { $0.makeable = true } == ["Water"])
        #expect(try names { $0.makeable = false } == ["Sour"])
        let sour = try #require(try bar.found(SearchQuery()).drinks.first)
        #expect(sour["available"] == .bool(false))
        #expect(sour["missing"] == .array([.string("Pisco")]))
        // Also one that comes when the shelf is empty already.
        _ = try bar.drink(section, "Rum") { $0.ingredients = [IngredientLine(name: "Cachaça")] }
        #expect(try names { $0.makeable = false } == ["Sour", "Rum"])
        try bar.restock("Cachaça")
        #expect(try names { $0.makeable = false } == [])
    }

    @Test func `knows tags, sections and what is not served`() throws {
        let other = try bar.section("Other", order: 7)
        _ = try bar.drink(other, "A") { $0.tags = ["Clásico", "corto"] }
        _ = try bar.drink(section, "B") { $0.tags = ["clasico"] }
        _ = try bar.drink(section, "Hidden") { $0.isActive = false }
        #expect(try names { $0.tag = "CLASICO" } == ["B", "A"])
        #expect(try names { $0.tag = "corto" } == ["A"])
        #expect(try names { $0.tag = "cort" } == [])
        #expect(try names { $0.sectionID = other.description } == ["A"])
        #expect(try names() == ["B", "A"])
    }

    @Test func `completes ingredients, what most drinks name first`() throws {
        let lines = [
            ["Gin", "Lime juice"], ["gin", "Lemon Juice", "GIN"], ["Gin", "Ñora"], ["Rum"],
        ]
        let drinks = try lines.enumerated().map { index, lines in
            try bar.drink(section, "\(index)") {
                $0.ingredients = lines.map { IngredientLine(name: $0, substitutes: ["Vodka"]) }
            }
        }
        _ = try bar.drink(section, "Hidden") {
            $0.isActive = false
            $0.ingredients = [IngredientLine(name: "Rum")]
        }
        try bar.out("lime juice")
        try bar.build(.search)
        func list(_ text: String = "", limit: Int = 20) throws -> String {
            var json = JSONWriter()
            _ = try bar.search().writeIngredients(words: words(text), limit: limit, into: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        #expect(
            try list("ju") == """
                [{"name":"Lemon Juice","drink_count":1,"in_stock":true},\
                {"name":"Lime juice","drink_count":1,"in_stock":false}]
                """)
        #expect(try list("li ju").contains("Lemon") == false)
        #expect(try list("nora") == #"[{"name":"Ñora","drink_count":1,"in_stock":true}]"#)
        #expect(try list(limit: 1) == #"[{"name":"Gin","drink_count":3,"in_stock":true}]"#)
        // Once for a drink that names it twice, and no more when it is gone.
        try bar.append(.drink(.deleted(drinks[1])))
        try bar.build(.search)
        #expect(try list(limit: 1) == #"[{"name":"Gin","drink_count":2,"in_stock":true}]"#)
        #expect(try list("lemon") == "[]")
        #expect(try list("vodka") == "[]")
        #expect(try list("ice") == "[]")
    }

    @Test func `of nothing is empty`() throws {
        #expect(try names() == [])
        #expect(try names { $0.words = ["a"] } == [])
    }

    /// A section longer than a chunk of postings.
    @Test func `finds few and many in a long section`() throws {
        let events = try (0..<9_000).map { number -> Event in
            var facts = DrinkFacts(sectionID: section, name: "Drink \(number)")
            facts.displayOrder = Int64(number * 7_919 % 9_000)
            facts.ingredients = [IngredientLine(name: number % 3 == 0 ? "Gin" : "Rum")]
            if number % 1_000 == 5 { facts.tags = ["rare"] }
            return .drink(try Drink.create(facts, id: bar.id(), sectionExists: true))
        }
        try bar.append(events)
        try bar.build(.search)
        func orders(_ change: (inout SearchQuery) -> Void) throws -> [Int64] {
            var query = SearchQuery()
            change(&query)
            return try bar.found(query).drinks.compactMap { $0["display_order"]?.integer }
        }
        let gin = (0..<3_000).map { Int64($0 * 3 * 7_919 % 9_000) }.sorted()
        #expect(try orders { $0.with = ["gin"] } == Array(gin.prefix(1_000)))
        let rare = (0..<9).map { Int64(($0 * 1_000 + 5) * 7_919 % 9_000) }.sorted()
        #expect(try orders { $0.tag = "rare" } == rare)
        #expect(
            try orders {
                $0.tag = "rare"
                $0.limit = 4
            } == Array(rare.prefix(4)))
    }

    @Test(arguments: [
        (
            SearchReader.sectionsQuery,
            ["SEARCH section USING INDEX section_order ((display_order,section_id)>(?,?))"]
        ),
        (SearchReader.postingQuery, ["SEARCH posting USING PRIMARY KEY (section=? AND term=?)"]),
        (
            SearchReader.postingsQuery,
            ["SEARCH posting USING PRIMARY KEY (section=? AND term>? AND term<?)"]
        ),
        (
            SearchReader.inOrderQuery,
            [
                "SEARCH drink USING COVERING INDEX menu_order "
                    + "(section=? AND (display_order,drink_id)>(?,?))"
            ]
        ),
        (SearchReader.ofPlaceQuery, ["SEARCH drink USING INTEGER PRIMARY KEY (rowid=?)"]),
        (
            SearchReader.documentQuery,
            [
                "SEARCH listed USING INTEGER PRIMARY KEY (rowid=?)",
                "SEARCH drink USING INTEGER PRIMARY KEY (rowid=?)",
                "SEARCH sold_out USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ]
        ),
        (
            SearchReader.ingredientsQuery,
            [
                "SCAN ingredient", "CORRELATED SCALAR SUBQUERY 2",
                "SCAN json_each VIRTUAL TABLE INDEX 1:",
                "USING INDEX sqlite_autoindex_out_of_stock_1 FOR IN-OPERATOR",
                "USE TEMP B-TREE FOR ORDER BY",
            ]
        ),
    ]) func `is carried out as it was meant`(query: String, plan: [String]) throws {
        try bar.build(.search)
        let connection = try Connection(path: bar.path("search"), mode: .readOnly)
        let rows = try connection.prepare("EXPLAIN QUERY PLAN \(query)")
        var found: [String] = []
        while try rows.step() { found.append(rows.text(3)) }
        #expect(found == plan)
    }
}

@Suite("A cursor") struct MenuPlaceTests {
    static let id = "01890a5d-ac96-774b-bcce-b302099a8057"

    @Test func `comes back as it went`() throws {
        let text = "3.\(Self.id).0.\(Self.id)"
        #expect(try #require(MenuPlace(cursor: text)).cursor == text)
    }

    @Test(arguments: [
        "", "x", "1.2.3.4", "...", "1.\(id).2.\(id).", "1.\(id).2", "a.\(id).2.\(id)",
        "99999999999999999999.\(id).2.\(id)", "1.\(id).2.\(id)\"", "1.\(id.dropLast()).2.\(id)",
    ]) func `of somebody else's is none`(text: String) { #expect(MenuPlace(cursor: text) == nil) }
}
