import Domain
import Foundation
import JSON
import Projectors
import ReadModels
import Testing

/// Random menus with a history, asked at random, beside a filter that looks at every drink.
@Suite("The search and a naive filter") struct SearchPropertyTests {
    /// BARBACK_SEED repeats a run.
    @Test func `find the same on 200 menus`() throws {
        let given = ProcessInfo.processInfo.environment["BARBACK_SEED"]
        let seed = given.flatMap { UInt64($0) } ?? .random(in: 1...99_999)
        print("The search's seed is \(seed): BARBACK_SEED=\(seed) repeats it.")
        var random = SeededRandom(state: seed)
        for number in 0..<200 {
            let bar = try TestModels()
            var menu = RandomMenu()
            try bar.build(.search)
            // One reader for all of the history: what it keeps must not outlive a change.
            let search = try bar.search()
            for _ in 0..<6 {
                try bar.append(menu.history(on: bar, using: &random))
                try bar.build(.search)
                try bar.build(.menu)
                for _ in 0..<3 {
                    let query = menu.query(using: &random)
                    try compare(query, menu, search, "seed \(seed), menu \(number), \(query)")
                }
                try isAsOnTheMenu(search, bar)
                #expect(try counts(search) == menu.counts, "seed \(seed), menu \(number)")
            }
        }
    }

    private func compare(
        _ query: SearchQuery, _ menu: RandomMenu, _ search: SearchReader, _ comment: Comment
    ) throws {
        let expected = menu.naive(query)
        var page = query
        var found: [String] = []
        repeat {
            let answer = try search.find(page)
            #expect(answer.drinks.count <= query.limit, comment)
            if answer.next != nil { #expect(answer.drinks.count == query.limit, comment) }
            found += answer.drinks.compactMap { $0["id"]?.string }
            page.after = answer.next
        } while page.after != nil
        try #require(found == expected, comment)
    }

    /// Byte for byte what GET /drinks and GET /drinks/{id} say.
    private func isAsOnTheMenu(_ search: SearchReader, _ bar: TestModels) throws {
        var (found, whole) = (JSONWriter(), JSONWriter())
        _ = try search.writeDrinks(SearchQuery(), into: &found)
        _ = try bar.menu().writeDrinks(into: &whole)
        try #require(
            String(decoding: found.bytes, as: UTF8.self)
                == String(decoding: whole.bytes, as: UTF8.self))
    }
}

extension SearchPropertyTests {
    /// How many drinks name each ingredient; one that is out is written with a minus.
    private func counts(_ search: SearchReader) throws -> [IngredientKey: Int64] {
        var json = JSONWriter()
        _ = try search.writeIngredients(words: [], limit: 1_000, into: &json)
        var counts: [IngredientKey: Int64] = [:]
        for item in try #require(JSONValue(parsing: json.bytes).array).compactMap(\.object) {
            let count = try #require(item["drink_count"]?.integer)
            let key = IngredientKey(try #require(item["name"]?.string))
            counts[key] = item["in_stock"]?.bool == true ? count : -count
        }
        return counts
    }
}

/// What the events of one random history leave, kept as plainly as can be.
private struct RandomMenu {
    private var sections: [SectionID: Domain.Section.Facts] = [:]
    private var drinks: [DrinkID: DrinkFacts] = [:]
    private var out: Set<IngredientKey> = []

    private static let names = [
        "Gin", "GIN", "gin ", "Crème de Cacao", "creme de cacao", "Ron añejo", "Lima", "Limón",
        "Lime juice", "Jägermeister", "Æblegrød", "ダイキリ", "St-Germain", "7 Up", "100% Agave", "\"",
        "~",
    ]
    private static let words = [
        "g", "gi", "gin", "crem", "CRÈME", "de", "lim", "lime j", "ron an", "jag", "7", "100",
        "daiq",
        "ダ", "st germ", "AND", "NEAR", "*", "%", "\u{10FFFF}", "sour",
    ]
    private static let tags = ["Clásico", "clasico", "Short", "short drink", "#"]

    // MARK: History

    mutating func history(on bar: TestModels, using random: inout SeededRandom) -> [Event] {
        var events: [Event] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            if let event = event(on: bar, using: &random) { events.append(event) }
        }
        return events
    }

    private mutating func event(on bar: TestModels, using random: inout SeededRandom) -> Event? {
        // Set and Dictionary come in another order each run; chance must not depend on it.
        let section = sections.keys.sorted { $0.description < $1.description }
            .randomElement(using: &random)
        let drink = drinks.keys.sorted { $0.description < $1.description }
            .randomElement(using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1:
            let id: SectionID = bar.id()
            sections[id] = facts(using: &random)
            return sections[id].map { .section(.created(id, $0)) }
        case 2:
            guard let section else { return nil }
            sections[section] = facts(using: &random)
            return sections[section].map { .section(.updated(section, $0)) }
        case 3:
            guard let section, !drinks.values.contains(where: { $0.sectionID == section }) else {
                return nil
            }
            sections[section] = nil
            return .section(.deleted(section))
        case 4, 5, 6:
            guard let drink, let section else { return nil }
            drinks[drink] = facts(in: section, using: &random)
            return drinks[drink].map { .drink(.updated(drink, $0)) }
        case 7:
            guard let drink else { return nil }
            drinks[drink] = nil
            return .drink(.deleted(drink))
        case 8, 9:
            let name = Self.names.randomElement(using: &random) ?? ""
            out.insert(IngredientKey(name))
            return .ingredient(.ranOut(name: name))
        case 10:
            let name = Self.names.randomElement(using: &random) ?? ""
            out.remove(IngredientKey(name))
            return .ingredient(.restocked(name: name))
        default:
            guard let section else { return nil }
            let id: DrinkID = bar.id()
            drinks[id] = facts(in: section, using: &random)
            return drinks[id].map { .drink(.created(id, $0)) }
        }
    }

    private func facts(using random: inout SeededRandom) -> Domain.Section.Facts {
        .init(
            name: Self.names.randomElement(using: &random) ?? "",
            displayOrder: .random(in: 0...3, using: &random))
    }

    private func facts(in section: SectionID, using random: inout SeededRandom) -> DrinkFacts {
        func some(_ values: [String], _ most: Int) -> [String] {
            Array(values.shuffled(using: &random).prefix(.random(in: 0...most, using: &random)))
        }
        var facts = DrinkFacts(
            sectionID: section, name: some(Self.names, 3).joined(separator: " ") + " Sour")
        facts.ingredients = some(Self.names, 5).map { name in
            IngredientLine(
                name: name, amount: [nil, 1, 22.5].randomElement(using: &random) ?? nil,
                optional: .random(using: &random), substitutes: some(Self.names, 2))
        }
        facts.tags = some(Self.tags, 2)
        facts.abv = [nil, 0, 5, 9.5, 40].randomElement(using: &random) ?? nil
        facts.displayOrder = .random(in: 0...4, using: &random)
        facts.isActive = Int.random(in: 0..<6, using: &random) > 0
        if let name = some(Self.names, 1).first {
            facts.translations = [Translation(language: "es", name: name, description: "x")]
        }
        return facts
    }

    // MARK: Questions

    func query(using random: inout SeededRandom) -> SearchQuery {
        func sometimes<Value>(_ values: [Value]) -> Value? {
            Int.random(in: 0..<4, using: &random) == 0 ? values.randomElement(using: &random) : nil
        }
        var query = SearchQuery()
        query.with = [sometimes(Self.names), sometimes(Self.names)].compactMap(\.self)
        query.without = [sometimes(Self.names), sometimes(Self.names)].compactMap(\.self)
        query.words = [sometimes(Self.words), sometimes(Self.words)].compactMap(\.self)
            .flatMap { Folded($0).words }
        let known = sections.keys.map(\.description).sorted()
        query.sectionID = sometimes(known + ["01890a5d-ac96-774b-bcce-b302099a8057"])
        query.tag = sometimes(Self.tags)
        query.alcoholFree = sometimes([true, false])
        query.maxABV = sometimes([0, 9.5, 20, 100])
        query.makeable = sometimes([true, false])
        query.limit = [1, 2, 3, 1_000].randomElement(using: &random) ?? 1
        return query
    }

    func naive(_ query: SearchQuery) -> [String] {
        let found = drinks.filter { id, facts in
            let names = facts.ingredients.map { plain($0.name) }
            let texts =
                [facts.name] + facts.ingredients.map(\.name) + facts.translations.map(\.name)
            let words = texts.flatMap { plain($0).split { !$0.isLetter && !$0.isNumber } }
            let missing = Drink(id: id, facts).missing(out: out)
            return facts.isActive
                && query.with.allSatisfy { names.contains(plain($0)) }
                && !query.without.contains { names.contains(plain($0)) }
                && query.words.allSatisfy { word in words.contains { $0.hasPrefix(word) } }
                && (query.sectionID.map { $0 == facts.sectionID.description } ?? true)
                && (query.tag.map { facts.tags.map(plain).contains(plain($0)) } ?? true)
                && (query.alcoholFree.map { $0 == (facts.abv == 0) } ?? true)
                && (query.maxABV.map { (facts.abv ?? .infinity) <= $0 } ?? true)
                && (query.makeable.map { $0 == missing.isEmpty } ?? true)
        }
        return found.map { id, facts in
            (
                sections[facts.sectionID]?.displayOrder ?? 0, facts.sectionID.description,
                facts.displayOrder, id.description
            )
        }.sorted { $0 < $1 }.map(\.3)
    }

    var counts: [IngredientKey: Int64] {
        var counts: [IngredientKey: Int64] = [:]
        for facts in drinks.values where facts.isActive {
            for key in Set(facts.ingredients.map { IngredientKey($0.name) }) {
                counts[key, default: 0] += out.contains(key) ? -1 : 1
            }
        }
        return counts
    }

    /// By somebody else's folding: ours is under test.
    private func plain(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .replacingOccurrences(of: "æ", with: "ae").replacingOccurrences(of: "ø", with: "o")
            .trimmingCharacters(in: .whitespaces)
    }
}
