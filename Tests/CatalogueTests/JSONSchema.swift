import JSON

/// As much of JSON Schema 2020-12 as the catalogue uses, and not a keyword more.
///
/// A validator that passes over what it does not know would let a misspelled rule hold nothing.
struct JSONSchema {
    struct UnknownKeyword: Error { let keyword: String }

    let root: JSONObject

    /// What is wrong with a value, each with its path; empty when it follows the schema.
    func flaws(in value: JSONValue) throws -> [String] {
        try Self.flaws(in: value, under: root, at: "")
    }

    private static func flaws(
        in value: JSONValue, under schema: JSONObject, at path: String
    ) throws -> [String] {
        var flaws: [String] = []
        for rule in schema.members {
            let holds: Bool
            switch rule.name {
            case "$schema", "$id", "title", "description", "examples": continue
            case "properties", "additionalProperties", "items":
                flaws += try flawsInParts(of: value, rule.name, rule.value, schema, path)
                continue
            case "required":
                for name in rule.value.array ?? [] {
                    let name = try text(name, "required")
                    if let object = value.object, object[name] == nil {
                        flaws.append("\(path)/\(name) is missing")
                    }
                }
                continue
            case "type":
                let types = try (rule.value.array ?? [rule.value]).map { try text($0, "type") }
                holds = types.contains { isOf(type: $0, value) }
            case "enum": holds = (rule.value.array ?? []).contains(value)
            case "pattern":
                let pattern = try Regex(try text(rule.value, "pattern"))
                holds = try value.string.map { try pattern.firstMatch(in: $0) != nil } ?? true
            case "minimum": holds = try compare(value, rule, >=)
            case "maximum": holds = try compare(value, rule, <=)
            case "exclusiveMinimum": holds = try compare(value, rule, >)
            case "minLength": holds = try compare(scalars(value), rule, >=)
            case "maxLength": holds = try compare(scalars(value), rule, <=)
            case "maxItems": holds = try compare(count(value), rule, <=)
            default: throw UnknownKeyword(keyword: rule.name)
            }
            if !holds { flaws.append("\(path): \(rule.name)") }
        }
        return flaws
    }

    private static func flawsInParts(
        of value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONObject,
        _ path: String
    ) throws -> [String] {
        var flaws: [String] = []
        switch keyword {
        case "items":
            let part = try object(rule, keyword)
            for (index, item) in (value.array ?? []).enumerated() {
                flaws += try self.flaws(in: item, under: part, at: "\(path)/\(index)")
            }
        case "properties":
            for property in try object(rule, keyword).members {
                let part = try object(property.value, property.name)
                guard let member = value.object?[property.name] else {
                    // Looks at the schema all the same: an unknown keyword hides nowhere.
                    _ = try self.flaws(in: .null, under: part, at: path)
                    continue
                }
                flaws += try self.flaws(in: member, under: part, at: "\(path)/\(property.name)")
            }
        default:
            let known = schema["properties"]?.object
            for member in value.object?.members ?? [] where known?[member.name] == nil {
                if rule == .bool(false) {
                    flaws.append("\(path)/\(member.name) is not known")
                } else {
                    flaws += try self.flaws(
                        in: member.value, under: try object(rule, keyword),
                        at: "\(path)/\(member.name)")
                }
            }
        }
        return flaws
    }

    private static func isOf(type: String, _ value: JSONValue) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number: type == "number"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// A rule about numbers says nothing about a value that is none.
    private static func compare(
        _ value: JSONValue?, _ rule: JSONObject.Member, _ holds: (Double, Double) -> Bool
    ) throws -> Bool {
        guard let bound = rule.value.double else { throw UnknownKeyword(keyword: rule.name) }
        return value?.double.map { holds($0, bound) } ?? true
    }

    private static func scalars(_ value: JSONValue) -> JSONValue? {
        value.string.map { .integer(Int64($0.unicodeScalars.count)) }
    }

    private static func count(_ value: JSONValue) -> JSONValue? {
        value.array.map { .integer(Int64($0.count)) }
    }

    private static func text(_ value: JSONValue, _ keyword: String) throws -> String {
        guard let text = value.string else { throw UnknownKeyword(keyword: keyword) }
        return text
    }

    private static func object(_ value: JSONValue, _ keyword: String) throws -> JSONObject {
        guard let object = value.object else { throw UnknownKeyword(keyword: keyword) }
        return object
    }
}
