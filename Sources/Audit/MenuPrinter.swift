internal import Domain
internal import JSON
internal import ReadModels
internal import SQLite
internal import System

extension ModelPrinter {
    static let menu = ModelPrinter(
        .menu,
        text: { path, moment, output in
            let reader = try MenuReader(path: path)
            try output(Array("The menu at \(moment.text)\n".utf8))
            let drinks = Dictionary(grouping: try drinks(reader)) { $0["section_id"]?.string ?? "" }
            if drinks.isEmpty { try output(Array("\nNothing is on it.\n".utf8)) }
            for section in try sections(reader) {
                guard let those = drinks[section["id"]?.string ?? ""] else { continue }
                let lines = ["", text(of: section, "name")] + those.map(line)
                try output(Array((lines.joined(separator: "\n") + "\n").utf8))
            }
        },
        json: { path, moment, output in
            let reader = try MenuReader(path: path)
            var sections = JSONWriter()
            _ = try reader.writeSections(into: &sections)
            var drinks = JSONWriter(reserving: 65_536)
            let count = try reader.writeDrinks(into: &drinks)
            var json = JSONWriter(reserving: drinks.bytes.count + sections.bytes.count + 256)
            json.object { json in
                json.name("data")
                json.object { json in
                    json.member("sections", json: sections.bytes)
                    json.member("drinks", json: drinks.bytes)
                }
                json.name("metadata")
                json.object { json in
                    write(moment, into: &json)
                    json.member("count", Int64(count))
                }
            }
            try output(json.bytes + [0x0A])
        })

    /// What every document of a moment says about it.
    static func write(_ moment: Moment, into json: inout JSONWriter) {
        json.member("position", moment.position.number)
        json.member("recorded_at", orNull: moment.recordedAt?.description)
    }

    /// A drink's line, such as `Daiquiri   White rum 60 ml, Lime juice 20 ml`.
    static func line(_ drink: JSONObject) -> String {
        let name = text(of: drink, "name")
        let space = String(repeating: " ", count: max(0, 24 - name.count))
        let missing = (drink["missing"]?.array ?? []).compactMap { $0.string.map(escaped) }
        let recipe = (drink["ingredients"]?.array ?? []).compactMap(\.object).map(ingredient)
        let what =
            missing.isEmpty
            ? recipe.joined(separator: ", ") : "out: no \(missing.joined(separator: ", no "))"
        return "  \(name)\(space)  \(what)"
    }

    private static func ingredient(_ line: JSONObject) -> String {
        let words = [
            line["name"]?.string, line["amount"]?.double.map(amount), line["unit"]?.string,
        ]
        return words.compactMap { $0 }.filter { !$0.isEmpty }.map(escaped).joined(separator: " ")
    }

    private static func amount(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e9 ? "\(Int64(number))" : "\(number)"
    }

    static func text(of object: JSONObject, _ name: String) -> String {
        escaped(object[name]?.string ?? "")
    }

    private static func drinks(_ reader: MenuReader) throws -> [JSONObject] {
        var json = JSONWriter(reserving: 65_536)
        _ = try reader.writeDrinks(into: &json)
        return try JSONValue(parsing: json.bytes).array?.compactMap(\.object) ?? []
    }

    private static func sections(_ reader: MenuReader) throws -> [JSONObject] {
        var json = JSONWriter()
        _ = try reader.writeSections(into: &json)
        return try JSONValue(parsing: json.bytes).array?.compactMap(\.object) ?? []
    }
}
