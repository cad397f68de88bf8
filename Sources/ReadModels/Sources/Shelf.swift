public import Domain
internal import JSON
public import SQLite

/// What a recipe needs of the shelf, and whether it can be made.
public struct Need: Sendable {
    /// One line that is not optional: the ingredient, and what may stand in for it.
    private struct Line: Sendable {
        let choices: Set<IngredientKey>
    }

    private let lines: [Line]

    /// Reads the `ingredients` of a drink's document; what is not one needs nothing.
    init(json: [UInt8]) {
        let items = (try? JSONValue(parsing: json).array) ?? []
        lines = items.compactMap { item in
            guard let line = item.object, line["optional"]?.bool != true,
                let name = line["name"]?.string
            else { return nil }
            let others = (line["substitutes"]?.array ?? []).compactMap(\.string)
            return Line(choices: Set(([name] + others).map { IngredientKey($0) }))
        }
    }

    /// Every ingredient that it may matter to.
    public var ingredients: Set<IngredientKey> {
        lines.reduce(into: []) { $0.formUnion($1.choices) }
    }

    /// Whether it can be made with this ingredient and not without it.
    public func hangs(on ingredient: IngredientKey, out: Set<IngredientKey>) -> Bool {
        var others = out
        others.remove(ingredient)
        return isMet(out: others) && !isMet(out: others.union([ingredient]))
    }

    private func isMet(out: Set<IngredientKey>) -> Bool {
        lines.allSatisfy { !$0.choices.isSubset(of: out) }
    }
}

/// An ingredient of the menu, or one that somebody took out.
public struct ShelfRow: Equatable, Sendable {
    public let key: IngredientKey
    /// As the host or a recipe writes it.
    public let name: String
    public let inStock: Bool
}

extension MenuReader {
    /// Every ingredient that the menu names or that is out, by name; nil `key` asks for all.
    public func shelf(_ key: IngredientKey? = nil) throws(SQLiteError) -> [ShelfRow] {
        let rows = try connection.prepare(Self.shelf)
        rows.bind(1, orNull: key?.text)
        var shelf: [ShelfRow] = []
        while try rows.step() {
            shelf.append(
                ShelfRow(
                    key: IngredientKey(rows.text(0)), name: rows.text(1),
                    inStock: rows.integer(2) != 0))
        }
        return shelf
    }

    static let shelf = """
        SELECT ingredient, min(name), max(in_stock) FROM (
            SELECT ingredient, name, ingredient NOT IN (SELECT ingredient FROM out_of_stock)
                AS in_stock
            FROM drink_ingredient WHERE ingredient = ?1 OR ?1 IS NULL
            UNION ALL
            SELECT ingredient, name, 0 FROM out_of_stock WHERE ingredient = ?1 OR ?1 IS NULL)
        GROUP BY ingredient ORDER BY ingredient
        """

    public func outOfStock() throws(SQLiteError) -> Set<IngredientKey> {
        let rows = try connection.prepare("SELECT ingredient FROM out_of_stock")
        var out: Set<IngredientKey> = []
        while try rows.step() { out.insert(IngredientKey(rows.text(0))) }
        return out
    }

    /// Calls the body with each served drink that names the ingredient, or with all for nil, in the
    /// order of the menu.
    public func forEachNeed(
        of key: IngredientKey?, _ body: (_ id: String, _ name: String, Need) -> Void
    ) throws(SQLiteError) {
        let rows = try connection.prepare(key == nil ? Self.allNeeds : Self.needsOfOne)
        if let key { rows.bind(1, key.text) }
        while try rows.step() { body(rows.text(0), rows.text(1), Need(json: rows.bytes(2))) }
    }

    private static let needColumns = """
        SELECT drink_id, drink.name, ingredients FROM drink JOIN section USING (section_id)
        """
    private static let menuOrder =
        "ORDER BY section.display_order, section_id, drink.display_order, drink_id"
    static let allNeeds = "\(needColumns) WHERE is_active \(menuOrder)"
    static let needsOfOne = """
        \(needColumns) WHERE is_active AND drink_id IN (
            SELECT drink_id FROM drink_ingredient WHERE ingredient = ?)
        \(menuOrder)
        """
}
