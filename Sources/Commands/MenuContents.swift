internal import Domain
public import EventStore
internal import SQLite

/// The menu as the log has it: what an export writes, and what an import compares with.
public struct MenuContents {
    private(set) var sections: [(section: Section, version: Version)] = []
    private(set) var drinks: [(drink: Drink, version: Version)] = []
    /// The names of what is out, as the host wrote them.
    private(set) var out: [String] = []
    private(set) var settings = Settings()

    /// An empty bar's.
    public init() {}

    /// Folds every event that is not an order.
    public init(_ log: LogReader) throws(LogError) {
        var events: [Envelope] = []
        for type in Catalogue.current.types where !type.hasPrefix("Order") {
            events += try log.read(type: type, after: .start, limit: .max)
        }
        var sections: [SectionID: (section: Section, version: Version)] = [:]
        var drinks: [DrinkID: (drink: Drink, version: Version)] = [:]
        var out: [IngredientKey: String] = [:]
        for event in events.sorted(by: { $0.position < $1.position }) {
            switch try event.decoded() {
            case .section(let change):
                if case .created(let id, let facts) = change {
                    sections[id] = (Section(id: id, facts), .none)
                }
                sections[change.id]?.section.evolve(change)
                sections[change.id]?.version = event.version
            case .drink(let change):
                if case .created(let id, let facts) = change {
                    drinks[id] = (Drink(id: id, facts), .none)
                }
                drinks[change.id]?.drink.evolve(change)
                drinks[change.id]?.version = event.version
            case .ingredient(.ranOut(let name)): out[IngredientKey(name)] = name
            case .ingredient(.restocked(let name)): out[IngredientKey(name)] = nil
            case .settings(let change): settings.evolve(change)
            case .bar, .order, .logRestored: break
            }
        }
        self.sections = sections.values.filter { !$0.section.isDeleted }
            .sorted { Self.isBefore($0.section, $1.section) }
        let places = Dictionary(
            uniqueKeysWithValues: self.sections.enumerated().map { ($1.section.id, $0) })
        self.drinks = drinks.values.filter { !$0.drink.isDeleted }.sorted { one, other in
            let places = [one, other].map { places[$0.drink.facts.sectionID] ?? 0 }
            guard places[0] == places[1] else { return places[0] < places[1] }
            let (one, other) = (one.drink, other.drink)
            guard one.facts.displayOrder == other.facts.displayOrder else {
                return one.facts.displayOrder < other.facts.displayOrder
            }
            return one.id.description < other.id.description
        }
        self.out = out.values.sorted()
    }

    private static func isBefore(_ one: Section, _ other: Section) -> Bool {
        one.facts.displayOrder == other.facts.displayOrder
            ? one.id.description < other.id.description
            : one.facts.displayOrder < other.facts.displayOrder
    }
}

extension Section.Event {
    fileprivate var id: SectionID {
        switch self {
        case .created(let id, _), .updated(let id, _), .deleted(let id): id
        }
    }
}

extension Drink.Event {
    fileprivate var id: DrinkID {
        switch self {
        case .created(let id, _), .updated(let id, _), .deleted(let id): id
        }
    }
}
