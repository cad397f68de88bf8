internal import JSON
internal import SQLite

// A drink's document, as the public contract shows it.
//
// It is written in one place and in parts: what a menu reads from rows as a whole, the search keeps
// finished but for what changes without the rest: the section's name, what is out, and the photo.
//
// The columns of a row: drink_id, version, section_id, the section's name, name, description,
// ingredients, recipe_steps, garnish, glass, ice, tags, abv, display_order, is_active, missing,
// translations, created_at, updated_at, image_url.

func writeDrinkRow(_ row: some Row, into json: inout JSONWriter) {
    writeDrinkRow(row, withShelf: true, into: &json)
}

/// A document as it was once: what was out then is the shelf's, and no part of the drink's history.
func pastDrink(_ row: some Row) -> [UInt8] {
    var json = JSONWriter(reserving: 1_024)
    writeDrinkRow(row, withShelf: false, into: &json)
    return json.bytes
}

private func writeDrinkRow(_ row: some Row, withShelf: Bool, into json: inout JSONWriter) {
    json.object { json in
        writeOpening(row, into: &json)
        writePlace(
            version: row.integer(1), sectionID: row.text(2), sectionName: row.text(3), into: &json)
        writeBody(row, into: &json)
        json.member("image_url", orNull: row.isNull(19) ? nil : row.text(19))
        if withShelf { writeShelf(missing: row.bytes(15), into: &json) }
        writeEnding(row, into: &json)
        json.member("updated_at", timeText(row.integer(18)))
    }
}

/// The members of a document without the changing ones, in three lines that these part.
///
/// No line break is anywhere else: in JSON it is written as an escape.
func documentParts(_ row: some Row) -> [UInt8] {
    var opening = JSONWriter()
    writeOpening(row, into: &opening)
    var body = JSONWriter(reserving: 1_024)
    writeBody(row, into: &body)
    var ending = JSONWriter()
    writeEnding(row, into: &ending)
    return opening.bytes + [lineBreak] + body.bytes + [lineBreak] + ending.bytes
}

/// What changes of a document without its parts.
struct DrinkChanges {
    let version: Int64
    let sectionID: String
    let sectionName: String
    let imageURL: String?
    /// JSON; nil where nothing is missing.
    let missing: [UInt8]?
    /// UTC microseconds.
    let updatedAt: Int64
}

/// Puts the parts of ``documentParts(_:)`` together again.
func writeDrink(
    parts: [UInt8], _ changes: DrinkChanges, into json: inout JSONWriter
) {
    // The first part and the last are short: looked for from their ends.
    guard let first = parts.firstIndex(of: lineBreak), let last = parts.lastIndex(of: lineBreak)
    else { return }
    json.object { json in
        json.verbatim(parts[..<first])
        writePlace(
            version: changes.version, sectionID: changes.sectionID,
            sectionName: changes.sectionName, into: &json)
        json.verbatim(parts[(first + 1)..<last])
        json.member("image_url", orNull: changes.imageURL)
        writeShelf(missing: changes.missing ?? nothing, into: &json)
        json.verbatim(parts[(last + 1)...])
        json.member("updated_at", timeText(changes.updatedAt))
    }
}

private func writeOpening(_ row: some Row, into json: inout JSONWriter) {
    json.member("id", row.text(0))
}

private func writePlace(
    version: Int64, sectionID: String, sectionName: String, into json: inout JSONWriter
) {
    json.member("version", version)
    json.member("section_id", sectionID)
    json.member("section_name", sectionName)
}

private func writeBody(_ row: some Row, into json: inout JSONWriter) {
    json.member("name", row.text(4))
    json.member("description", row.text(5))
    json.member("ingredients", json: row.bytes(6))
    json.member("recipe_steps", json: row.bytes(7))
    json.member("garnish", row.text(8))
    json.member("glass", row.text(9))
    json.member("ice", row.text(10))
    json.member("tags", json: row.bytes(11))
    json.member("abv", orNull: row.isNull(12) ? nil : row.double(12))
    json.member("display_order", row.integer(13))
    json.member("is_active", row.integer(14) != 0)
}

private func writeShelf(missing: [UInt8], into json: inout JSONWriter) {
    json.member("available", missing == nothing)
    json.member("missing", json: missing)
}

private func writeEnding(_ row: some Row, into json: inout JSONWriter) {
    json.member("translations", json: row.bytes(16))
    json.member("created_at", timeText(row.integer(17)))
}

private let nothing = Array("[]".utf8)
private let lineBreak = UInt8(ascii: "\n")
