import Glibc

/// Connections that were refused while their client may still be sending.
///
/// Closing a socket that holds unread bytes makes the kernel send a reset, and the reset destroys the answer on its
/// way: the guest who uploads a photo that is too large would read "connection lost" instead of 413. So a second
/// descriptor of the socket is kept for a while, and what arrives is thrown away, as nginx does (lingering_close).
struct Lingering {
    private var sockets: [(descriptor: Int32, until: Int)] = []
    private static let milliseconds = 2_000
    private static let limit = 64

    var isEmpty: Bool { sockets.isEmpty }

    /// Keeps a socket open which the library is about to close.
    mutating func keep(_ socket: Int32) {
        guard sockets.count < Self.limit else { return }
        let descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        sockets.append((descriptor, monotonicMilliseconds() + Self.milliseconds))
    }

    /// Throws away what has come, and closes what has ended or waited long enough.
    mutating func drain() {
        let now = monotonicMilliseconds()
        sockets.removeAll { socket in
            if now < socket.until && !hasEnded(socket.descriptor) { return false }
            _ = close(socket.descriptor)
            return true
        }
    }

    mutating func closeAll() {
        for socket in sockets { _ = close(socket.descriptor) }
        sockets = []
    }
}

private func hasEnded(_ descriptor: Int32) -> Bool {
    // MSG_TRUNC: the kernel drops the bytes instead of copying them. At most a few megabytes in one go.
    for _ in 0..<16 {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC)
        let count = recv(descriptor, nil, 1 << 20, flags)
        if count > 0 { continue }
        return count == 0 || (errno != EAGAIN && errno != EINTR)
    }
    return false
}

func monotonicMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}
