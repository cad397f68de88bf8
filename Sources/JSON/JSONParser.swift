/// Why a text is not JSON as this house accepts it, and at which byte.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public let reason: String
    public let byte: Int

    public init(reason: String, byte: Int) {
        self.reason = reason
        self.byte = byte
    }

    public var description: String { "\(reason) at byte \(byte)" }
}

extension JSONValue {
    /// Reads a whole JSON text.
    ///
    /// Stricter than RFC 8259 where it leaves room: duplicate names, invalid UTF-8, unpaired
    /// surrogates and numbers beyond a double are errors, and nesting ends at 32 levels, so that
    /// two programs cannot read the same body in two ways.
    ///
    /// - Throws: ``JSONError`` with the reason and the byte.
    /// Source: https://www.rfc-editor.org/rfc/rfc8259
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONError(reason: "the text is not UTF-8", byte: 0)
        }
        var parser = Parser(bytes: bytes)
        parser.skipSpace()
        self = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.error("something after the value") }
    }
}

private let deepest = 32
private let mostMembers = 1_000

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

private struct Parser {
    let bytes: [UInt8]
    var index = 0

    func error(_ reason: String) -> JSONError { JSONError(reason: reason, byte: index) }

    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            index += 1
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return try number()
        case .some(let byte) where isDigit(byte): return try number()
        case .some: throw error("a value was expected")
        case nil: throw error("the text ends early")
        }
    }

    mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        try open(depth)
        var object = JSONObject()
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name was expected") }
            let name = try string()
            guard isNew(name, in: object, &names) else {
                throw error("a name stands twice in one object")
            }
            guard object.members.count < mostMembers else {
                throw error("more than \(mostMembers) names in one object")
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon was expected") }
            skipSpace()
            object.members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("a comma or } was expected") }
        return object
    }

    /// Whether no member has the name yet; a set is made only where looking would take long.
    private func isNew(_ name: String, in object: JSONObject, _ names: inout Set<String>) -> Bool {
        guard object.members.count >= 16 else {
            return !object.members.contains { $0.name == name }
        }
        if names.isEmpty { names = Set(object.members.map(\.name)) }
        return names.insert(name).inserted
    }

    /// Steps into an object or array.
    private mutating func open(_ depth: Int) throws(JSONError) {
        guard depth < deepest else { throw error("nested deeper than \(deepest) levels") }
        index += 1
    }

    mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        try open(depth)
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        repeat {
            skipSpace()
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("a comma or ] was expected") }
        return items
    }

    mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.description.utf8 {
            guard take(byte) else { throw error("a value was expected") }
        }
        return value
    }

    mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var whole = true
        if take(UInt8(ascii: ".")) {
            whole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            whole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if whole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw error("a number is too large")
        }
        return .number(number)
    }

    mutating func digits() throws(JSONError) {
        let start = index
        while let byte = next, isDigit(byte) { index += 1 }
        guard index > start else { throw error("a digit was expected") }
    }

    mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20
        {
            index += 1
        }
        var text = String(decoding: bytes[start..<index], as: UTF8.self)
        while !take(UInt8(ascii: "\"")) {
            guard let byte = next else { throw error("a string does not end") }
            guard byte >= 0x20 else { throw error("a control character in a string") }
            if take(UInt8(ascii: "\\")) {
                text.unicodeScalars.append(try escape())
            } else {
                let plain = index
                while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
                    byte >= 0x20
                {
                    index += 1
                }
                text += String(decoding: bytes[plain..<index], as: UTF8.self)
            }
        }
        return text
    }

    mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = next else { throw error("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an unknown escape")
        }
    }

    mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u"))
        else { throw error("an unpaired surrogate") }
        let second = try hex4()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw error("an unpaired surrogate") }
        return scalar
    }

    mutating func hex4() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
