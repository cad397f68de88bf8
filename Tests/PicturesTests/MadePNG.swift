/// A PNG put together chunk by chunk.
struct MadePNG {
    private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Grey, of the given size; the picture itself is whatever stands in `data`.
    static func picture(
        _ width: Int, _ height: Int, extra: [(String, [UInt8])] = [], data: [UInt8]? = nil
    ) -> [UInt8] {
        var png = MadePNG()
        png.add("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0])
        for (type, bytes) in extra { png.add(type, bytes) }
        png.add("IDAT", data ?? stored([UInt8](repeating: 0, count: (width + 1) * height)))
        png.add("IEND", [])
        return png.bytes
    }

    mutating func add(_ type: String, _ data: [UInt8]) {
        let body = Array(type.utf8) + data
        bytes += Self.big(data.count) + body + Self.big(Int(crc(body)))
    }

    static func big(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A zlib stream of one stored block, of at most 65,535 bytes.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let count = [
            UInt8(truncatingIfNeeded: bytes.count), UInt8(truncatingIfNeeded: bytes.count >> 8),
        ]
        return [0x78, 0x01, 1] + count + count.map { ~$0 } + bytes + big(high << 16 | low)
    }
}

private func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~sum
}
