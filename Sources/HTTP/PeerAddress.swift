import CMicrohttpd

/// The address of a client, as sixteen bytes; an IPv4 address is mapped into IPv6.
public struct PeerAddress: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(_ address: UnsafePointer<sockaddr>?) {
        let raw = UnsafeRawPointer(address)
        switch address.map({ Int32($0.pointee.sa_family) }) {
        case AF_INET:
            let four = raw?.loadUnaligned(fromByteOffset: 4, as: UInt32.self) ?? 0
            self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: four)))
        case AF_INET6:
            let high = raw?.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ?? 0
            let low = raw?.loadUnaligned(fromByteOffset: 16, as: UInt64.self) ?? 0
            self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
        default: self.init(high: 0, low: 0)
        }
    }

    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// What one household shares: the address itself in IPv4, its /64 in IPv6.
    public var network: PeerAddress { isIPv4 ? self : PeerAddress(high: high, low: 0) }
}
