/// Appends values to a frame.
///
/// Integers are little-endian; a text or blob has its length before it.
struct WireEncoder {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        var rest = value.littleEndian
        for _ in 0..<Value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func text(_ value: String) {
        integer(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func blob(_ value: [UInt8]) {
        integer(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func optionalText(_ value: String?) {
        byte(value == nil ? 0 : 1)
        if let value { text(value) }
    }

    mutating func texts(_ values: [String]) {
        integer(UInt32(values.count))
        for value in values { text(value) }
    }
}

/// The frame is not what its version promises.
public struct WireError: Error, Equatable {
    public let reason: String
}

/// Reads what ``WireEncoder`` wrote.
struct WireDecoder {
    private let bytes: [UInt8]
    private var index: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    mutating func byte() throws(WireError) -> UInt8 {
        let place = index
        try skip(1)
        return bytes[place]
    }

    mutating func integer<Value: FixedWidthInteger>() throws(WireError) -> Value {
        let count = Value.bitWidth / 8
        let place = index
        try skip(count)
        var value: Value = 0
        for offset in (0..<count).reversed() {
            value = value << 8 | Value(truncatingIfNeeded: bytes[place + offset])
        }
        return value
    }

    mutating func text() throws(WireError) -> String {
        let count = Int(try integer() as UInt32)
        let place = index
        try skip(count)
        return String(decoding: bytes[place..<place + count], as: UTF8.self)
    }

    mutating func blob() throws(WireError) -> [UInt8] {
        let count = Int(try integer() as UInt32)
        let place = index
        try skip(count)
        return Array(bytes[place..<place + count])
    }

    mutating func optionalText() throws(WireError) -> String? {
        try byte() == 0 ? nil : try text()
    }

    mutating func texts() throws(WireError) -> [String] {
        let count = Int(try integer() as UInt32)
        var values: [String] = []
        for _ in 0..<count { values.append(try text()) }
        return values
    }

    private mutating func skip(_ count: Int) throws(WireError) {
        guard count <= end - index else { throw WireError(reason: "the frame ends early") }
        index += count
    }
}
