public import Domain
public import JSON
public import SQLite

/// Answers from the menu: finished documents, as the public contract shows them.
public final class MenuReader: ModelReader {
    private let sections: Statement
    private let section: Statement
    private let drinks: Statement
    private let drink: Statement
    private let pageOfDrinks: Statement
    private let versions: Statement
    private let count: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        let sectionColumns = """
            SELECT section_id, name, description, display_order, translations, created_at,
                updated_at, version
            FROM section
            """
        sections = try connection.prepare("\(sectionColumns) ORDER BY display_order, section_id")
        section = try connection.prepare("\(sectionColumns) WHERE section_id = ?")
        drinks = try connection.prepare(Self.servedDrinks)
        drink = try connection.prepare(
            "\(Self.drinkColumns) FROM drink JOIN section USING (section_id) WHERE drink_id = ?")
        count = try connection.prepare(Self.count)
        pageOfDrinks = try connection.prepare(Self.pageOfDrinks)
        versions = try connection.prepare(Self.versions)
        try super.init(on: connection)
    }

    private static let drinkColumns = """
        SELECT drink_id, drink.version, section_id, section.name, drink.name, drink.description,
            ingredients, recipe_steps, garnish, glass, ice, tags, abv, drink.display_order,
            is_active, missing, drink.translations, drink.created_at, drink.updated_at,
            image_url, section.display_order
        """

    // Section by section, each in the order of an index: nothing is sorted.
    static let inMenuOrder = "FROM section CROSS JOIN drink USING (section_id)"
    static let menuOrder =
        "ORDER BY section.display_order, section_id, drink.display_order, drink_id"

    static let servedDrinks = "\(drinkColumns) \(inMenuOrder) WHERE is_active \(menuOrder)"
    static let pageOfDrinks = """
        \(drinkColumns) \(inMenuOrder)
        WHERE (section.display_order, section_id, drink.display_order, drink_id) > (?, ?, ?, ?)
        \(menuOrder) LIMIT ?
        """

    static let versions = """
        SELECT version, position, recorded_at, actor, type, document FROM drink_version
        WHERE drink_id = ? AND version < ? ORDER BY version DESC LIMIT ?
        """

    static let count = "SELECT count(*) FROM (SELECT 1 FROM drink WHERE is_active = 1 LIMIT ?)"

    /// How many drinks are served, counted no further than a limit.
    public func countDrinks(atMost limit: Int) throws(SQLiteError) -> Int {
        count.bind(1, Int64(limit))
        defer { count.reset() }
        return try count.step() ? Int(count.integer(0)) : 0
    }

    /// Writes `[section, ...]` and returns how many.
    public func writeSections(into json: inout JSONWriter) throws(SQLiteError) -> Int {
        try writeAll(sections, into: &json, writeSectionRow)
    }

    /// Writes `[drink, ...]`, the drinks that are served, and returns how many.
    public func writeDrinks(into json: inout JSONWriter) throws(SQLiteError) -> Int {
        try writeAll(drinks, into: &json, writeDrinkRow)
    }

    /// Writes `[drink, ...]`, at most `limit` (1 or more) of all drinks that stand after a place,
    /// served or not.
    ///
    /// - Returns: how many, and the last one's place where others follow it.
    public func writeAllDrinks(
        after place: MenuPlace?, limit: Int, into json: inout JSONWriter
    ) throws(SQLiteError) -> (count: Int, next: MenuPlace?) {
        pageOfDrinks.bind(1, place?.sectionOrder ?? -1)
        pageOfDrinks.bind(2, place?.sectionID ?? "")
        pageOfDrinks.bind(3, place?.drinkOrder ?? -1)
        pageOfDrinks.bind(4, place?.drinkID ?? "")
        pageOfDrinks.bind(5, Int64(limit) + 1)
        defer { pageOfDrinks.reset() }
        var last: MenuPlace?
        var isFull = false
        let count = try writeAll(pageOfDrinks, into: &json, atMost: limit) { row, json in
            writeDrinkRow(row, into: &json)
            last = MenuPlace(
                sectionOrder: row.integer(20), sectionID: row.text(2), drinkOrder: row.integer(13),
                drinkID: row.text(0))
        } more: {
            isFull = true
        }
        return (count, isFull ? last : nil)
    }

    /// Writes one drink that is served; false when there is none with this id.
    public func writeDrink(_ id: String, into json: inout JSONWriter) throws(SQLiteError) -> Bool {
        try write(id, into: &json) { $0.integer(14) != 0 } != nil
    }

    /// Writes one drink, served or not, and returns its version; nil when there is none with this id.
    public func writeAnyDrink(
        _ id: String, into json: inout JSONWriter
    ) throws(SQLiteError) -> Version? {
        try write(id, into: &json) { _ in true }
    }

    private func write(
        _ id: String, into json: inout JSONWriter, where isWanted: (Statement) -> Bool
    ) throws(SQLiteError) -> Version? {
        drink.bind(1, id)
        defer { drink.reset() }
        guard try drink.step(), isWanted(drink) else { return nil }
        writeDrinkRow(drink, into: &json)
        return Version(drink.integer(1))
    }

    /// Writes `[version, ...]` of a drink, newest first: at most `limit` (1 or more) of those before a version.
    ///
    /// - Returns: how many, and the last one's version where others follow it.
    public func writeHistory(
        ofDrink id: String, before version: Version, limit: Int, into json: inout JSONWriter
    ) throws(SQLiteError) -> (count: Int, next: Version?) {
        versions.bind(1, id)
        versions.bind(2, version.number)
        versions.bind(3, Int64(limit) + 1)
        defer { versions.reset() }
        var last: Version?
        var isFull = false
        let count = try writeAll(versions, into: &json, atMost: limit) { row, json in
            writeVersionRow(row, into: &json)
            last = Version(row.integer(0))
        } more: {
            isFull = true
        }
        return (count, isFull ? last : nil)
    }

    /// Writes one section and returns its version; nil when there is none with this id.
    public func writeSection(
        _ id: String, into json: inout JSONWriter
    ) throws(SQLiteError) -> Version? {
        section.bind(1, id)
        defer { section.reset() }
        guard try section.step() else { return nil }
        writeSectionRow(section, into: &json)
        return Version(section.integer(7))
    }
}

func writeAll(
    _ statement: Statement, into json: inout JSONWriter, atMost limit: Int = .max,
    _ write: (Statement, inout JSONWriter) -> Void, more: () -> Void = {}
) throws(SQLiteError) -> Int {
    var count = 0
    var failure: SQLiteError?
    json.array { json in
        do throws(SQLiteError) {
            while try statement.step() {
                guard count < limit else { return more() }
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

private func writeVersionRow(_ row: Statement, into json: inout JSONWriter) {
    json.object { json in
        json.member("version", row.integer(0))
        json.member("position", row.integer(1))
        json.member("at", timeText(row.integer(2)))
        let caller = Caller(row.text(3))
        json.member("by", caller?.role ?? "")
        json.member("by_name", orNull: caller?.name)
        json.member("type", row.text(4))
        json.name("drink")
        if row.isNull(5) { json.null() } else { json.verbatim(row.bytes(5)) }
    }
}

private func writeSectionRow(_ row: Statement, into json: inout JSONWriter) {
    json.object { json in
        json.member("id", row.text(0))
        json.member("version", row.integer(7))
        json.member("name", row.text(1))
        json.member("description", row.text(2))
        json.member("display_order", row.integer(3))
        json.member("translations", json: row.bytes(4))
        json.member("created_at", timeText(row.integer(5)))
        json.member("updated_at", timeText(row.integer(6)))
    }
}
