import QRCode

/// Reads a code of version 1 to 6 at level M as a phone would, from its modules alone (ISO/IEC 18004).
///
/// Nothing is mended: a code that was just made has no errors, so the words for correcting must all agree.
struct Reader {
    let code: QRCode

    /// Blocks, data words of a block and correction words of a block, by version.
    private static let blocks = [
        (1, 16, 10), (1, 28, 16), (1, 44, 26), (2, 32, 18), (2, 43, 24), (4, 27, 16),
    ]

    enum Fault: Error { case version, level, word, mode }

    func text() throws(Fault) -> String {
        let version = (code.size - 17) / 4
        guard (1...6).contains(version), code.size == 17 + 4 * version else { throw .version }
        let (blocks, dataWords, correctionWords) = Self.blocks[version - 1]
        let words = self.words(masked: try mask())
        var data: [UInt8] = []
        for block in 0..<blocks {
            let part = (0..<dataWords).map { words[$0 * blocks + block] }
            let correction = (0..<correctionWords).map { words[(dataWords + $0) * blocks + block] }
            guard isWhole(part + correction, correctionWords) else { throw .word }
            data += part
        }
        // Four bits say that bytes follow, eight how many.
        guard data[0] >> 4 == 0b0100 else { throw .mode }
        let shifted = zip(data, data.dropFirst()).map { $0 << 4 | $1 >> 4 }
        return String(decoding: shifted[1...].prefix(Int(shifted[0])), as: UTF8.self)
    }

    /// The number of the mask, from the fifteen bits around the upper left finder.
    private func mask() throws(Fault) -> Int {
        let places =
            (0...5).map { ($0, 8) } + [(7, 8), (8, 8), (8, 7)] + (0...5).reversed().map { (8, $0) }
        let bits =
            places.reduce(0) { $0 << 1 | (code.isDark($1.0, $1.1) ? 1 : 0) } ^ 0b101_0100_0001_0010
        guard bits >> 13 == 0b00 else { throw .level }
        return bits >> 10 & 7
    }

    /// Two columns at a time from the right, up and down in turn.
    private func words(masked mask: Int) -> [UInt8] {
        var bits: [Bool] = []
        var isUpward = true
        for right in stride(from: code.size - 1, to: 0, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 })
        where right > 0 {
            for step in 0..<code.size {
                let row = isUpward ? code.size - 1 - step : step
                for column in [right, right - 1] where !isFixed(column, row) {
                    bits.append(code.isDark(column, row) != isTurned(mask, column, row))
                }
            }
            isUpward.toggle()
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    /// Finders with their formats, timing, and the one alignment pattern of versions 2 to 6.
    private func isFixed(_ column: Int, _ row: Int) -> Bool {
        let far = code.size - 8
        if column == 6 || row == 6 { return true }
        if column < 9 && row < 9 || column >= far && row < 9 || column < 9 && row >= far {
            return true
        }
        let middle = code.size - 7
        return code.size > 21 && abs(column - middle) <= 2 && abs(row - middle) <= 2
    }

    private func isTurned(_ mask: Int, _ column: Int, _ row: Int) -> Bool {
        let product = column * row
        return switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: product % 2 + product % 3 == 0
        case 6: (product % 2 + product % 3) % 2 == 0
        default: ((row + column) % 2 + product % 3) % 2 == 0
        }
    }

    /// Whether the block, as a polynomial over GF(256), is zero at the powers of two.
    private func isWhole(_ words: [UInt8], _ correctionWords: Int) -> Bool {
        var root: UInt8 = 1
        for _ in 0..<correctionWords {
            guard words.reduce(UInt8(0), { times($0, root) ^ $1 }) == 0 else { return false }
            root = times(root, 2)
        }
        return true
    }

    private func times(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var product: UInt16 = 0
        for bit in (0..<8).reversed() {
            product = product << 1 ^ (product & 0x80 != 0 ? 0x11D : 0)
            if b >> bit & 1 == 1 { product ^= UInt16(a) }
        }
        return UInt8(truncatingIfNeeded: product)
    }
}
