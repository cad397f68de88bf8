import Domain
import Testing

@Suite("A drink of the menu") struct DrinkChangeTests {
    private func changed(_ change: (inout DrinkFacts) -> Void) -> DrinkFacts {
        var facts = drink().facts
        change(&facts)
        return facts
    }

    @Test func `says all about itself when it changes`() throws {
        let event = try drink().update(changed { $0.garnish = " Lime " }, sectionExists: true)
        #expect(event == .updated(drinkID, changed { $0.garnish = "Lime" }))
    }

    @Test func `does not change to what it is`() throws {
        #expect(try drink().update(drink().facts, sectionExists: true) == nil)
        #expect(try drink().update(changed { $0.name = " Daiquiri" }, sectionExists: true) == nil)
    }

    @Test func `is changed under the rules it was made under`() {
        let refused = refusedFields { () throws(Refusal) in
            _ = try drink().update(
                changed {
                    $0.name = ""
                    $0.abv = 101
                }, sectionExists: false)
        }
        #expect(refused == ["section_id", "name", "abv"])
    }

    @Test func `is gone once it is deleted`() throws {
        var gone = drink()
        gone.evolve(try gone.delete())
        #expect(!gone.isServed)
        #expect(throws: Refusal.notFound("drink")) { try gone.delete() }
        #expect(throws: Refusal.notFound("drink")) {
            try gone.update(changed { $0.name = "Again" }, sectionExists: true)
        }
    }
}

@Suite("A section of the menu") struct SectionChangeTests {
    private let sours = Section(id: sectionID, Section.Facts(name: "Sours", displayOrder: 2))

    @Test func `changes its name and its place`() throws {
        let wanted = Section.Facts(name: " Ácidos ", displayOrder: 1)
        #expect(
            try sours.update(wanted)
                == .updated(sectionID, Section.Facts(name: "Ácidos", displayOrder: 1)))
        #expect(try sours.update(sours.facts) == nil)
        #expect(throws: Refusal.self) { try sours.update(Section.Facts(name: "")) }
    }

    @Test func `goes when its drinks have gone, and once`() throws {
        #expect(throws: Refusal.sectionNotEmpty(drinks: 1)) { try sours.delete(drinks: 1) }
        var gone = sours
        gone.evolve(try gone.delete(drinks: 0))
        #expect(throws: Refusal.notFound("section")) { try gone.delete(drinks: 0) }
        #expect(throws: Refusal.notFound("section")) { try gone.update(sours.facts) }
    }
}

@Suite("The settings") struct SettingsTests {
    @Test func `are settled as a whole, and not twice`() throws {
        var wanted = Settings()
        wanted.name = " La Última "
        wanted.maxActiveOrders = 0
        let event = try #require(try Settings().change(to: wanted))
        var settings = Settings()
        settings.evolve(event)
        #expect(settings.name == "La Última")
        #expect(settings.maxActiveOrders == 0)
        #expect(try settings.change(to: wanted) == nil)
    }

    @Test(arguments: [
        (1, 2, []), (119, 120, []), (0, 8, ["wait_minutes"]), (5, 121, ["late_minutes"]),
        (8, 8, ["late_minutes"]), (121, 122, ["wait_minutes", "late_minutes"]),
    ])
    func `say when an order is late`(wait: Int64, late: Int64, refused: [String]) {
        var wanted = Settings()
        (wanted.waitMinutes, wanted.lateMinutes) = (wait, late)
        #expect(
            refusedFields { () throws(Refusal) in _ = try Settings().change(to: wanted) } == refused
        )
    }

    @Test(arguments: [
        ("", nil), (String(repeating: "x", count: 61), nil), ("Bar", -1), ("Bar", 1_001),
    ])
    func `refuse what no bar can mean`(name: String, limit: Int64?) {
        var wanted = Settings()
        wanted.name = name
        wanted.maxActiveOrders = limit
        #expect(throws: Refusal.self) { try Settings().change(to: wanted) }
    }
}
