/// An internet address.
///
/// IPv4 in IPv6's clothes (`::ffff:192.0.2.1`, which a socket of both kinds shows) is the IPv4 address.
public struct Address: Hashable, Sendable {
    /// The sixteen bytes of IPv6, most significant first; IPv4 stands mapped in it.
    let high: UInt64
    let low: UInt64

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else: ports, brackets, zones, short or octal forms.
    public init?(_ text: some StringProtocol) {
        if let four = Self.four(text) {
            self.init(high: 0, low: Self.mapped | UInt64(four))
        } else if let groups = Self.groups(text) {
            self.init(
                high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
                low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) })
        } else {
            return nil
        }
    }

    public var isIPv4: Bool { high == 0 && low & ~0xFFFF_FFFF == Self.mapped }

    /// Of this machine itself: 127.0.0.0/8 and ::1.
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// Says "anywhere" in place of an address: 0.0.0.0 and ::.
    public var isAny: Bool { high == 0 && (low == 0 || low == Self.mapped) }

    /// What one household has: the whole address in IPv4, its /64 in IPv6.
    var site: Address { isIPv4 ? self : Address(high: high, low: 0) }

    private static func four(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            // A leading zero means octal to some readers.
            guard let byte = number(part, radix: 10, digits: 3), byte < 256,
                part.utf8.count == 1 || part.utf8.first != 0x30
            else { return nil }
            address = address << 8 | byte
        }
        return address
    }

    private static func groups(_ text: some StringProtocol) -> [UInt32]? {
        guard text.utf8.count <= 45 else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        var groups: [UInt32] = []
        var gap: Int?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                // "::" leaves one empty part, and a second one at the very beginning or end.
                if index == 0 || index == parts.count - 1 {
                    guard parts[index == 0 ? 1 : index - 1].isEmpty else { return nil }
                    if index == 0 || gap != nil { continue }
                }
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == parts.count - 1, part.contains(".") {
                guard let four = four(part) else { return nil }
                groups += [four >> 16, four & 0xFFFF]
            } else {
                guard let group = number(part, radix: 16, digits: 4) else { return nil }
                groups.append(group)
            }
        }
        guard let gap else { return groups.count == 8 ? groups : nil }
        guard groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        return groups
    }

    private static func number(_ text: some StringProtocol, radix: Int, digits: Int) -> UInt32? {
        // Asked first: the conversion would take a sign.
        guard (1...digits).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.properties.isASCIIHexDigit })
        else { return nil }
        return UInt32(text, radix: radix)
    }
}
