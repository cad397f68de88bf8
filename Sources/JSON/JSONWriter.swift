/// Writes JSON text into a byte buffer, commas and escapes included.
///
///     var json = JSONWriter()
///     json.object {
///         $0.member("ticket", 7)
///         $0.member("note", "no ice")
///     }
///     json.bytes  // {"ticket":7,"note":"no ice"}
public struct JSONWriter {
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    public init(reserving count: Int = 256) {
        bytes = []
        bytes.reserveCapacity(count)
    }

    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    /// The name of the next member.
    public mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ value: String) {
        separate()
        quote(value)
        needsComma = true
    }

    public mutating func integer(_ value: Int64) { verbatim(String(value)) }
    public mutating func bool(_ value: Bool) { verbatim(value ? "true" : "false") }
    public mutating func null() { verbatim("null") }

    /// A finite number; a whole one is written without a fraction.
    public mutating func number(_ value: Double) {
        precondition(value.isFinite, "JSON has no way to write \(value)")
        if let whole = Int64(exactly: value) { integer(whole) } else { verbatim("\(value)") }
    }

    /// Text that is JSON already, such as a stored event.
    public mutating func verbatim(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// The same for a part of other bytes; it may be several members or items.
    public mutating func verbatim(_ json: ArraySlice<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// The same for bytes.
    public mutating func verbatim(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let whole): integer(whole)
        case .number(let double): number(double)
        case .string(let text): string(text)
        case .array(let items): array { json in for item in items { json.value(item) } }
        case .object(let object):
            self.object { json in
                for member in object.members {
                    json.name(member.name)
                    json.value(member.value)
                }
            }
        }
    }

    // Pairs of a name and a value, which is what most calls are.
    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }
    public mutating func member(_ name: String, _ value: Int64) {
        self.name(name)
        integer(value)
    }
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }
    public mutating func member(_ name: String, orNull value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }
    public mutating func member(_ name: String, orNull value: Int64?) {
        self.name(name)
        if let value { integer(value) } else { null() }
    }
    public mutating func member(_ name: String, orNull value: Double?) {
        self.name(name)
        if let value { number(value) } else { null() }
    }
    /// The value is JSON already.
    public mutating func member(_ name: String, json value: [UInt8]) {
        self.name(name)
        verbatim(value)
    }
    public mutating func member(_ name: String, texts: [String]) {
        self.name(name)
        array { json in for text in texts { json.string(text) } }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if isPlain(text) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { appendEscaped(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: [0x5C, 0x22])
        case UInt8(ascii: "\\"): bytes.append(contentsOf: [0x5C, 0x5C])
        case 0x0A: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
        case 0x0D: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
        case 0x09: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
        case 0..<0x20:
            bytes.append(contentsOf: Array("\\u00".utf8))
            bytes.append(hexDigits[Int(byte >> 4)])
            bytes.append(hexDigits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}

/// Whether nothing in the text has to be escaped.
///
/// Every name and value passes here. The span is one run of memory; the view's own iterator asks
/// anew at each byte where the text is kept, and was a twentieth of what an order costs.
private func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8.span
    for index in bytes.indices {
        let byte = bytes[index]
        if byte < 0x20 || byte == 0x22 || byte == 0x5C { return false }
    }
    return true
}

private let hexDigits = Array("0123456789abcdef".utf8)
