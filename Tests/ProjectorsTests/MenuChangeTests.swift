import Domain
import JSON
import Projectors
import ReadModels
import Testing

@Suite("A menu that changes") struct MenuChangeTests {
    /// What the events of a random night lead to, told by the domain's own rules.
    private struct Fold {
        var sections: [SectionID: Section] = [:]
        var drinks: [DrinkID: Drink] = [:]
        var out: Set<IngredientKey> = []

        /// Ids of all drinks in the order of the menu, and of each what it misses.
        var menu: [[String]] {
            drinks.values.filter { !$0.isDeleted }
                .sorted { place($0).lexicographicallyPrecedes(place($1)) }
                .map { [$0.id.description, $0.facts.name] + $0.missing(out: out) }
        }

        private func place(_ drink: Drink) -> [String] {
            let section = sections[drink.facts.sectionID]?.facts.displayOrder ?? 0
            return [
                String(1_000 + section), drink.facts.sectionID.description,
                String(1_000 + drink.facts.displayOrder), drink.id.description,
            ]
        }
    }

    @Test(arguments: 0..<20) func `is what a fold of its events says`(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        let bar = try TestModels()
        var fold = Fold()
        let names = ["Rum", "Lime", "Sugar", "Mint", "Gin"]
        func facts(_ section: SectionID) -> DrinkFacts {
            var facts = DrinkFacts(
                sectionID: section, name: "Drink \(Int.random(in: 0..<9, using: &random))")
            facts.displayOrder = .random(in: 0..<4, using: &random)
            facts.isActive = .random(using: &random)
            for name in names.shuffled(using: &random).prefix(.random(in: 0..<4, using: &random)) {
                facts.ingredients.append(
                    IngredientLine(
                        name: name, optional: .random(in: 0..<5, using: &random) == 0,
                        substitutes: Bool.random(using: &random) ? [names[0]] : []))
            }
            return facts
        }
        func record(_ event: Section.Event, _ id: SectionID) throws {
            fold.sections[id]?.evolve(event)
            try bar.append(.section(event))
        }
        func record(_ event: Drink.Event, _ id: DrinkID) throws {
            fold.drinks[id]?.evolve(event)
            try bar.append(.drink(event))
        }
        for _ in 0..<60 {
            let section = fold.sections.values.filter { !$0.isDeleted }
                .sorted { $0.id.description < $1.id.description }.randomElement(using: &random)
            let drink = fold.drinks.values.filter { !$0.isDeleted }
                .sorted { $0.id.description < $1.id.description }.randomElement(using: &random)
            switch (Int.random(in: 0..<9, using: &random), section, drink) {
            case (0, _, _), (_, nil, _):
                let id: SectionID = bar.id()
                let facts = Section.Facts(
                    name: "S", displayOrder: .random(in: 0..<3, using: &random))
                fold.sections[id] = Section(id: id, facts)
                try record(Section.create(facts, id: id), id)
            case (1, let section?, _):
                let order = Int64.random(in: 0..<3, using: &random)
                let facts = Section.Facts(name: "S\(order)", displayOrder: order)
                if let event = try section.update(facts) { try record(event, section.id) }
            case (2, let section?, _):
                let count = fold.drinks.values.count {
                    !$0.isDeleted && $0.facts.sectionID == section.id
                }
                if count == 0 { try record(section.delete(drinks: count), section.id) }
            case (3, _, let drink?): try record(drink.delete(), drink.id)
            case (4, let section?, let drink?):
                if let event = try drink.update(facts(section.id), sectionExists: true) {
                    try record(event, drink.id)
                }
            case (5, _, _):
                let name = names.randomElement(using: &random) ?? ""
                if fold.out.insert(IngredientKey(name)).inserted {
                    try bar.out(name.uppercased())
                } else {
                    fold.out.remove(IngredientKey(name))
                    try bar.restock(name)
                }
            case (_, let section?, _):
                let id: DrinkID = bar.id()
                let facts = facts(section.id)
                fold.drinks[id] = Drink(id: id, facts)
                try record(Drink.create(facts, id: id, sectionExists: true), id)
            }
        }
        try bar.build(.menu, page: .random(in: 1..<20, using: &random))
        #expect(try pages(of: bar, limit: 7) == fold.menu, "seed \(seed)")
        let served = try bar.drinks().compactMap { $0["id"]?.string }
        let active = fold.menu.filter { row in
            fold.drinks.values.contains { $0.id.description == row[0] && $0.isServed }
        }
        #expect(served == active.map { $0[0] }, "seed \(seed)")
    }

    /// All drinks, read page by page.
    private func pages(of bar: TestModels, limit: Int) throws -> [[String]] {
        let reader = try bar.menu()
        var rows: [[String]] = []
        var place: MenuPlace?
        repeat {
            var json = JSONWriter()
            let (count, next) = try reader.writeAllDrinks(after: place, limit: limit, into: &json)
            let page = try #require(JSONValue(parsing: json.bytes).array)
            #expect(count == page.count)
            rows += page.compactMap(\.object).map { drink in
                [drink["id"]?.string ?? "", drink["name"]?.string ?? ""]
                    + (drink["missing"]?.array ?? []).compactMap(\.string)
            }
            place = try next.map { try #require(MenuPlace(cursor: $0.cursor)) }
        } while place != nil
        return rows
    }

    @Test(arguments: [
        "", "x", "1.2.3.4", "-.-.-.-", "9223372036854775808.a.1.b", "1.2.3", "1.2.3.4.5",
        "1.019ac0de-0000-7004-8000-000000000001.1.'; DROP TABLE drink",
    ])
    func `has no page after a cursor that is none of its own`(cursor: String) {
        #expect(MenuPlace(cursor: cursor) == nil)
    }
}

@Suite("The shelf") struct ShelfTests {
    private func hanging(
        _ lines: [(String, Bool, [String])], on name: String, out: [String] = []
    ) throws -> Bool {
        let bar = try TestModels()
        _ = try bar.drink(bar.section()) { facts in
            facts.ingredients = lines.map {
                IngredientLine(name: $0.0, optional: $0.1, substitutes: $0.2)
            }
        }
        for name in out { try bar.out(name) }
        try bar.build(.menu)
        let reader = try bar.menu()
        let shelf = try reader.outOfStock()
        var found = false
        try reader.forEachNeed(of: IngredientKey(name)) { _, _, need in
            found = need.decisive(out: shelf).contains(IngredientKey(name))
        }
        return found
    }

    @Test func `knows what hangs on an ingredient, in or out`() throws {
        #expect(try hanging([("Rum", false, [])], on: "rum"))
        #expect(try hanging([("Rum", false, [])], on: "rum", out: ["RUM"]))
        #expect(try !hanging([("Rum", true, [])], on: "rum"))
        #expect(try !hanging([("Rum", false, ["Gin"])], on: "rum"))
        #expect(try hanging([("Rum", false, ["Gin"])], on: "rum", out: ["Gin"]))
        #expect(try hanging([("Rum", false, ["Gin"])], on: "gin", out: ["Rum", "gin"]))
        #expect(try !hanging([("Rum", false, []), ("Lime", false, [])], on: "rum", out: ["Lime"]))
        let both = [("Rum", false, ["Gin"]), ("Gin", false, [])]
        #expect(try hanging(both, on: "gin", out: ["Rum", "Gin"]))
        #expect(try !hanging(both, on: "rum", out: ["Rum", "Gin"]))
        #expect(try hanging(both, on: "gin"))
    }

    @Test func `lists what the menu names and what is out`() throws {
        let bar = try TestModels()
        _ = try bar.drink(bar.section()) {
            $0.ingredients = [IngredientLine(name: "Rum", substitutes: ["Cachaça"])]
        }
        try bar.out("Ice")
        try bar.out("rum")
        try bar.build(.menu)
        let rows = try bar.menu().shelf()
        #expect(rows.map(\.name) == ["Cachaça", "Ice", "Rum"])
        #expect(rows.map(\.inStock) == [true, false, false])
        #expect(try bar.menu().shelf(IngredientKey("RUM")).map(\.name) == ["Rum"])
        #expect(try bar.menu().shelf(IngredientKey("Gin")).isEmpty)
    }
}

@Suite("Lists of orders") struct OrderListTests {
    @Test func `hold each order once, in their order, page by page`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        var placed: [OrderID] = []
        for number in 1...25 {
            placed.append(
                try bar.order(drink, ticket: Int64(number), by: number % 2 == 0 ? "Ana" : "Bo"))
        }
        for index in stride(from: 0, to: 25, by: 3) {
            try bar.move(placed[index], .pending, .inProgress)
        }
        for index in stride(from: 0, to: 25, by: 6) {
            try bar.move(placed[index], .inProgress, .completed)
        }
        try bar.build(.orders)
        let reader = try bar.orders()
        var queue: [Int64] = []
        var position = Position.start
        while true {
            let page = try reader.orders(of: [.pending, .inProgress], after: position, limit: 4)
            queue += page.orders.map(\.ticket)
            let places = page.orders.map { order in
                queue.firstIndex(of: order.ticket).map { Int64($0 + 1) }
            }
            #expect(page.orders.map(\.queuePosition) == places)
            guard let next = page.next else { break }
            position = next
        }
        let completed: [Int64] = stride(from: 0, to: 25, by: 6).map { Int64($0 + 1) }
        let waiting = Array(Int64(1)...25).filter { !completed.contains($0) }
        #expect(queue == waiting)
        let done = try reader.orders(of: [.completed, .completed], after: .start, limit: 100)
        #expect(done.orders.map(\.ticket) == completed)
        #expect(done.next == nil)
        let counts = try reader.counts(completedSince: Time(microseconds: 0))
        #expect(
            [counts.pending, counts.inProgress, counts.ready, counts.completed] == [16, 4, 0, 5])
        let late = try reader.counts(completedSince: Time(microseconds: .max))
        #expect(late.completed == 0)

        let own = try reader.orders(
            of: TestModels.guest("Ana").description, before: Position(.max), closed: false,
            limit: 100)
        #expect(own.orders.map(\.ticket) == [24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2])
        let mine = try reader.orders(
            of: TestModels.guest("Bo").description, before: Position(.max), closed: true, limit: 5)
        #expect(mine.orders.map(\.ticket) == [25, 23, 21, 19, 17])
        let rest = try reader.orders(
            of: TestModels.guest("Bo").description, before: try #require(mine.next), closed: true,
            limit: 100)
        #expect(rest.orders.map(\.ticket) == [15, 13, 11, 9, 7, 5, 3, 1])
        let open = try reader.orders(
            of: TestModels.guest("Bo").description, before: Position(.max), closed: false,
            limit: 100)
        #expect(open.orders.count == 8)
    }

    @Test func `keep the drink as it was ordered`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let drink = try bar.drink(section) {
            $0.ingredients = [IngredientLine(name: "Rum", amount: 60, unit: "ml")]
            $0.abv = 20.5
        }
        _ = try bar.order(drink)
        var facts = DrinkFacts(sectionID: section, name: "Other")
        facts.garnish = "Mint"
        try bar.append(.drink(.updated(drink, facts)))
        try bar.append(.drink(.deleted(drink)))
        try bar.build(.orders)
        let row = try #require(
            bar.orders().orders(of: [.pending], after: .start, limit: 1).orders.first)
        let snapshot = String(decoding: row.snapshot, as: UTF8.self)
        #expect(
            snapshot == """
                {"id":"\(drink)","version":1,"name":"Daiquiri","description":"",\
                "ingredients":[{"name":"Rum","amount":60,"unit":"ml","optional":false,\
                "substitutes":[]}],"recipe_steps":[],"garnish":"","glass":"","ice":"none",\
                "tags":[],"abv":20.5,"image_url":null}
                """)
        let waiting = try bar.orders().waitingOrders(naming: IngredientKey("RUM"))
        #expect(waiting.map(\.drinkName) == ["Daiquiri"])
        #expect(try bar.orders().waitingOrders(naming: IngredientKey("Mint")).isEmpty)
        #expect(try bar.orders().waitingOrders(naming: nil).count == 1)
    }

    @Test func `tell how long one usually waits, each order once`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        #expect(try wait(in: bar) == nil)
        let undone = try bar.order(drink)
        let straight = try bar.order(drink)
        let never = try bar.order(drink)
        try bar.move(undone, .pending, .ready, after: 100)
        try bar.move(straight, .pending, .completed, after: 200)
        try bar.move(never, .pending, .rejected, after: 1)
        for seconds in [3_000, 4_000, 5_000] as [Int64] {
            try bar.move(undone, .ready, .inProgress, after: seconds)
            try bar.move(undone, .inProgress, .ready, after: seconds + 1)
            try bar.move(undone, .ready, .completed, after: seconds + 2)
            try bar.move(undone, .completed, .ready, after: seconds + 3)
        }
        // Of two the later counts; placing took some microseconds of its 200 seconds.
        #expect(try wait(in: bar) == 199)
    }

    private func wait(in bar: TestModels) throws -> Int64? {
        try bar.build(.orders)
        return try bar.orders().bar().usualWaitSeconds
    }

    @Test func `know the languages that the menu is written in now`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        func languages() throws -> [String] {
            try bar.build(.orders)
            return try bar.orders().bar().languages
        }
        let drink = try bar.drink(section) {
            $0.translations = [Translation(language: "es", name: "", description: "")]
        }
        var facts = Section.Facts(name: "Sours")
        facts.translations = ["fr", "en"].map {
            Translation(language: $0, name: "", description: "")
        }
        try bar.append(.section(.updated(section, facts)))
        #expect(try languages() == ["en", "es", "fr"])
        try bar.append(.drink(.deleted(drink)))
        facts.translations = []
        try bar.append(.section(.updated(section, facts)))
        #expect(try languages() == ["en"])
    }
}
