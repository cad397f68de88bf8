/// One line of a recipe.
public struct IngredientLine: Equatable, Sendable {
    public var name: String
    /// In `unit`; nil where the recipe only says "top up" or "to taste".
    public var amount: Double?
    public var unit: String
    public var optional: Bool
    /// Names of what may stand in for it.
    public var substitutes: [String]

    public init(
        name: String, amount: Double? = nil, unit: String = "", optional: Bool = false,
        substitutes: [String] = []
    ) {
        self.name = name
        self.amount = amount
        self.unit = unit
        self.optional = optional
        self.substitutes = substitutes
    }
}

/// What makes two spellings the same ingredient: "Lime Juice" and "lime juice" stand on one shelf.
public struct IngredientKey: Hashable, Sendable {
    public let text: String

    public init(_ name: String) { text = name.trimmed.lowercased().normalized }
}

/// An ingredient on the shelf, in or out.
public struct Ingredient: Equatable, Sendable {
    public private(set) var inStock: Bool

    public enum Event: Equatable, Sendable {
        case ranOut(name: String)
        case restocked(name: String)
    }

    public init(inStock: Bool = true) { self.inStock = inStock }

    public mutating func evolve(_ event: Event) {
        switch event {
        case .ranOut: inStock = false
        case .restocked: inStock = true
        }
    }

    /// Marks it in or out; nothing happens where it already is.
    public func mark(_ name: String, inStock wanted: Bool) throws(Refusal) -> Event? {
        var rules = FieldRules()
        let name = rules.text("name", name, 1...100)
        try rules.check()
        guard wanted != inStock else { return nil }
        return wanted ? .restocked(name: name) : .ranOut(name: name)
    }
}

extension Drink {
    /// The names of needed ingredients that are out and that nothing on the shelf replaces.
    public func missing(out: Set<IngredientKey>) -> [String] { facts.ingredients.missing(out: out) }
}

extension [IngredientLine] {
    /// See ``Drink/missing(out:)``.
    public func missing(out: Set<IngredientKey>) -> [String] {
        guard !out.isEmpty else { return [] }
        return filter { line in
            !line.optional && out.contains(IngredientKey(line.name))
                && line.substitutes.allSatisfy { out.contains(IngredientKey($0)) }
        }.map(\.name)
    }
}
