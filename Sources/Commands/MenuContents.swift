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

    private var outKeys: Set<IngredientKey> = []

    func isOut(_ ingredient: String) -> Bool { outKeys.contains(IngredientKey(ingredient)) }

    /// An empty bar's.
    public init() {}

    /// Folds every event that is not an order, up to where the log ends now: one moment of the bar.
    ///
    /// - Throws: ``LogError``, ``SQLiteError``.
    public init(_ log: LogReader) throws {
        var fold = Fold()
        let orders = ["OrderPlaced", "OrderStatusChanged"].map { Array($0.utf8) }
        let head = try log.head().position
        var position = Position.start
        while position < head {
            try log.forEach(after: position, limit: 10_000, upTo: head) { row in
                position = row.position
                guard !orders.contains(where: row.isOfType) else { return }
                var data: [UInt8] = []
                row.copyData(into: &data)
                fold.apply(
                    try EventCoding.decode(type: row.type, schema: row.schema, data: data),
                    row.version)
            }
        }
        self.init(fold)
    }

    private struct Fold {
        var sections: [SectionID: (section: Section, version: Version)] = [:]
        var drinks: [DrinkID: (drink: Drink, version: Version)] = [:]
        var out: [IngredientKey: String] = [:]
        var settings = Settings()

        mutating func apply(_ event: Event, _ version: Version) {
            switch event {
            case .section(let change):
                if case .created(let id, let facts) = change {
                    sections[id] = (Section(id: id, facts), .none)
                }
                sections[change.id]?.section.evolve(change)
                sections[change.id]?.version = version
            case .drink(let change):
                if case .created(let id, let facts) = change {
                    drinks[id] = (Drink(id: id, facts), .none)
                }
                drinks[change.id]?.drink.evolve(change)
                drinks[change.id]?.version = version
            case .ingredient(.ranOut(let name)): out[IngredientKey(name)] = name
            case .ingredient(.restocked(let name)): out[IngredientKey(name)] = nil
            case .settings(let change): settings.evolve(change)
            default: break
            }
        }
    }

    private init(_ fold: Fold) {
        settings = fold.settings
        sections = fold.sections.values.filter { !$0.section.isDeleted }
            .sorted { Self.isBefore($0.section, $1.section) }
        let places = Dictionary(
            uniqueKeysWithValues: sections.enumerated().map { ($1.section.id, $0) })
        drinks = fold.drinks.values.filter { !$0.drink.isDeleted }.sorted { one, other in
            let places = [one, other].map { places[$0.drink.facts.sectionID] ?? 0 }
            guard places[0] == places[1] else { return places[0] < places[1] }
            let (one, other) = (one.drink, other.drink)
            guard one.facts.displayOrder == other.facts.displayOrder else {
                return one.facts.displayOrder < other.facts.displayOrder
            }
            return one.id.description < other.id.description
        }
        out = fold.out.values.sorted()
        outKeys = Set(fold.out.keys)
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
