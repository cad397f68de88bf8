import Domain
import EventStore
import JSON
import SQLite
import Testing
import Wire

@testable import Commands

@Suite("A change to the menu") struct MenuChangeTests {
    private let whole = #"""
        ,"description":"Short","ingredients":[{"name":"Rum","amount":60,"unit":"ml"}],
        "recipe_steps":["Shake"],"garnish":"Lime","glass":"coupe","ice":"cubes","tags":["sour"],
        "abv":20.5,"display_order":3,"is_active":false,"translations":{"es":{"name":"Daiquirí"}}
        """#

    private func facts(_ bar: TestBar, _ drink: String) throws -> DrinkFacts {
        switch try bar.last("drink-\(drink)") {
        case .drink(.created(_, let facts)), .drink(.updated(_, let facts)): facts
        default: DrinkFacts(sectionID: SectionID(UUID(high: 0, low: 0)), name: "gone")
        }
    }

    @Test func `keeps what it does not name`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section(), "Daiquiri", whole)
        let before = try facts(bar, drink)
        let outcome = try accepted(bar.update(drink, #"{"garnish":"Mint"}"#))
        #expect(outcome.id == drink)
        #expect(!outcome.created)
        var wanted = before
        wanted.garnish = "Mint"
        #expect(try facts(bar, drink) == wanted)
    }

    @Test(arguments: [(#"{"abv":null}"#, nil), (#"{"abv":12}"#, 12)])
    func `empties a strength that is null`(body: String, abv: Double?) throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section(), "Daiquiri", whole)
        _ = try accepted(bar.update(drink, body))
        #expect(try facts(bar, drink).abv == abv)
    }

    @Test func `has steps in other languages`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section(), "Daiquiri", whole)
        let body =
            #"{"translations":{"es":{"name":"x","recipe_steps":["Agitar.",""]},"fr":{"recipe_steps":[]}}}"#
        _ = try accepted(bar.update(drink, body))
        #expect(
            try facts(bar, drink).translations == [
                Translation(
                    language: "es", name: "x", description: "", recipeSteps: ["Agitar.", ""]),
                Translation(language: "fr", name: "", description: ""),
            ])
        let stored = try #require(try bar.events().last)
        let data = String(decoding: stored.data, as: UTF8.self)
        #expect(data.contains(#""recipe_steps":["Agitar.",""]}"#))
        #expect(data.contains(#""fr":{"name":"","description":""}"#))
        let wrong = #"{"translations":{"es":{"recipe_steps":"Agitar."}}}"#
        #expect(
            try bar.update(drink, wrong)
                == .refused(
                    .invalid([FieldError("translations.es.recipe_steps", "must be a list")])))
    }

    @Test func `does not read steps of a section`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        let body = #"{"translations":{"es":{"name":"x","recipe_steps":["Agitar."]}}}"#
        _ = try accepted(bar.handle(bar.make(.updateSection, body, target: section)))
        guard case .section(.updated(_, let facts)) = try bar.last("section-\(section)") else {
            Issue.record("not updated")
            return
        }
        #expect(facts.translations == [Translation(language: "es", name: "x", description: "")])
    }

    @Test func `empties lists and texts that are empty`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section(), "Daiquiri", whole)
        _ = try accepted(
            bar.update(
                drink,
                #"{"ingredients":[],"recipe_steps":[],"tags":[],"garnish":"","translations":{}}"#))
        let facts = try facts(bar, drink)
        #expect(facts.ingredients.isEmpty && facts.recipeSteps.isEmpty && facts.tags.isEmpty)
        #expect(facts.garnish == "" && facts.translations.isEmpty)
        #expect(facts.glass == "coupe")
    }

    @Test func `puts a photo on a drink, keeps it, and takes it off`() throws {
        let bar = try TestBar()
        let photo = try bar.photo()
        let drink = try bar.drink(bar.section(), "Daiquiri", #","image_url":"\#(photo.url)""#)
        let id = try #require(DrinkID(drink))
        #expect(try bar.last("drink-\(drink)") == .drink(.imageAttached(id, photo)))
        #expect(
            try accepted(bar.update(drink, #"{"image_url":"\#(photo.url)"}"#)).position.number == 4)
        _ = try accepted(bar.update(drink, #"{"garnish":"Mint"}"#))
        let order = try accepted(bar.handle(bar.order(drink)))
        let other = try bar.photo("b.png")
        _ = try accepted(bar.update(drink, #"{"garnish":"Lime","image_url":"\#(other.url)"}"#))
        #expect(try bar.last("drink-\(drink)") == .drink(.imageAttached(id, other)))
        let count = try bar.events().count
        _ = try accepted(bar.update(drink, #"{"image_url":null}"#))
        #expect(try bar.last("drink-\(drink)") == .drink(.imageRemoved(id)))
        #expect(try bar.events().count == count + 1)
        // The order shows what was ordered, also after a new start.
        for _ in 0..<2 {
            let moved = try accepted(bar.handle(bar.move(order.id, to: "pending")))
            let document = try JSONValue(parsing: moved.document).object
            #expect(document?["drink"]?.object?["image_url"]?.string == photo.url)
            try bar.reopen()
        }
    }

    @Test(arguments: [
        "\"/images/019ac0df-3333-7000-8000-0000000000b1-a.jpg\"", "\"https://elsewhere/a.jpg\"",
        "\"/images/../keys/log.key\"", "\"\"", "7", "{}",
    ])
    func `shows no picture that was not uploaded here`(url: String) throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let outcome = try bar.update(drink, #"{"garnish":"Mint","image_url":\#(url)}"#)
        guard case .refused(.invalid(let errors)) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(errors.map(\.field) == ["image_url"])
    }

    @Test func `that changes nothing is no event`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        let drink = try bar.drink(section, "Daiquiri", whole)
        let count = try bar.events().count
        _ = try accepted(bar.update(drink, #"{"garnish":"Lime","unknown":1}"#))
        _ = try accepted(
            bar.handle(bar.make(.updateSection, #"{"name":"Sours"}"#, target: section)))
        _ = try accepted(bar.handle(bar.make(.changeSettings, "{}")))
        #expect(try bar.events().count == count)
    }

    @Test func `asks for the version it was made from`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        _ = try accepted(bar.update(drink, #"{"garnish":"Mint"}"#, ifMatch: "\"v1\""))
        for stale in ["\"v1\"", "W/\"v2\"", "v2", "\"v3\", \"x\"", ""] {
            #expect(
                try bar.update(drink, #"{"garnish":"Lime"}"#, ifMatch: stale)
                    == .refused(.versionChanged(present: Version(2))), "\(stale)")
        }
        _ = try accepted(bar.update(drink, #"{"garnish":"Lime"}"#, ifMatch: "\"v1\" , \"v2\""))
        _ = try accepted(bar.update(drink, #"{"garnish":"Sage"}"#, ifMatch: "*"))
    }

    @Test func `moves a drink to another section, which then cannot go`() throws {
        let bar = try TestBar()
        let (one, other) = (try bar.section("One"), try bar.section("Other"))
        let drink = try bar.drink(one)
        func delete(_ section: String) throws -> CommandOutcome {
            try bar.handle(bar.make(.deleteSection, "{}", target: section))
        }
        #expect(try delete(one) == .refused(.sectionNotEmpty(drinks: 1)))
        _ = try accepted(bar.update(drink, #"{"section_id":"\#(other)"}"#))
        #expect(try delete(other) == .refused(.sectionNotEmpty(drinks: 1)))
        _ = try accepted(delete(one))
        #expect(try delete(one) == .refused(.notFound("section")))
        guard case .refused(.invalid) = try bar.update(drink, #"{"section_id":"\#(one)"}"#) else {
            Issue.record("a drink went to a section that is gone")
            return
        }
        _ = try accepted(bar.handle(bar.make(.deleteDrink, "{}", target: drink)))
        _ = try accepted(delete(other))
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `sees the changes before it in the same batch`() throws {
        let bar = try TestBar()
        let (one, other) = (try bar.section("One"), try bar.section("Other"))
        let drink = try bar.drink(one)
        let outcomes = try bar.handler.handle([
            bar.make(.deleteSection, "{}", target: one),
            bar.make(.updateDrink, #"{"section_id":"\#(other)"}"#, target: drink),
            bar.make(.deleteSection, "{}", target: one),
            bar.make(.deleteSection, "{}", target: other),
            bar.make(.deleteDrink, "{}", target: drink),
            bar.make(.deleteSection, "{}", target: other),
            bar.order(drink),
        ])
        #expect(outcomes[0] == .refused(.sectionNotEmpty(drinks: 1)))
        #expect(outcomes[3] == .refused(.sectionNotEmpty(drinks: 1)))
        for index in [1, 2, 4, 5] { _ = try accepted(outcomes[index]) }
        #expect(outcomes[6] == .refused(.notOnMenu(drink: "Daiquiri")))
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `outlives a restart`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        let drink = try bar.drink(section)
        _ = try accepted(bar.update(drink, #"{"garnish":"Mint"}"#))
        _ = try accepted(
            bar.handle(bar.make(.changeSettings, #"{"name":"Mar","max_active_orders":1}"#)))
        try bar.reopen()
        _ = try accepted(bar.update(drink, #"{"garnish":"Sage"}"#, ifMatch: "\"v2\""))
        #expect(
            try bar.handle(bar.make(.deleteSection, "{}", target: section))
                == .refused(.sectionNotEmpty(drinks: 1)))
        _ = try accepted(bar.handle(bar.order(drink)))
        #expect(
            try bar.handle(bar.order(drink)) == .refused(.tooManyActiveOrders(limit: 1)))
        _ = try accepted(bar.handle(bar.make(.deleteDrink, "{}", target: drink)))
        try bar.reopen()
        #expect(try bar.update(drink, "{}") == .refused(.notFound("drink")))
        _ = try accepted(bar.handle(bar.make(.deleteSection, "{}", target: section)))
    }

    @Test func `that is repeated is answered as the first time`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        var request = bar.make(.updateDrink, #"{"garnish":"Mint"}"#, target: drink, key: "k")
        request.ifMatch = "\"v1\""
        let first = try bar.handle(request)
        #expect(try bar.handle(request) == first)
        request.ifMatch = "\"v2\""
        #expect(try bar.handle(request) == .refused(.keyReused))
        let delete = bar.make(.deleteDrink, "{}", target: drink, key: "d")
        let gone = try bar.handle(delete)
        #expect(try bar.handle(delete) == gone)
        #expect(
            try bar.handle(bar.make(.deleteDrink, "{}", target: drink))
                == .refused(.notFound("drink")))
    }

    @Test func `that fails on the disk leaves drinks where they were`() throws {
        let bar = try TestBar()
        let (one, other) = (try bar.section("One"), try bar.section("Other"))
        let drink = try bar.drink(one)
        try bar.poison("Other2")
        let outcomes = try bar.handler.handle([
            bar.make(
                .updateDrink, #"{"section_id":"\#(other)","garnish":"Other2"}"#, target: drink)
        ])
        guard case .failed = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(try bar.tables() == bar.replay())
        _ = try accepted(bar.handle(bar.make(.deleteSection, "{}", target: other)))
    }

    @Test func `finds the drinks of a log that kept no table of them`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        _ = try bar.drink(section)
        try bar.raw().execute("DROP TABLE state_drink")
        try bar.reopen()
        #expect(try bar.tables() == bar.replay())
        #expect(
            try bar.handle(bar.make(.deleteSection, "{}", target: section))
                == .refused(.sectionNotEmpty(drinks: 1)))
    }
}

@Suite("An order by hand") struct OrderByHandTests {
    @Test func `is placed for a guest without a phone, break and limit or not`() throws {
        let bar = try TestBar(maxActiveOrders: 1)
        let drink = try bar.drink(bar.section())
        _ = try accepted(bar.handle(bar.order(drink, by: "Ana")))
        _ = try accepted(bar.handle(bar.make(.acceptOrders, #"{"accepting_orders":false}"#)))
        let placed = try accepted(
            bar.handle(
                bar.make(
                    .placeOrderForGuest,
                    #"{"drink_id":"\#(drink)","guest_name":" Ana ","quantity":2,"note":"no ice"}"#))
        )
        #expect(try member("username", of: placed)?.string == "Ana")
        #expect(try member("quantity", of: placed)?.integer == 2)
        #expect(try bar.tables() == bar.replay())
        #expect(try bar.tables().active == [guest("Ana").description: 1, "": 1])
    }

    @Test(arguments: [("{}", "guest_name"), (#"{"guest_name":"Ana"}"#, "drink_id")])
    func `needs a name and a drink`(body: String, field: String) throws {
        let bar = try TestBar()
        guard
            case .refused(.invalid(let errors)) = try bar.handle(
                bar.make(.placeOrderForGuest, body))
        else {
            Issue.record("it was taken")
            return
        }
        #expect(errors.map(\.field) == [field])
    }

    @Test func `is cancelled by its guest while pending`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let order = try accepted(bar.handle(bar.order(drink, by: "Ana"))).id
        let cancel = bar.make(.cancelOrder, "{}", by: .guest(guest("Ana")), target: order)
        #expect(try member("status", of: accepted(bar.handle(cancel)))?.string == "cancelled")
        let other = try accepted(bar.handle(bar.order(drink, by: "Ana"))).id
        _ = try accepted(bar.handle(bar.move(other, to: "in_progress")))
        #expect(
            try bar.handle(bar.make(.cancelOrder, "{}", by: .guest(guest("Ana")), target: other))
                == .refused(.invalidTransition(from: .inProgress, to: .cancelled)))
    }
}

@Suite("The bar's name") struct BarNameTests {
    @Test func `is set with its opening, in one command`() throws {
        let bar = try TestBar()
        let body = #"{"accepting_orders":false,"name":"La Última"}"#
        let first = try accepted(bar.handle(bar.make(.acceptOrders, body, key: "k")))
        #expect(try bar.events().map(\.type) == ["OrderingPaused", "SettingsChanged"])
        #expect(first.position == Position(2))
        #expect(try bar.handle(bar.make(.acceptOrders, body, key: "k")) == .accepted(first))
        #expect(try accepted(bar.handle(bar.make(.acceptOrders, body))).position == Position(2))
        #expect(try bar.events().count == 2)
    }
}

@Suite("A batch on a long menu") struct LongBatchTests {
    /// More drinks than are kept in memory, so that each further one makes room.
    private func longMenu() throws -> (bar: TestBar, section: String, drinks: [String]) {
        let bar = try TestBar()
        let section = try bar.section()
        let requests = (0...Aggregates.mostKept).map { number in
            bar.make(.createDrink, #"{"section_id":"\#(section)","name":"Drink \#(number)"}"#)
        }
        let drinks = try bar.handler.handle(requests).map { try accepted($0).id }
        return (bar, section, drinks)
    }

    @Test func `forgets nothing that it has just decided`() throws {
        let (bar, section, drinks) = try longMenu()
        // Fills the memory again from the log.
        _ = try bar.handler.handle(
            drinks.dropLast().map { bar.make(.updateDrink, "{}", target: $0) })
        let gone = drinks[0]
        let outcomes = try bar.handler.handle([
            bar.make(.deleteDrink, "{}", target: gone),
            bar.make(.updateDrink, #"{"garnish":"Mint"}"#, target: drinks[drinks.count - 1]),
            bar.order(gone),
            bar.make(.updateDrink, "{}", target: gone),
        ])
        #expect(outcomes[2] == .refused(.notOnMenu(drink: "Drink 0")))
        #expect(outcomes[3] == .refused(.notFound("drink")))
        #expect(try bar.tables() == bar.replay())
        #expect(
            try bar.handle(bar.make(.deleteSection, "{}", target: section))
                == .refused(.sectionNotEmpty(drinks: drinks.count - 1)))
    }
}

@Suite("The demo menu") struct DemoMenuTests {
    @Test func `is loaded once, also after a start that was killed in the middle`() throws {
        let bar = try TestBar()
        #expect(try bar.handler.loadDemoMenu() == 50)
        let events = try bar.events()
        let sections = events.count { $0.type == "SectionCreated" }
        #expect(sections == 8)
        #expect(try bar.handler.loadDemoMenu() == 0)

        let other = try TestBar()
        // As far as the first start came: some of the sections, and no drink.
        for event in events.prefix(3) {
            let name = try #require(
                JSONValue(parsing: event.data).object?["name"]?.string)
            _ = try other.section(name)
        }
        #expect(try other.handler.loadDemoMenu() == 50)
        #expect(try other.events().count { $0.type == "SectionCreated" } == sections)
        #expect(try other.tables() == other.replay())
    }
}
