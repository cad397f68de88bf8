internal import Crypto
internal import Domain
internal import JSON

/// A stored event lacks a field, or has another kind of value there.
struct MissingField: Error, CustomStringConvertible {
    let name: String
    var description: String { "no fitting value for \(name)" }
}

/// Reads the members of a stored event.
struct Fields {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func text(_ name: String) throws(MissingField) -> String {
        try found(object[name]?.string, name)
    }
    func integer(_ name: String) throws(MissingField) -> Int64 {
        try found(object[name]?.integer, name)
    }
    func bool(_ name: String) throws(MissingField) -> Bool { try found(object[name]?.bool, name) }
    /// Nil where it is absent; another kind of value is an error all the same.
    func optionalText(_ name: String) throws(MissingField) -> String? {
        guard let value = object[name] else { return nil }
        return try found(value.string, name)
    }
    /// Nil where it is a written `null`.
    func number(orNull name: String) throws(MissingField) -> Double? {
        let value = try found(object[name], name)
        return value == .null ? nil : try found(value.double, name)
    }

    /// Nil where it is a written `null`.
    func integer(orNull name: String) throws(MissingField) -> Int64? {
        let value = try found(object[name], name)
        return value == .null ? nil : try found(value.integer, name)
    }

    func id<Kind>(_ name: String) throws(MissingField) -> ID<Kind> {
        try found(ID(try text(name)), name)
    }
    /// Nil where it is a written `null`.
    func id<Kind>(orNull name: String) throws(MissingField) -> ID<Kind>? {
        let value = try found(object[name], name)
        return value == .null ? nil : try id(name)
    }
    func time(_ name: String) throws(MissingField) -> Time {
        try found(Time(try text(name)), name)
    }
    func status(_ name: String) throws(MissingField) -> OrderStatus {
        try found(OrderStatus(rawValue: try text(name)), name)
    }
    /// Nil where it is absent.
    func optionalID<Kind>(_ name: String) throws(MissingField) -> ID<Kind>? {
        guard let text = try optionalText(name) else { return nil }
        return try found(ID(text), name)
    }
    /// One of a few words.
    func value<Value: RawRepresentable<String>>(_ name: String) throws(MissingField) -> Value {
        try found(Value(rawValue: try text(name)), name)
    }
    /// 32 bytes in base64.
    func hash(_ name: String) throws(MissingField) -> [UInt8] {
        let bytes = Base64.decode(try text(name))
        return try found(bytes?.count == 32 ? bytes : nil, name)
    }
    func object(_ name: String) throws(MissingField) -> Fields {
        Fields(try found(object[name]?.object, name))
    }
    func objects(_ name: String) throws(MissingField) -> [Fields] {
        var fields: [Fields] = []
        for item in try found(object[name]?.array, name) {
            fields.append(Fields(try found(item.object, name)))
        }
        return fields
    }
    func namedObjects() throws(MissingField) -> [(String, Fields)] {
        var fields: [(String, Fields)] = []
        for member in object.members {
            fields.append((member.name, Fields(try found(member.value.object, member.name))))
        }
        return fields
    }
    func texts(_ name: String) throws(MissingField) -> [String] {
        var texts: [String] = []
        for item in try found(object[name]?.array, name) {
            texts.append(try found(item.string, name))
        }
        return texts
    }

    /// Empty where it is absent.
    func optionalTexts(_ name: String) throws(MissingField) -> [String] {
        object[name] == nil ? [] : try texts(name)
    }

    private func found<Value>(_ value: Value?, _ name: String) throws(MissingField) -> Value {
        guard let value else { throw MissingField(name: name) }
        return value
    }
}
