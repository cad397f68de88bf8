import CMicrohttpd
import Glibc

/// An answer without an end, such as server-sent events: written to the client at once, and never queued here.
///
/// Made by ``Request/openStream(headers:)``. It lasts until the connection closes, which is all that ends it, so that
/// it has no Content-Length.
///
/// Without TLS the socket is taken out of the library, and a client that waits costs a socket and this object. With
/// TLS the session's keys are the library's: there the connection stays with it, suspended, and is only written past.
///
/// Whoever holds one watches ``descriptor`` for room and for the end, edge-triggered; what the client sends is not
/// read.
public final class Stream {
    private enum Way {
        case socket(Int32)
        case connection(Exchange)
        case closed
    }

    private var way: Way

    /// Bytes of a client that does not read which the kernel keeps.
    private static let sendBuffer: Int32 = 16_384
    /// It sends nothing that anybody reads.
    private static let receiveBuffer: Int32 = 2_304
    /// After which a client that acknowledges nothing, or takes nothing, counts as gone.
    ///
    /// A little longer than whoever writes may want to wait for room: they then know why they end it.
    private static let patienceMilliseconds: Int32 = 12_000

    /// Nil if there is no descriptor left.
    init?(on exchange: Exchange) {
        let socket = cmhd_socket(exchange.connection)
        if cmhd_tls_session(exchange.connection) != nil {
            way = .connection(exchange)
        } else {
            let own = fcntl(socket, F_DUPFD_CLOEXEC, 0)
            guard own >= 0 else { return nil }
            way = .socket(own)
        }
        set(socket, SOL_SOCKET, SO_SNDBUF, Self.sendBuffer)
        set(socket, SOL_SOCKET, SO_RCVBUF, Self.receiveBuffer)
        set(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, Self.patienceMilliseconds)
    }

    /// -1 once it is closed.
    public var descriptor: Int32 {
        switch way {
        case .socket(let socket): socket
        case .connection(let exchange): cmhd_socket(exchange.connection)
        case .closed: -1
        }
    }

    /// Whether the socket is out of the library.
    var isDetached: Bool {
        if case .socket = way { true } else { false }
    }

    /// Whether it is written past the library, which still has the connection.
    var isKept: Bool {
        if case .connection = way { true } else { false }
    }

    /// Writes as much as the kernel takes: the number of bytes, 0 if there is no room, nil if the client is gone.
    ///
    /// What was not taken must come again, from its first byte, before anything else.
    public func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { bytes in
            let count =
                switch way {
                case .socket(let socket): cmhd_write_socket(socket, bytes.baseAddress, bytes.count)
                case .connection(let exchange):
                    cmhd_write_past(exchange.connection, bytes.baseAddress, bytes.count)
                case .closed: -1
                }
            return count < 0 ? nil : count
        }
    }

    /// Ends the answer, after what was written; the descriptor must not be watched any more.
    public func close() {
        switch way {
        case .socket(let socket): _ = Glibc.close(socket)
        case .connection(let exchange): exchange.closeStream()
        case .closed: break
        }
        way = .closed
    }

    /// The library is about to close the connection.
    func connectionCloses() { way = .closed }

    deinit { close() }
}

private func set(_ socket: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    _ = setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
}
