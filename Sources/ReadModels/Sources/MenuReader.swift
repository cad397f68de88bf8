public import JSON
public import SQLite

/// Answers from the menu: finished documents, as the public contract shows them.
public final class MenuReader: ModelReader {
    private let sections: Statement
    private let drinks: Statement
    private let drink: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        sections = try connection.prepare(
            """
            SELECT section_id, name, description, display_order, translations, created_at, updated_at
            FROM section ORDER BY display_order, section_id
            """)
        let columns = """
            SELECT drink_id, drink.version, section_id, section.name, drink.name, drink.description,
                ingredients, recipe_steps, garnish, glass, ice, tags, abv, drink.display_order,
                is_active, missing, drink.translations, drink.created_at, drink.updated_at
            FROM drink JOIN section USING (section_id)
            """
        drinks = try connection.prepare(
            """
            \(columns) WHERE is_active
            ORDER BY section.display_order, section_id, drink.display_order, drink_id
            """)
        drink = try connection.prepare("\(columns) WHERE is_active AND drink_id = ?")
        try super.init(on: connection)
    }

    /// Writes `[section, ...]` and returns how many.
    public func writeSections(into json: inout JSONWriter) throws(SQLiteError) -> Int {
        try writeAll(sections, into: &json, writeSectionRow)
    }

    /// Writes `[drink, ...]`, the drinks that are served, and returns how many.
    public func writeDrinks(into json: inout JSONWriter) throws(SQLiteError) -> Int {
        try writeAll(drinks, into: &json, writeDrinkRow)
    }

    /// Writes one drink; false when there is none with this id on the menu.
    public func writeDrink(_ id: String, into json: inout JSONWriter) throws(SQLiteError) -> Bool {
        drink.bind(1, id)
        defer { drink.reset() }
        guard try drink.step() else { return false }
        writeDrinkRow(drink, into: &json)
        return true
    }

    /// Writes one section; false when there is none with this id.
    public func writeSection(
        _ id: String, into json: inout JSONWriter
    ) throws(SQLiteError) -> Bool {
        defer { sections.reset() }
        while try sections.step() {
            guard sections.text(0) == id else { continue }
            writeSectionRow(sections, into: &json)
            return true
        }
        return false
    }
}

func writeAll(
    _ statement: Statement, into json: inout JSONWriter,
    _ write: (Statement, inout JSONWriter) -> Void
) throws(SQLiteError) -> Int {
    var count = 0
    var failure: SQLiteError?
    json.array { json in
        do throws(SQLiteError) {
            while try statement.step() {
                write(statement, &json)
                count += 1
            }
        } catch {
            failure = error
        }
    }
    if let failure { throw failure }
    return count
}

private func writeSectionRow(_ row: Statement, into json: inout JSONWriter) {
    json.object { json in
        json.member("id", row.text(0))
        json.member("name", row.text(1))
        json.member("description", row.text(2))
        json.member("display_order", row.integer(3))
        json.member("translations", json: row.bytes(4))
        json.member("created_at", timeText(row.integer(5)))
        json.member("updated_at", timeText(row.integer(6)))
    }
}
