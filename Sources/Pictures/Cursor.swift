/// Reads bytes one after the other, and never beyond their end.
struct Cursor {
    let bytes: [UInt8]
    private(set) var place: Int
    let end: Int

    init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        place = start
        self.end = end ?? bytes.count
    }

    var left: Int { end - place }

    mutating func byte() throws(PictureFault) -> UInt8 {
        guard left > 0 else { throw .ended }
        defer { place += 1 }
        return bytes[place]
    }

    /// The next bytes as a number, the highest first.
    mutating func big(_ count: Int) throws(PictureFault) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 8 | Int(try byte()) }
        return value
    }

    /// The next bytes as a number, the lowest first.
    mutating func little(_ count: Int) throws(PictureFault) -> Int {
        var value = 0
        for shift in 0..<count { value |= Int(try byte()) << (8 * shift) }
        return value
    }

    /// The next bytes as the range where they lie.
    mutating func take(_ count: Int) throws(PictureFault) -> Range<Int> {
        guard count >= 0, count <= left else { throw .ended }
        defer { place += count }
        return place..<(place + count)
    }
}

extension PictureFault {
    static let ended = PictureFault.damaged("ends too early")
}
