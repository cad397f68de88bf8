import CMicrohttpd
import Glibc
import Synchronization

/// One reactor's listening socket.
///
/// Several share a port and the kernel spreads connections over them by SO_REUSEPORT.
///
/// SO_REUSEPORT alone would let any process of the same user take half of the guests without a word. So the first
/// socket is bound without it, which fails if anybody listens there, and only then is opened for the others.
public final class Listener: Sendable {
    /// The address and port in use; the port is the kernel's choice if 0 was asked for.
    public let address: String
    public let port: UInt16
    private let descriptor: Atomic<Int32>

    private init(descriptor: Int32, address: String, port: UInt16) {
        self.descriptor = Atomic(descriptor)
        self.address = address
        self.port = port
    }

    /// Listens on a numeric IPv4 or IPv6 address, with one socket for each reactor.
    ///
    /// - Throws: ``HTTPError``, a sentence with the address and the kernel's reason.
    public static func open(
        address: String, port: UInt16, reactors: Int
    ) throws(HTTPError) -> [Listener] {
        var listeners: [Listener] = []
        var port = port
        for index in 0..<reactors {
            let listener = try one(address: address, port: port, isFirst: index == 0)
            port = listener.port
            listeners.append(listener)
        }
        return listeners
    }

    private static func one(
        address: String, port: UInt16, isFirst: Bool
    ) throws(HTTPError) -> Listener {
        let name = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        func failure(_ code: Int32) -> HTTPError {
            let reason = String(cString: strerror(code))
            let advice =
                switch code {
                case EADDRINUSE: "stop what listens there or choose another port"
                case EACCES: "choose a port above 1023"
                case EADDRNOTAVAIL: "this machine has no such address"
                default: "choose another address or port"
                }
            return HTTPError("cannot listen on \(name): \(reason); \(advice)")
        }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, String(port), &hints, &found) == 0, let place = found?.pointee
        else {
            throw HTTPError("cannot listen on \(name): \(address) is not an IPv4 or IPv6 address")
        }
        defer { freeaddrinfo(found) }
        let kind = place.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(place.ai_family, kind, place.ai_protocol)
        guard descriptor >= 0 else { throw failure(errno) }
        // SO_REUSEADDR lets a restart bind while connections of its predecessor are in TIME_WAIT.
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        if !isFirst { set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
        guard bind(descriptor, place.ai_addr, place.ai_addrlen) == 0 else {
            defer { _ = close(descriptor) }
            throw failure(errno)
        }
        if isFirst { set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
        guard listen(descriptor, 1_024) == 0 else {
            defer { _ = close(descriptor) }
            throw failure(errno)
        }
        return Listener(descriptor: descriptor, address: address, port: boundPort(descriptor))
    }

    /// The socket for the library, which may use it until ``close()``.
    var socketDescriptor: Int32 { descriptor.load(ordering: .relaxed) }

    /// Connections that nobody has accepted yet are refused from here on.
    func stop() {
        let open = descriptor.exchange(-1, ordering: .relaxed)
        if open >= 0 { _ = close(open) }
    }

    deinit { stop() }
}

private func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
    var yes: Int32 = 1
    _ = setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
}

private func boundPort(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = getsockname(descriptor, $0, &length)
        }
    }
    // The port stands at the same place in IPv4 and IPv6.
    return UInt16(bigEndian: address.sin6_port)
}
