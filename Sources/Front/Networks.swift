public import HTTP

/// A range of addresses, such as `192.168.0.0/16`.
public struct Network: Equatable, Sendable {
    private let address: Address
    /// Bits of the IPv6 form that count, 0 to 128.
    private let bits: Int

    /// Reads a network, or an address as the network of itself; nil for anything else.
    ///
    /// `10.0.0.7/8` is nothing: who wrote it meant less, or more.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Address(String(parts[0])) else { return nil }
        let length = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var bits = length
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= length
            else { return nil }
            bits = number
        }
        self.address = address
        self.bits = bits + 128 - length
        guard address.masked(self.bits) == address else { return nil }
    }

    public func contains(_ other: Address) -> Bool { other.masked(bits) == address }
}

extension Address {
    fileprivate func masked(_ bits: Int) -> Address {
        // A shift by 64 is zero in Swift.
        Address(
            network: network & ~(UInt64.max >> UInt64(min(bits, 64))),
            host: host & ~(UInt64.max >> UInt64(max(bits - 64, 0))))
    }
}
