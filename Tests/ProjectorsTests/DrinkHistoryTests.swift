import Domain
import JSON
import ReadModels
import Testing

@Suite("The history of a drink") struct DrinkHistoryTests {
    private func page(
        _ bar: TestModels, _ id: DrinkID, before version: Int64 = .max, limit: Int = 100
    ) throws -> (versions: [JSONObject], next: Version?) {
        var json = JSONWriter()
        let (count, next) = try bar.menu().writeHistory(
            ofDrink: id.description, before: Version(version), limit: limit, into: &json)
        let versions = try #require(JSONValue(parsing: json.bytes).array).compactMap(\.object)
        #expect(versions.count == count)
        return (versions, next)
    }

    /// What the drink's document was after each event, newest first, but for the shelf.
    private func documents(_ bar: TestModels, _ events: [Event]) throws -> [JSONValue] {
        var documents: [JSONValue] = []
        for event in events {
            try bar.append(event)
            try bar.build(.menu)
            guard var drink = try bar.drinks().first else {
                documents.insert(.null, at: 0)
                continue
            }
            for name in ["available", "missing"] { drink[name] = nil }
            documents.insert(.object(drink), at: 0)
        }
        return documents
    }

    private func events(_ id: DrinkID, in section: SectionID, photo: ImageName) -> [Event] {
        var facts = DrinkFacts(sectionID: section, name: "Daiquirí \"clásico\" 🍹")
        facts.ingredients = [IngredientLine(name: "Ron", amount: 22.5, unit: "ml")]
        facts.translations = [
            Translation(language: "es", name: "", description: "", recipeSteps: ["Agita."])
        ]
        facts.abv = 19.5
        var other = facts
        other.name = "Daiquiri"
        other.abv = nil
        let renamed = Section.Facts(name: "Ácidos")
        return [
            .drink(.created(id, facts)), .drink(.imageAttached(id, photo)),
            .section(.updated(section, renamed)), .drink(.updated(id, other)),
            .ingredient(.ranOut(name: "Ron")), .drink(.imageRemoved(id)), .drink(.deleted(id)),
        ]
    }

    @Test func `is every document it had, and its end`() throws {
        let bar = try TestModels()
        let id: DrinkID = bar.id()
        let section = try bar.section()
        let photo = ImageName(id: bar.id(), after: "daiquiri.jpg", ending: "jpg")
        var documents = try documents(bar, events(id, in: section, photo: photo))
        // What is no event of the drink's own is no version.
        documents.remove(at: 4)
        documents.remove(at: 2)
        let (versions, next) = try page(bar, id)
        #expect(next == nil)
        #expect(versions.map { $0["drink"] } == documents)
        #expect(versions.map { $0["version"]?.integer } == [5, 4, 3, 2, 1])
        #expect(versions.map { $0["position"]?.integer } == [8, 7, 5, 3, 2])
        #expect(
            versions.map { $0["type"]?.string } == [
                "DrinkDeleted", "DrinkImageRemoved", "DrinkUpdated", "DrinkImageAttached",
                "DrinkCreated",
            ])
        #expect(
            versions.map { $0["drink"]?.object?["section_name"]?.string } == [
                nil, "Ácidos", "Ácidos", "Sours", "Sours",
            ])
        #expect(versions.last?["at"]?.string == "2027-01-15T08:00:00.000Z")
    }

    @Test func `comes in pages`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let id = try bar.drink(section)
        for number in 2...5 {
            let facts = DrinkFacts(sectionID: section, name: "Number \(number)")
            try bar.append(.drink(.updated(id, facts)))
        }
        let other = try bar.drink(section, "Mojito")
        try bar.build(.menu)
        var found: [Int64] = []
        var next: Version? = Version(.max)
        while let before = next {
            let page = try page(bar, id, before: before.number, limit: 2)
            found += page.versions.compactMap { $0["version"]?.integer }
            next = page.next
        }
        #expect(found == [5, 4, 3, 2, 1])
        #expect(try page(bar, other).versions.count == 1)
        #expect(try page(bar, bar.id()).versions.isEmpty)
    }

    @Test(arguments: [
        ("staff:Zoë", "staff", "Zoë"), ("cli:root", "cli", "root"),
        ("system:demo", "system", "demo"),
    ])
    func `says who made it so`(actor: String, role: String, name: String) throws {
        let bar = try TestModels()
        let id: DrinkID = bar.id()
        let facts = DrinkFacts(sectionID: try bar.section(), name: "Daiquiri")
        try bar.append(.drink(.created(id, facts)), by: actor)
        try bar.build(.menu)
        let version = try #require(try page(bar, id).versions.first)
        #expect(version["by"]?.string == role && version["by_name"]?.string == name)
    }
}
