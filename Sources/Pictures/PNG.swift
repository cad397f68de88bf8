/// PNG, as ISO/IEC 15948 has it.
///
///     file   signature (8)  IHDR  chunk*  IEND        whatever follows is left out
///     chunk  length (4)  type (4)  data  CRC-32 of type and data (4)
///
/// Kept are the chunks without which there is no picture, and those which change how it looks. An animation becomes its
/// first picture.
enum PNG {
    static let beginning: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private static let critical: Set<String> = ["IHDR", "PLTE", "IDAT", "IEND"]
    private static let looks: Set<String> = [
        "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs",
    ]

    static func strip(_ file: [UInt8]) throws(PictureFault) -> (size: PictureSize, bytes: [UInt8]) {
        var cursor = Cursor(file, from: beginning.count)
        var bytes = beginning
        var size: PictureSize?
        var hasData = false
        while true {
            let start = cursor.place
            let length = try cursor.big(4)
            let type = String(decoding: file[try cursor.take(4)], as: UTF8.self)
            let data = try cursor.take(length)
            let sum = try cursor.big(4)
            guard (size == nil) == (type == "IHDR") else {
                throw .damaged("does not begin with its one size")
            }
            // Before the sum is looked at: a picture of too many pixels is refused as one.
            if size == nil { size = try readSize(file, data) }
            guard CRC32.of(file[(data.lowerBound - 4)..<data.upperBound]) == UInt32(sum) else {
                throw .damaged("has a part whose check sum is wrong")
            }
            if type == "IDAT" { hasData = true }
            let isCritical = file[start + 4] & 0x20 == 0
            guard !isCritical || critical.contains(type) else {
                throw .damaged("has a part that nobody knows")
            }
            if isCritical || looks.contains(type) { bytes += file[start..<cursor.place] }
            if type == "IEND" { break }
        }
        guard let size, hasData else { throw .damaged("holds no picture") }
        return (size, bytes)
    }

    private static func readSize(
        _ file: [UInt8], _ data: Range<Int>
    ) throws(PictureFault) -> PictureSize {
        var cursor = Cursor(file, from: data.lowerBound, to: data.upperBound)
        let size = try PictureSize(try cursor.big(4), try cursor.big(4))
        guard data.count == 13 else { throw .damaged("has a size that cannot be read") }
        return size
    }
}

/// The check sum of PNG's chunks.
private enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum: UInt32 = .max
        for byte in bytes { sum = sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
        return ~sum
    }
}
