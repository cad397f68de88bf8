internal import Domain
internal import JSON

/// Reads the members of a request body and notes which have the wrong kind of value.
///
/// Unknown members are ignored; a `null` is the same as an absent member, but where ``isNull(_:)`` asks.
struct RequestBody {
    private let object: JSONObject
    private let path: String

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The name of a member as the client sees it, such as `ingredients[2].name`.
    func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func value(_ name: String) -> JSONValue? {
        object[name].flatMap { $0 == .null ? nil : $0 }
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    /// Whether the member is there and says `null`: how a client empties what may be empty.
    func isNull(_ name: String) -> Bool { object[name] == .null }

    func text(_ name: String, _ rules: inout FieldRules, otherwise: String = "") -> String {
        optionalText(name, &rules) ?? otherwise
    }

    func requiredText(_ name: String, _ rules: inout FieldRules) -> String {
        let text = optionalText(name, &rules) ?? ""
        if text.isEmpty { rules.refuse(field(name), "is missing") }
        return text
    }

    func optionalText(_ name: String, _ rules: inout FieldRules) -> String? {
        read(name, &rules, "must be a text") { $0.string }
    }

    func integer(
        _ name: String, _ rules: inout FieldRules, otherwise: Int64, _ sentence: String
    ) -> Int64 {
        read(name, &rules, sentence) { $0.integer } ?? otherwise
    }

    func number(_ name: String, _ rules: inout FieldRules) -> Double? {
        read(name, &rules, "must be a number") { $0.double }
    }

    func bool(_ name: String, _ rules: inout FieldRules, otherwise: Bool) -> Bool {
        read(name, &rules, "must be true or false") { $0.bool } ?? otherwise
    }

    func requiredBool(_ name: String, _ rules: inout FieldRules) -> Bool {
        guard has(name) else {
            rules.refuse(field(name), "is missing")
            return false
        }
        return bool(name, &rules, otherwise: false)
    }

    func texts(_ name: String, _ rules: inout FieldRules) -> [String] {
        items(name, &rules).enumerated().compactMap { index, item in
            if item.string == nil { rules.refuse("\(field(name))[\(index)]", "must be a text") }
            return item.string
        }
    }

    func items(_ name: String, _ rules: inout FieldRules) -> [JSONValue] {
        read(name, &rules, "must be a list") { $0.array } ?? []
    }

    func object(_ name: String, _ rules: inout FieldRules) -> RequestBody? {
        read(name, &rules, "must be an object") { $0.object }
            .map { RequestBody($0, path: field(name)) }
    }

    var names: [String] { object.members.map(\.name) }

    private func read<Value>(
        _ name: String, _ rules: inout FieldRules, _ sentence: String,
        _ convert: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            rules.refuse(field(name), sentence)
            return nil
        }
        return converted
    }
}
