public import Domain
internal import JSON
public import SQLite

/// What a recipe needs of the shelf.
public struct Need: Sendable {
    /// For each line that is not optional: the ingredient, and what may stand in for it.
    private let lines: [Set<IngredientKey>]

    /// Reads the `ingredients` of a drink's document; what is not one needs nothing.
    init(json: [UInt8]) {
        let items = (try? JSONValue(parsing: json).array) ?? []
        lines = items.compactMap { item in
            guard let line = item.object, line["optional"]?.bool != true,
                let name = line["name"]?.string
            else { return nil }
            let others = (line["substitutes"]?.array ?? []).compactMap(\.string)
            return Set(([name] + others).map { IngredientKey($0) })
        }
    }

    /// The ingredients it hangs on: it can be made with one of them and not without, as the shelf stands.
    ///
    /// The same whether that one is in or out.
    public func decisive(out: Set<IngredientKey>) -> Set<IngredientKey> {
        let broken = lines.filter { $0.isSubset(of: out) }
        guard let first = broken.first else {
            // All can be made: it hangs on what is the last choice of a line.
            return lines.reduce(into: []) { found, line in
                let choices = line.filter { !out.contains($0) }
                if choices.count == 1 { found.formUnion(choices) }
            }
        }
        // What is back in stock must mend every broken line.
        return broken.dropFirst().reduce(first) { $0.intersection($1) }
    }
}

/// An ingredient of the menu, or one that somebody took out.
public struct ShelfRow: Equatable, Sendable {
    public let key: IngredientKey
    /// As the host or a recipe writes it.
    public let name: String
    public let inStock: Bool

    public init(key: IngredientKey, name: String, inStock: Bool) {
        self.key = key
        self.name = name
        self.inStock = inStock
    }
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

    private static let needColumns = "SELECT drink_id, drink.name, ingredients"
    static let allNeeds = "\(needColumns) \(inMenuOrder) WHERE is_active \(menuOrder)"
    static let needsOfOne = """
        \(needColumns) FROM drink JOIN section USING (section_id)
        WHERE is_active AND drink_id IN (
            SELECT drink_id FROM drink_ingredient WHERE ingredient = ?)
        \(menuOrder)
        """
}
