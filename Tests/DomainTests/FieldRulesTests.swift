import Domain
import Testing

@Suite("A text field") struct FieldRulesTests {
    private func check(_ text: String, _ length: ClosedRange<Int> = 1...100, lines: Bool = false)
        -> (text: String, isTaken: Bool)
    {
        var rules = FieldRules()
        let checked = rules.text("name", text, length, lines: lines)
        return (checked, rules.errors.isEmpty)
    }

    /// One character each, of one to eleven code points.
    private static let characters = [
        "a", "ñ", "å", "Ö", "ジ", "界", "ا", "ש", "👍🏽", "🇸🇪", "👨‍👩‍👧‍👦", "e\u{301}", "नि", "ü",
    ]

    @Test(arguments: characters) func `is measured as people count`(character: String) {
        #expect(character.count == 1)
        #expect(check(character).isTaken)
        #expect(check(String(repeating: character, count: 100)).isTaken)
        #expect(!check(String(repeating: character, count: 101)).isTaken)
    }

    @Test(arguments: [
        "María José", "Åsa Öberg", "さくら 🌸", "نور", "שרה", "Sean O'Connor", "👨‍👩‍👧‍👦", "李小龍", "x",
    ])
    func `takes a name as it is`(name: String) {
        #expect(check(name) == (name, true))
    }

    @Test(arguments: ["", " ", "\n", "\t \r\n", "\u{3000}\u{A0}"])
    func `that must not be empty is not filled by white space`(text: String) {
        #expect(!check(text).isTaken)
        #expect(check(text, 0...100) == ("", true))
    }

    @Test(arguments: [" Ana", "Ana ", "\n\tAna\r\n", "\u{3000}Ana\u{2003}", "\u{85}Ana"])
    func `loses the white space around it`(text: String) { #expect(check(text) == ("Ana", true)) }

    @Test func `keeps the white space within it`() {
        #expect(check("  Ana  Bo ") == ("Ana  Bo", true))
    }

    @Test(arguments: ["Jose\u{301}", "A\u{30A}sa", "\u{212B}sa", "\u{1112}\u{1161}\u{11AB}"])
    func `has one way to write each letter`(text: String) {
        let checked = check(text)
        #expect(checked.isTaken)
        #expect(checked.text == text)
        #expect(
            checked.text.unicodeScalars.count < text.unicodeScalars.count
                || text.unicodeScalars.first == "\u{212B}")
        #expect(!checked.text.unicodeScalars.contains("\u{212B}"))
    }

    @Test func `holds no control character`() {
        let controls = (0...0x9F).compactMap { Unicode.Scalar($0) }
            .filter { $0.value < 0x20 || $0.value >= 0x7F }
        #expect(controls.count == 65)
        for control in controls {
            let text = "a\(Character(control))b"
            let isLine = control == "\n" || control == "\r"
            #expect(!check(text).isTaken, "U+\(String(control.value, radix: 16))")
            #expect(check(text, lines: true).isTaken == isLine)
        }
        #expect(check("a\r\nb", lines: true) == ("a\r\nb", true))
        #expect(!check("a\r\nb").isTaken)
    }

    @Test func `is not one letter under a mountain of accents`() {
        let tower = "a" + String(repeating: "\u{301}", count: 801)
        #expect(tower.count == 1)
        #expect(!check(tower).isTaken)
        #expect(check("a" + String(repeating: "\u{301}", count: 700)).isTaken)
    }

    @Test func `is refused with its name and a sentence`() throws {
        var rules = FieldRules()
        _ = rules.text("name", "", 1...100)
        _ = rules.text("note", String(repeating: "a", count: 201), 0...200)
        rules.count("tags", 21, atMost: 20)
        rules.count("steps", 20, atMost: 20)
        #expect(
            rules.errors == [
                FieldError("name", "must not be empty"),
                FieldError("note", "has more than 200 characters"),
                FieldError("tags", "has more than 20 entries"),
            ])
        #expect(throws: Refusal.invalid(rules.errors)) { try rules.check() }
        try FieldRules().check()
    }
}

@Suite("A section") struct SectionTests {
    @Test(
        arguments: [
            (Section.Facts(name: "Sours"), []), (.init(name: ""), ["name"]),
            (.init(name: String(repeating: "x", count: 101)), ["name"]),
            (.init(name: "x", description: String(repeating: "x", count: 2_001)), ["description"]),
            (.init(name: "x", displayOrder: -1), ["display_order"]),
            (.init(name: "x", displayOrder: 1_000_001), ["display_order"]),
            (.init(name: "x", displayOrder: 1_000_000), []),
            (
                .init(name: "x", translations: [.init(language: "e", name: "", description: "")]),
                ["translations.e"]
            ),
            (
                .init(
                    name: "x", translations: [.init(language: "es_ES", name: "", description: "")]),
                ["translations.es_ES"]
            ),
            (
                .init(
                    name: "x",
                    translations: [.init(language: "pt-BR", name: "\u{0}", description: "a\nb")]),
                ["translations.pt-BR.name"]
            ),
            (
                .init(
                    name: "x",
                    translations: (100...120).map {
                        .init(language: "es-\($0)", name: "", description: "")
                    }), ["translations"]
            ),
            (
                .init(
                    name: "x",
                    translations: ["pt-br", "PT-BR"].map {
                        .init(language: $0, name: "", description: "")
                    }), ["translations.PT-BR"]
            ),
        ] as [(Section.Facts, [String])])
    func `has the fields it may have`(facts: Section.Facts, refused: [String]) {
        #expect(
            refusedFields { () throws(Refusal) in
                _ = try Section.create(facts, id: sectionID)
            } == refused)
    }
}

@Suite("A drink") struct DrinkTests {
    private static func facts(_ change: (inout DrinkFacts) -> Void) -> DrinkFacts {
        var facts = DrinkFacts(sectionID: sectionID, name: "Daiquiri")
        change(&facts)
        return facts
    }

    private static let long = String(repeating: "x", count: 2_001)
    private static let cases: [(DrinkFacts, [String])] = [
        (facts { _ in }, []), (facts { $0.name = " " }, ["name"]),
        (facts { $0.description = long }, ["description"]),
        (facts { $0.recipeSteps = ["", "ok"] }, ["recipe_steps[0]"]),
        (facts { $0.recipeSteps = Array(repeating: "x", count: 31) }, ["recipe_steps"]),
        (facts { $0.tags = ["a", String(repeating: "x", count: 41)] }, ["tags[1]"]),
        (facts { $0.tags = Array(repeating: "x", count: 21) }, ["tags"]),
        (facts { $0.garnish = long }, ["garnish"]), (facts { $0.glass = "a\nb" }, ["glass"]),
        (facts { $0.abv = -0.1 }, ["abv"]), (facts { $0.abv = 100.1 }, ["abv"]),
        (facts { $0.abv = .nan }, ["abv"]), (facts { $0.abv = 0 }, []),
        (facts { $0.abv = 100 }, []),
        (facts { $0.displayOrder = .min }, ["display_order"]),
        (
            facts { $0.ingredients = [IngredientLine(name: "Rum", amount: 0)] },
            ["ingredients[0].amount"]
        ),
        (
            facts { $0.ingredients = [IngredientLine(name: "Rum", amount: .infinity)] },
            ["ingredients[0].amount"]
        ),
        (facts { $0.ingredients = [IngredientLine(name: "Rum", amount: 100_000)] }, []),
        (
            facts {
                $0.ingredients = [
                    IngredientLine(name: "Rum"), IngredientLine(name: "", unit: long),
                ]
            }, ["ingredients[1].name", "ingredients[1].unit"]
        ),
        (
            facts { $0.ingredients = [IngredientLine(name: "Rum", substitutes: [""])] },
            ["ingredients[0].substitutes"]
        ),
        (
            facts {
                $0.ingredients = [
                    IngredientLine(name: "Rum", substitutes: Array(repeating: "x", count: 11))
                ]
            }, ["ingredients[0].substitutes"]
        ),
        (
            facts { $0.ingredients = Array(repeating: IngredientLine(name: "x"), count: 41) },
            ["ingredients"]
        ),
        (
            facts { $0.translations = [steps(["a\nb", "", String(repeating: "x", count: 501)])] },
            ["translations.es.recipe_steps[2]"]
        ),
        (
            facts { $0.translations = [steps(Array(repeating: "x", count: 31))] },
            ["translations.es.recipe_steps"]
        ),
        (facts { $0.translations = [steps(Array(repeating: "", count: 30))] }, []),
    ]

    private static func steps(_ steps: [String]) -> Translation {
        Translation(language: "es", name: "", description: "", recipeSteps: steps)
    }

    @Test(arguments: cases.indices) func `has the fields it may have`(index: Int) {
        let (facts, refused) = Self.cases[index]
        #expect(
            refusedFields { () throws(Refusal) in
                _ = try Drink.create(facts, id: drinkID, sectionExists: true)
            } == refused)
    }

    @Test func `stands in a section that exists`() {
        #expect(
            refusedFields { () throws(Refusal) in
                _ = try Drink.create(Self.facts { $0.name = "" }, id: drinkID, sectionExists: false)
            } == ["section_id", "name"])
    }

    @Test(arguments: [
        ([" Agitar. ", ""], ["Agitar.", ""]), (["", " "], []), ([], []),
    ])
    func `has steps in other languages, or none`(given: [String], kept: [String]) throws {
        let facts = Self.facts { $0.translations = [Self.steps(given)] }
        #expect(
            try Drink.create(facts, id: drinkID, sectionExists: true)
                == .created(drinkID, Self.facts { $0.translations = [Self.steps(kept)] }))
    }

    @Test func `is created as it was checked`() throws {
        let event = try Drink.create(
            Self.facts {
                $0.name = " Daiquirí "
                $0.ingredients = [
                    IngredientLine(name: " Rum ", unit: " ml ", substitutes: [" Gin "])
                ]
                $0.tags = [" sour "]
            }, id: drinkID, sectionExists: true)
        guard case .created(let id, let facts) = event else { return }
        let drink = Drink(id: id, facts)
        #expect(drink.id == drinkID)
        #expect(drink.facts.name == "Daiquirí")
        #expect(
            drink.facts.ingredients
                == [IngredientLine(name: "Rum", unit: "ml", substitutes: ["Gin"])])
        #expect(drink.facts.tags == ["sour"])
    }
}

@Suite("The bar") struct BarTests {
    @Test func `takes orders until it is paused`() throws {
        var bar = Bar()
        #expect(bar.acceptingOrders)
        #expect(try bar.accept(true, message: nil) == nil)
        let pause = try #require(try bar.accept(false, message: " Back soon "))
        #expect(pause == .orderingPaused(message: "Back soon"))
        bar.evolve(pause)
        #expect(!bar.acceptingOrders)
        #expect(try bar.accept(false, message: "Back soon") == nil)
        // Another message is a change too.
        #expect(try bar.accept(false, message: "") == .orderingPaused(message: nil))
        let resume = try #require(try bar.accept(true, message: "Last round"))
        bar.evolve(resume)
        #expect(bar.acceptingOrders)
        #expect(bar.message == "Last round")
    }

    @Test func `says so in 200 characters of one line`() {
        for (message, isTaken) in [
            (String(repeating: "é", count: 200), true), (String(repeating: "é", count: 201), false),
            ("a\nb", false),
        ] {
            let refused = refusedFields { () throws(Refusal) in
                _ = try Bar().accept(false, message: message)
            }
            #expect(refused == (isTaken ? [] : ["message"]))
        }
    }
}

@Suite("An ingredient") struct IngredientTests {
    @Test(arguments: [
        ("Lime Juice", " lime juice "), ("CACHAÇA", "cachaça"), ("Café", "CAFE\u{301}"),
        ("Ωμέγα", "ωμέγα"), ("ゆず", "ゆず"),
    ])
    func `is the same in two spellings`(one: String, other: String) {
        #expect(IngredientKey(one) == IngredientKey(other))
        // In bytes too, which is what SQL compares.
        #expect(Array(IngredientKey(one).text.utf8) == Array(IngredientKey(other).text.utf8))
    }

    @Test func `is not another one`() {
        #expect(IngredientKey("Lime") != IngredientKey("Limes"))
        #expect(IngredientKey("Cafe") != IngredientKey("Café"))
    }

    @Test func `runs out once and is restocked once`() throws {
        let shelf = Ingredient(inStock: true)
        #expect(try shelf.mark("Lime", inStock: true) == nil)
        #expect(try shelf.mark(" Lime ", inStock: false) == .ranOut(name: "Lime"))
        let empty = Ingredient(inStock: false)
        #expect(try empty.mark("Lime", inStock: false) == nil)
        #expect(try empty.mark("Lime", inStock: true) == .restocked(name: "Lime"))
        for name in ["", " ", "a\u{0}", String(repeating: "x", count: 101)] {
            let refused = refusedFields { () throws(Refusal) in
                _ = try shelf.mark(name, inStock: false)
            }
            #expect(refused == ["name"])
        }
    }
}

@Suite("A text of marks without end") struct LongTextTests {
    @Test func `is refused before anybody works on it`() {
        var rules = FieldRules()
        let began = ContinuousClock.now
        let text = "A" + String(repeating: "\u{301}", count: 200_000)
        #expect(rules.text("note", text, 0...200).isEmpty)
        #expect(rules.errors.map(\.field) == ["note"])
        // Normalizing it takes ten seconds.
        #expect(ContinuousClock.now - began < .seconds(1))
    }
}

@Suite("A caller") struct CallerTests {
    @Test(arguments: [
        Caller.guest(guest("Ana")), .staff("host"), .commandLine("root"), .system("demo"),
        .staff(""), .staff("a:b:c"), .staff(":"), .staff("\u{301}"), .staff("\u{FE0F}x"),
        .staff("\u{200D}👩"), .staff("نور"), .staff("guest:host"),
    ])
    func `is read as it was written`(caller: Caller) {
        #expect(Caller(caller.description) == caller)
    }

    @Test func `of a log without guest ids is a guest whose id nobody has`() {
        #expect(Caller("guest:Ana") == .guest(GuestID(UUID(high: 0, low: 0))))
    }

    @Test(arguments: [
        "", "guest", "Guest:Ana", " guest:Ana", "admin:x", ":Ana", "guest\u{301}:Ana",
    ])
    func `is not anybody else`(text: String) { #expect(Caller(text) == nil) }
}
