/// A drink on the menu.
public struct Drink: Equatable, Sendable {
    public let id: DrinkID
    public private(set) var facts: DrinkFacts
    /// Nil for a drink without a photo, which the page then draws.
    public private(set) var image: ImageName?
    /// Its orders stay whole; it can neither be ordered nor changed any more.
    public private(set) var isDeleted = false

    public enum Event: Equatable, Sendable {
        case created(DrinkID, DrinkFacts)
        /// All that it says about itself from now on.
        case updated(DrinkID, DrinkFacts)
        case imageAttached(DrinkID, ImageName)
        case imageRemoved(DrinkID)
        case deleted(DrinkID)

        public var id: DrinkID {
            switch self {
            case .created(let id, _), .updated(let id, _), .imageAttached(let id, _),
                .imageRemoved(let id), .deleted(let id):
                id
            }
        }
    }

    public init(id: DrinkID, _ facts: DrinkFacts) {
        self.id = id
        self.facts = facts
    }

    public mutating func evolve(_ event: Event) {
        switch event {
        case .created(_, let facts), .updated(_, let facts): self.facts = facts
        case .imageAttached(_, let image): self.image = image
        case .imageRemoved: image = nil
        case .deleted: isDeleted = true
        }
    }

    /// Whether guests find it on the menu.
    public var isServed: Bool { facts.isActive && !isDeleted }

    /// A new drink with the given id.
    public static func create(
        _ facts: DrinkFacts, id: DrinkID, sectionExists: Bool
    ) throws(Refusal) -> Event {
        .created(id, try facts.checked(sectionExists: sectionExists))
    }

    /// Says something else about itself; nothing happens where it says so already.
    public func update(_ facts: DrinkFacts, sectionExists: Bool) throws(Refusal) -> Event? {
        guard !isDeleted else { throw .notFound("drink") }
        let checked = try facts.checked(sectionExists: sectionExists)
        return checked == self.facts ? nil : .updated(id, checked)
    }

    /// Is shown with another photo, or with none; nothing happens where it is so already.
    public func show(_ image: ImageName?) throws(Refusal) -> Event? {
        guard !isDeleted else { throw .notFound("drink") }
        guard image != self.image else { return nil }
        return image.map { .imageAttached(id, $0) } ?? .imageRemoved(id)
    }

    public func delete() throws(Refusal) -> Event {
        guard !isDeleted else { throw .notFound("drink") }
        return .deleted(id)
    }
}

/// What a drink says about itself.
///
/// Lengths are in characters, `abv` in percent by volume.
public struct DrinkFacts: Equatable, Sendable {
    public var sectionID: SectionID
    public var name: String
    public var description = ""
    public var ingredients: [IngredientLine] = []
    public var recipeSteps: [String] = []
    public var garnish = ""
    public var glass = ""
    public var ice = Ice.none
    public var tags: [String] = []
    /// Nil when the host has not said how strong it is.
    public var abv: Double?
    public var displayOrder: Int64 = 0
    public var isActive = true
    public var translations: [Translation] = []

    public init(sectionID: SectionID, name: String) {
        self.sectionID = sectionID
        self.name = name
    }

    func checked(sectionExists: Bool) throws(Refusal) -> DrinkFacts {
        var rules = FieldRules()
        var facts = self
        if !sectionExists { rules.refuse("section_id", "names no section of this menu") }
        facts.name = rules.text("name", name, 1...100)
        facts.description = rules.text("description", description, 0...2_000, lines: true)
        rules.count("ingredients", ingredients.count, atMost: 40)
        facts.ingredients = ingredients.enumerated().map { rules.ingredient($0.element, $0.offset) }
        rules.count("recipe_steps", recipeSteps.count, atMost: 30)
        facts.recipeSteps = recipeSteps.enumerated().map { index, step in
            rules.text("recipe_steps[\(index)]", step, 1...500, lines: true)
        }
        facts.garnish = rules.text("garnish", garnish, 0...200)
        facts.glass = rules.text("glass", glass, 0...100)
        rules.count("tags", tags.count, atMost: 20)
        facts.tags = tags.enumerated().map { rules.text("tags[\($0.offset)]", $0.element, 1...40) }
        if let abv, !(0...100).contains(abv) { rules.refuse("abv", "must be from 0 to 100") }
        rules.displayOrder(displayOrder)
        facts.translations = rules.translations(translations)
        try rules.check()
        return facts
    }
}

public enum Ice: String, CaseIterable, Sendable {
    case none, cubes, large, crushed
}

extension FieldRules {
    fileprivate mutating func ingredient(_ given: IngredientLine, _ index: Int) -> IngredientLine {
        let field = "ingredients[\(index)]"
        var line = given
        line.name = text("\(field).name", given.name, 1...100)
        line.unit = text("\(field).unit", given.unit, 0...20)
        if let amount = given.amount, !(amount > 0 && amount <= 100_000) {
            refuse("\(field).amount", "must be more than 0 and at most 100000")
        }
        count("\(field).substitutes", given.substitutes.count, atMost: 10)
        line.substitutes = given.substitutes.map { text("\(field).substitutes", $0, 1...100) }
        return line
    }
}
