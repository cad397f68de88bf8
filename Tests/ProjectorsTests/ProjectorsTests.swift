import Domain
import EventStore
import JSON
import Projectors
import ReadModels
import SQLite
import Testing

@Suite("The menu") struct MenuTests {
    @Test func `shows a drink as the contract does`() throws {
        let bar = try TestModels()
        let section = try bar.section("Ácidos")
        let id = try bar.drink(section, "Daiquirí \"clásico\" 🍹") { facts in
            facts.description = "Ron,\nlima."
            facts.ingredients = [
                IngredientLine(name: "Ron", amount: 60, unit: "ml", substitutes: ["Cachaça"]),
                IngredientLine(name: "Lima", amount: 22.5, unit: "ml", optional: true),
            ]
            facts.recipeSteps = ["Agitar."]
            facts.garnish = "Lima"
            facts.glass = "Coupe"
            facts.ice = .crushed
            facts.tags = ["clásico"]
            facts.abv = 19.5
            facts.displayOrder = 3
            facts.translations = [
                Translation(language: "es", name: "", description: "", recipeSteps: ["Agita."]),
                Translation(language: "ja", name: "ダイキリ", description: ""),
            ]
        }
        try bar.build(.menu)
        let drink = try #require(bar.drinks().first)
        var json = JSONWriter()
        json.value(.object(drink))
        #expect(
            String(decoding: json.bytes, as: UTF8.self) == """
                {"id":"\(id)","version":1,"section_id":"\(section)","section_name":"Ácidos",\
                "name":"Daiquirí \\"clásico\\" 🍹","description":"Ron,\\nlima.",\
                "ingredients":[{"name":"Ron","amount":60,"unit":"ml","optional":false,\
                "substitutes":["Cachaça"]},{"name":"Lima","amount":22.5,"unit":"ml",\
                "optional":true,"substitutes":[]}],"recipe_steps":["Agitar."],"garnish":"Lima",\
                "glass":"Coupe","ice":"crushed","tags":["clásico"],"abv":19.5,\
                "display_order":3,"is_active":true,"image_url":null,"available":true,"missing":[],\
                "translations":{"es":{"name":"","description":"","recipe_steps":["Agita."]},\
                "ja":{"name":"ダイキリ","description":""}},\
                "created_at":"2027-01-15T08:00:00.000Z","updated_at":"2027-01-15T08:00:00.000Z"}
                """)
        var one = JSONWriter()
        #expect(try bar.menu().writeDrink(id.description, into: &one))
        #expect(one.bytes == json.bytes)
        #expect(try bar.menu().writeDrink(section.description, into: &one) == false)
    }

    @Test func `shows sections and drinks in the host's order`() throws {
        let bar = try TestModels()
        let last = try bar.section("Last", order: 2)
        let first = try bar.section("First", order: 1)
        _ = try bar.drink(last, "d")
        _ = try bar.drink(first, "c") { $0.displayOrder = 2 }
        _ = try bar.drink(first, "b") { $0.displayOrder = 1 }
        _ = try bar.drink(first, "hidden") { $0.isActive = false }
        _ = try bar.drink(first, "a") { $0.displayOrder = 1 }
        try bar.build(.menu)
        #expect(try bar.drinks().map { $0["name"]?.string } == ["b", "a", "c", "d"])
        var json = JSONWriter()
        #expect(try bar.menu().writeSections(into: &json) == 2)
        let sections = try #require(JSONValue(parsing: json.bytes).array)
        #expect(sections.map { $0.object?["name"]?.string } == ["First", "Last"])
        #expect(
            sections[0].object?.members.map(\.name) == [
                "id", "version", "name", "description", "display_order", "translations",
                "created_at", "updated_at",
            ])
        var one = JSONWriter()
        #expect(try bar.menu().writeSection(last.description, into: &one) == Version(1))
        #expect(try JSONValue(parsing: one.bytes) == sections[1])
        #expect(try bar.menu().writeSection("", into: &one) == nil)
    }

    @Test func `of nothing is empty`() throws {
        let bar = try TestModels()
        try bar.build(.menu)
        var json = JSONWriter()
        #expect(try bar.menu().writeDrinks(into: &json) == 0)
        #expect(try bar.menu().writeSections(into: &json) == 0)
        #expect(String(decoding: json.bytes, as: UTF8.self) == "[],[]")
    }

    @Test func `names what is missing, in every spelling`() throws {
        let bar = try TestModels()
        _ = try bar.drink(bar.section()) { facts in
            facts.ingredients = [
                IngredientLine(name: "Ron", substitutes: ["Cachaça", "Pisco"]),
                IngredientLine(name: "Café"), IngredientLine(name: "Menta", optional: true),
            ]
        }
        #expect(try bar.missing() == nil)
        try bar.out("menta")
        #expect(try bar.missing() == nil)
        try bar.out("RON")
        try bar.out("cachaça")
        #expect(try bar.missing() == nil)
        try bar.out("Pisco")
        #expect(try bar.missing() == ["Ron"])
        try bar.out("CAFE\u{301}")
        #expect(try bar.missing() == ["Ron", "Café"])
        try bar.restock(" CACHAÇA ")
        #expect(try bar.missing() == ["Café"])
        try bar.out("Vodka")
        #expect(try bar.missing() == ["Café"])
        try bar.restock("café")
        #expect(try bar.missing() == nil)
    }

    @Test func `knows of a drink that comes when something is out already`() throws {
        let bar = try TestModels()
        try bar.out("lima")
        _ = try bar.drink(bar.section()) { $0.ingredients = [IngredientLine(name: "Lima")] }
        #expect(try bar.missing() == ["Lima"])
    }

    /// The SQL and the domain decide the same: a drink shown as available can be ordered.
    @Test func `agrees with the domain about every shelf`() throws {
        let bar = try TestModels()
        let names = ["A", "b", "Ç"]
        var facts = DrinkFacts(sectionID: try bar.section(), name: "x")
        facts.ingredients = [
            IngredientLine(name: "a", substitutes: ["B"]), IngredientLine(name: "ç"),
            IngredientLine(name: "B", optional: true),
            IngredientLine(name: "b", substitutes: ["A", "ç"]),
        ]
        let drink = Drink(id: DrinkID(UUID(high: 1, low: 1)), facts)
        try bar.append(.drink(.created(drink.id, drink.facts)))
        for shelf in 0..<8 {
            var out: Set<IngredientKey> = []
            for (index, name) in names.enumerated() {
                if shelf >> index & 1 == 1 {
                    out.insert(IngredientKey(name))
                    try bar.out(name)
                } else {
                    try bar.restock(name)
                }
            }
            #expect(try bar.missing() ?? [] == drink.missing(out: out), "shelf \(shelf)")
        }
    }
}

@Suite("The orders") struct OrdersTests {
    @Test func `keep every step and the name the drink had`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section(), "Daiquiri")
        let order = try bar.order(drink, "Daiquirí de ayer", ticket: 12, note: "sin hielo\n🙏")
        try bar.move(order, .pending, .inProgress)
        try bar.move(order, .inProgress, .rejected, reason: "No \"limes\"")
        try bar.build(.orders)
        let row = try #require(try bar.orders().order(order.description))
        #expect(row.id == order.description)
        #expect(row.ticket == 12)
        #expect(row.username == "Ana")
        #expect(row.drinkID == drink.description)
        #expect(row.drinkName == "Daiquirí de ayer")
        #expect(row.quantity == 1)
        #expect(row.note == "sin hielo\n🙏")
        #expect(row.queuePosition == nil)
        #expect(row.timeline.map(\.status) == ["pending", "in_progress", "rejected"])
        #expect(
            row.timeline.map(\.by) == [
                "guest:\(TestModels.guest("Ana"))", "staff:host", "staff:host",
            ])
        #expect(row.timeline.map(\.reason) == [nil, nil, "No \"limes\""])
        #expect(row.timeline[0].at < row.timeline[1].at)
        #expect(try bar.orders().order(drink.description) == nil)
    }

    @Test func `stand in a queue, oldest first`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let orders = try (1...5).map { try bar.order(drink, ticket: $0) }
        func places() throws -> [Int64?] {
            try bar.build(.orders)
            let reader = try bar.orders()
            return try orders.map { try #require(try reader.order($0.description)).queuePosition }
        }
        #expect(try places() == [1, 2, 3, 4, 5])
        try bar.move(orders[0], .pending, .ready)
        try bar.move(orders[2], .pending, .inProgress)
        try bar.move(orders[3], .pending, .cancelled)
        #expect(try places() == [nil, 1, 2, nil, 3])
        // A step back is back at the old place.
        try bar.move(orders[0], .ready, .pending)
        #expect(try places() == [1, 2, 3, nil, 4])
    }

    @Test func `say whether the bar takes more, and how long it takes`() throws {
        let bar = try TestModels()
        try bar.build(.orders)
        #expect(try bar.orders().bar().acceptingOrders)
        #expect(try bar.orders().bar().message == nil)
        #expect(try bar.orders().bar().usualWaitSeconds == nil)
        try bar.append(.bar(.orderingPaused(message: "¡Ahora!")))
        try bar.build(.orders)
        #expect(try bar.orders().bar().acceptingOrders == false)
        #expect(try bar.orders().bar().message == "¡Ahora!")
        try bar.append(.bar(.orderingResumed(message: nil)))
        let drink = try bar.drink(bar.section())
        let order = try bar.order(drink)
        try bar.move(order, .pending, .ready)
        try bar.build(.orders)
        #expect(try bar.orders().bar().acceptingOrders)
        #expect(try bar.orders().bar().message == nil)
        #expect(try bar.orders().bar().usualWaitSeconds == 0)
    }
}

@Suite("A projection") struct ProjectionTests {
    /// A log with some of everything.
    private func busyBar() throws -> TestModels {
        let bar = try TestModels()
        let section = try bar.section()
        for number in 0..<8 {
            let drink = try bar.drink(section, "Drink \(number)") {
                $0.ingredients = [IngredientLine(name: "i\(number % 3)")]
            }
            try bar.out("i\(number % 3)")
            let order = try bar.order(drink, ticket: Int64(number))
            try bar.move(order, .pending, number % 2 == 0 ? .ready : .cancelled)
            if number % 4 == 0 { try bar.restock("i0") }
            try bar.append(
                .bar(
                    number % 2 == 0 ? .orderingPaused(message: "x") : .orderingResumed(message: nil)
                ))
        }
        try bar.letPeopleIn()
        return bar
    }

    @Test func `moves its checkpoint over events that mean nothing to it`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        _ = try bar.order(drink)
        let projection = try bar.build(.menu)
        #expect(projection.position == Position(3))
        #expect(
            try bar.menu().readState()
                == ModelState(position: Position(3), changed: Position(2)))
        #expect(try projection.applyPage() == 0)
        try bar.out("lima")
        #expect(try projection.applyPage() == 1)
        #expect(
            try bar.menu().readState()
                == ModelState(position: Position(4), changed: Position(4)))
    }

    @Test(arguments: ReadModel.all.map(\.name))
    func `holds the same however it was paged`(name: String) throws {
        let model = try #require(ReadModel.named(name))
        let bar = try busyBar()
        let whole = try bar.build(model, "whole", page: 100_000).contentDigest()
        for page in [1, 2, 7] {
            #expect(try bar.build(model, "paged-\(page)", page: page).contentDigest() == whole)
        }
        // Closed and opened again in the middle.
        while try bar.projection(model, "again").applyPage(limit: 5) > 0 {}
        #expect(try bar.projection(model, "again").contentDigest() == whole)
        #expect(try bar.projection(model, "empty").contentDigest() != whole)
    }

    @Test(arguments: ReadModel.all.map(\.name))
    func `has another digest where one value differs`(name: String) throws {
        let model = try #require(ReadModel.named(name))
        let bar = try busyBar()
        let projection = try bar.build(model)
        var digests: Set<String> = [try projection.contentDigest()]
        let raw = try Connection(path: bar.path(model.name), mode: .readWrite)
        let changes = try #require(
            [
                "menu": [
                    "UPDATE drink SET name = name || ' ' WHERE name = 'Drink 3'",
                    "UPDATE drink SET abv = 0 WHERE name = 'Drink 4'", "DELETE FROM out_of_stock",
                    "UPDATE section SET display_order = 10",
                ],
                "orders": [
                    "UPDATE placed_order SET note = '1' WHERE ticket = 3",
                    "UPDATE placed_order SET ticket = 10 WHERE ticket = 3",
                    "UPDATE order_step SET reason = '' WHERE status = 'ready'",
                    "UPDATE bar SET message = ''",
                ],
                "access": [
                    "UPDATE api_key SET plan = 'admin' WHERE is_web_key",
                    "UPDATE session SET ended_at = NULL WHERE reason = 'left'",
                    "UPDATE code SET used = used + 1", "UPDATE guest SET username = 'Eva'",
                ],
                "search": [
                    "UPDATE listed SET document = document || ' ' WHERE place & 3 = 3",
                    "UPDATE posting SET slots = CAST(slots || x'01' AS BLOB) WHERE term = '*'",
                    "DELETE FROM out_of_stock", "UPDATE section SET display_order = 10",
                ],
                "notifications": [
                    "UPDATE notification SET audience = 'everyone' WHERE position = 5 AND audience = 'staff'",
                    "UPDATE notification SET document = document || ' ' WHERE event = 'bar_changed'",
                    "UPDATE retention SET retained_after = 1",
                    "UPDATE placed_order SET ticket = 10",
                    "UPDATE drink SET is_active = 0", "UPDATE bar SET message = ''",
                ],
            ][name])
        for change in changes {
            try raw.execute(change)
            #expect(raw.changes > 0)
            #expect(digests.insert(try projection.contentDigest()).inserted, "\(change)")
        }
    }

    @Test func `stops where it is asked to`() throws {
        let bar = try busyBar()
        let projection = try bar.projection(.menu)
        #expect(try projection.applyPage(limit: 100, upTo: Position(7)) == 7)
        #expect(try projection.applyPage(limit: 100, upTo: Position(7)) == 0)
        #expect(projection.position == Position(7))
    }

    @Test func `of another log must be rebuilt`() throws {
        let bar = try busyBar()
        try bar.build(.menu)
        let other = try busyBar()
        expectRebuild { _ = try Projection(.menu, path: bar.path("menu"), log: other.log) }
        // Also where neither has an event yet.
        let (one, two) = (try TestModels(), try TestModels())
        try one.build(.menu)
        expectRebuild { _ = try Projection(.menu, path: one.path("menu"), log: two.log) }
    }

    @Test(arguments: [
        // A restored backup: the same log, with another event here, or not so far yet.
        "UPDATE projection SET leaf = zeroblob(32)", "UPDATE projection SET position = 1000",
        "UPDATE projection SET position = position - 1", "UPDATE projection SET format = 99",
        "DELETE FROM projection",
    ])
    func `of another history must be rebuilt`(change: String) throws {
        let bar = try busyBar()
        try bar.build(.orders)
        try Connection(path: bar.path("orders"), mode: .readWrite).execute(change)
        expectRebuild { _ = try bar.projection(.orders) }
    }

    private func expectRebuild(_ open: () throws -> Void) {
        let failure = #expect(throws: Projection.Failure.self) { try open() }
        guard case .mustRebuild = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func `skips types that it has never heard of, and counts them`() throws {
        let tomorrow = Catalogue(
            Catalogue.current.types.map { Catalogue.Entry($0) } + [.init("DrinkPoured")])
        let bar = try TestModels(catalogue: tomorrow)
        let section = try bar.section()
        try bar.append("DrinkPoured", "{}")
        try bar.append("DrinkPoured", "not even JSON")
        _ = try bar.drink(section)
        let projection = try bar.build(.menu, page: 2)
        #expect(projection.position == Position(4))
        #expect(try bar.drinks().count == 1)
        let raw = try Connection(path: bar.path("menu"), mode: .readOnly)
        #expect(try raw.integer("SELECT skipped FROM projection") == 2)
    }

    @Test(arguments: [
        ("SectionCreated", "{}"), ("SectionCreated", "nonsense"), ("SectionCreated", ""),
        (
            "SectionCreated",
            #"{"section_id":"x","name":"x","description":"","display_order":"first","translations":{}}"#
        ),
        ("DrinkCreated", #"{"drink_id":"x"}"#), ("IngredientRanOut", "{}"),
        ("IngredientRanOut", #"{"ingredient":null}"#),
    ])
    func `stops at data that it cannot read, and says where`(type: String, data: String) throws {
        let bar = try TestModels()
        _ = try bar.section()
        try bar.append(type, data)
        _ = try bar.section()
        let projection = try bar.projection(.menu)
        for _ in 0..<2 {
            let failure = #expect(throws: Projection.Failure.self) { try projection.applyPage() }
            guard case .stuck(at: Position(2), type: type, reason: let reason) = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
            #expect(!reason.isEmpty)
        }
        // What could be read before it can be asked for; nothing after it was done.
        #expect(try projection.applyPage(upTo: Position(1)) == 1)
        #expect(projection.position == Position(1))
        #expect(throws: Projection.Failure.self) { try projection.applyPage() }
        #expect(try bar.menu().readState().position == Position(1))
    }

    @Test func `stops at a schema of the future`() throws {
        let tomorrow = Catalogue(
            Catalogue.current.types.map { Catalogue.Entry($0, upcasters: [{ $0 }]) })
        let bar = try TestModels(catalogue: tomorrow)
        try bar.append("IngredientRanOut", #"{"name":"Lima"}"#, schema: 2)
        let projection = try bar.projection(.menu)
        let failure = #expect(throws: Projection.Failure.self) { try projection.applyPage() }
        guard case .stuck(at: Position(1), type: "IngredientRanOut", reason: _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(arguments: ReadModel.all.map(\.name), [1, 4, 100])
    func `notices another one on its file`(name: String, page: Int) throws {
        let model = try #require(ReadModel.named(name))
        let bar = try busyBar()
        let one = try bar.projection(model)
        let two = try bar.projection(model)
        #expect(try one.applyPage(limit: page) > 0)
        let digest = try one.contentDigest()
        let failure = #expect(throws: Projection.Failure.self) { try two.applyPage(limit: page) }
        guard case .notAlone(name) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        // And has done nothing to it.
        #expect(try one.contentDigest() == digest)
        while try one.applyPage() > 0 {}
    }

    @Test func `lets its write-ahead log be copied`() throws {
        let bar = try busyBar()
        let projection = try bar.build(.menu)
        try projection.copyWriteAheadLog(idle: true)
        #expect(try bar.drinks().count == 8)
    }
}

@Suite("A read model's files") struct ModelFilesTests {
    @Test(
        arguments: [
            ("7\n", 7), ("12", 12), (" 3 \n", 3), ("", nil), ("x", nil), ("7x", nil),
        ] as [(String, Int?)])
    func `are pointed at by a number`(text: String, generation: Int?) {
        #expect(ModelFiles.generation(fromPointer: Array(text.utf8)) == generation)
    }

    @Test func `are told from others'`() {
        let files = ModelFiles("menu", dataDirectory: "data")
        #expect(files.path(generation: 4) == "data/models/menu.g4.db")
        #expect(files.pointer == "data/models/menu")
        for (file, generation) in [
            ("menu.g4.db", 4), ("menu.g4.db-wal", nil), ("menu", nil), ("orders.g4.db", nil),
            ("menu.gx.db", nil), ("menu.g.db", nil),
        ] as [(String, Int?)] {
            #expect(files.generation(ofFile: file) == generation)
        }
    }
}
