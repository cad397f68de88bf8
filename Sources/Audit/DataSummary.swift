internal import Domain
internal import JSON
internal import System

/// An event's data in a few words: what a person wants first, cut where it gets long.
enum DataSummary {
    static let mostCharacters = 100
    private static let mostOfOneValue = 40

    /// `ticket=7 guest=Ana drink=Negroni`: ids last, as they say least, and nothing that is empty.
    static func text(of data: [UInt8]) -> String {
        guard let members = try? JSONValue(parsing: data).object?.members else {
            return cut(escaped(String(decoding: data, as: UTF8.self)), mostCharacters)
        }
        var facts: [String] = []
        var ids: [String] = []
        for member in members {
            guard let value = short(member.value) else { continue }
            let isID = member.value.string.flatMap { UUID($0) } != nil
            let fact = "\(escaped(member.name))=\(value)"
            if isID { ids.append(fact) } else { facts.append(fact) }
        }
        return cut((facts + ids).joined(separator: " "), mostCharacters)
    }

    private static func short(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text.isEmpty ? nil : word(text)
        case .array(let items): items.isEmpty ? nil : "[\(items.count)]"
        // A thing within a thing is known by its name.
        case .object(let object): object["name"]?.string.map(word)
        }
    }

    private static func word(_ text: String) -> String {
        let safe = cut(escaped(text), mostOfOneValue)
        let isPlain = !safe.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
        return isPlain ? safe : "\"\(safe)\""
    }

    private static func cut(_ text: String, _ most: Int) -> String {
        text.count <= most ? text : text.prefix(most - 1) + "…"
    }
}
