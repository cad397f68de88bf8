internal import Glibc

/// How this machine is called by others.
public enum OwnAddress {
    /// The address from which this machine would speak to the internet, as text; nil without a route there.
    ///
    /// IPv4 first, which every phone speaks. Nothing is sent: connecting a datagram socket only has the kernel choose.
    public static func ofDefaultRoute(withIPv6: Bool = true) -> String? {
        // Addresses for documentation, which nobody has: what matters is the way to them.
        source(towards: "198.51.100.1") ?? (withIPv6 ? source(towards: "2001:db8::1") : nil)
    }

    /// The name this machine gives itself, such as `bar` or `bar.lan`.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return text(name)
    }

    private static func source(towards address: String) -> String? {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "9", &hints, &found) == 0, let place = found?.pointee else {
            return nil
        }
        defer { freeaddrinfo(found) }
        let kind = place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
        let raw = socket(place.ai_family, kind, place.ai_protocol)
        guard raw >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: raw)
        guard connect(descriptor.raw, place.ai_addr, place.ai_addrlen) == 0 else { return nil }
        var own = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { own in
                guard getsockname(descriptor.raw, own, &length) == 0 else { return Int32(-1) }
                return getnameinfo(
                    own, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            }
        }
        // A link's own address is nothing without the link's name, which no other machine knows.
        guard code == 0, !name.contains(CChar(UInt8(ascii: "%"))) else { return nil }
        return text(name)
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
