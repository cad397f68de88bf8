import CMicrohttpd
import Glibc

/// An internet address, without a port.
///
/// Always 16 bytes: an IPv4 address is written as IPv6 maps it (`::ffff:192.0.2.1`), as a listener on `::` sees it.
public struct Address: Hashable, Sendable, CustomStringConvertible {
    /// The first half: in IPv6 the network that a house has to itself.
    public let network: UInt64
    public let host: UInt64

    public init(network: UInt64, host: UInt64) {
        self.network = network
        self.host = host
    }

    /// An IPv4 address, its first byte highest.
    public init(ipv4 address: UInt32) {
        self.init(network: 0, host: 0xFFFF << 32 | UInt64(address))
    }

    /// Reads the usual forms of IPv4 and IPv6 addresses, such as `192.0.2.1` and `2001:db8::1`.
    ///
    /// Nil for anything else: ports, brackets, zones, short, octal and hexadecimal forms.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    init(_ address: UnsafePointer<sockaddr>?) {
        guard let address else {
            self.init(network: 0, host: 0)
            return
        }
        let place = UnsafeRawPointer(address)
        if address.pointee.sa_family == sa_family_t(AF_INET) {
            let four = place.loadUnaligned(as: sockaddr_in.self)
            self.init(ipv4: UInt32(bigEndian: four.sin_addr.s_addr))
        } else {
            self.init(place.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        }
    }

    private init(_ address: in6_addr) {
        let halves = unsafeBitCast(address, to: (UInt64, UInt64).self)
        self.init(network: UInt64(bigEndian: halves.0), host: UInt64(bigEndian: halves.1))
    }

    public var isIPv4: Bool { network == 0 && host >> 32 == 0xFFFF }

    public var isLoopback: Bool {
        isIPv4 ? UInt8(truncatingIfNeeded: host >> 24) == 127 : network == 0 && host == 1
    }

    /// Stands for any address in place of being one: 0.0.0.0 and ::.
    public var isAny: Bool { network == 0 && (host == 0 || host == 0xFFFF << 32) }

    /// What one household has: the whole address in IPv4, its /64 in IPv6.
    public var site: Address { isIPv4 ? self : Address(network: network, host: 0) }

    /// The usual form: `192.0.2.1`, `2001:db8::1`.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv4 {
            var four = in_addr(s_addr: UInt32(truncatingIfNeeded: host).bigEndian)
            inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
        } else {
            var six = (network.bigEndian, host.bigEndian)
            inet_ntop(AF_INET6, &six, &text, socklen_t(text.count))
        }
        return text.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
