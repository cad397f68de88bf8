/// A JSON text as a tree, for request bodies and events: small things, read once.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The number, whole or not.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .bool, .string, .array, .object: nil
        }
    }
}

/// The members of one object, in the order they were written; names are unique.
public struct JSONObject: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: JSONValue
    }

    public internal(set) var members: [Member] = []

    public init() {}

    /// The value under a name; nil when it is absent.
    ///
    /// A written `null` is `.null`.
    ///
    /// Setting keeps the place of a name that is there, adds a new one at the end, and removes the
    /// member when set to nil.
    public subscript(_ name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}
