internal import Domain
internal import JSON
public import SQLite

/// What the SQL of the read models calls and SQLite does not have.
public enum SQLFunctions {
    public static func define(on connection: Connection) throws(SQLiteError) {
        try connection.define("ingredient_key", arguments: 1) {
            $0.isNull(0) ? .null : .text(IngredientKey($0.text(0)).text)
        }
        try connection.define("time_text", arguments: 1) {
            $0.isNull(0) ? .null : .text(timeText($0.integer(0)))
        }
        try connection.define("ingredient_term", arguments: 1) {
            .text(SearchTerm.ingredient($0.text(0)))
        }
        try connection.define("substitute_term", arguments: 1) {
            .text(SearchTerm.substitute($0.text(0)))
        }
        try connection.define("search_ingredients", arguments: 1) {
            .json(SearchTerm.ingredients(of: $0.bytes(0)))
        }
        try connection.define("search_terms", arguments: 5) {
            .json(
                SearchTerm.all(
                    name: $0.text(0), ingredients: $0.bytes(1), tags: $0.bytes(2),
                    abv: $0.isNull(3) ? nil : $0.double(3), translations: $0.bytes(4)))
        }
        try connection.define("document_parts", arguments: 18) { .json(documentParts($0)) }
        try connection.define("past_drink", arguments: 20) { .json(pastDrink($0)) }
        try connection.define("with_slot", arguments: 2) { arguments in
            var slots = SlotSet(bytes: arguments.bytes(0))
            slots.insert(Int(arguments.integer(1)))
            return .blob(slots.bytes)
        }
        try connection.define("without_slot", arguments: 2) { arguments in
            var slots = SlotSet(bytes: arguments.bytes(0))
            slots.remove(Int(arguments.integer(1)))
            return .blob(slots.bytes)
        }
        try connection.define("slot_list", arguments: 1) { arguments in
            var json = JSONWriter()
            json.array { json in
                SlotSet(bytes: arguments.bytes(0)).forEach { json.integer(Int64($0)) }
            }
            return .json(json.bytes)
        }
    }
}
