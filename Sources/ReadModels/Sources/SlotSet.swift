/// Slots of one section as bits, the lowest slot first.
struct SlotSet {
    /// Slots in one row of `posting`: 512 bytes, so that a row has no overflow page.
    static let chunk = 4_096

    private(set) var bytes: [UInt8] = []

    init() {}
    init(bytes: [UInt8]) { self.bytes = bytes }

    var isEmpty: Bool { !bytes.contains { $0 != 0 } }
    var count: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ slot: Int) -> Bool {
        slot >> 3 < bytes.count && bytes[slot >> 3] >> UInt8(slot & 7) & 1 == 1
    }

    mutating func insert(_ slot: Int) {
        let missing = slot >> 3 + 1 - bytes.count
        if missing > 0 { bytes += [UInt8](repeating: 0, count: missing) }
        bytes[slot >> 3] |= 1 << UInt8(slot & 7)
    }

    /// Its end goes with its last slot, so that equal sets have equal bytes.
    mutating func remove(_ slot: Int) {
        guard slot >> 3 < bytes.count else { return }
        bytes[slot >> 3] &= ~(1 << UInt8(slot & 7))
        while bytes.last == 0 { bytes.removeLast() }
    }

    /// Adds the slots of a row of `posting`.
    mutating func formUnion(_ slots: [UInt8], chunk: Int) {
        let start = chunk * Self.chunk / 8
        let missing = start + slots.count - bytes.count
        if missing > 0 { bytes += [UInt8](repeating: 0, count: missing) }
        for index in slots.indices { bytes[start + index] |= slots[index] }
    }

    mutating func formIntersection(_ other: SlotSet) {
        if bytes.count > other.bytes.count { bytes.removeLast(bytes.count - other.bytes.count) }
        for index in bytes.indices { bytes[index] &= other.bytes[index] }
    }

    mutating func subtract(_ other: SlotSet) {
        for index in 0..<min(bytes.count, other.bytes.count) { bytes[index] &= ~other.bytes[index] }
    }

    func forEach<Failure: Error>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for (index, byte) in bytes.enumerated() where byte != 0 {
            var rest = byte
            while rest != 0 {
                try body(index << 3 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
