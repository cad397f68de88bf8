internal import CLinux
internal import Glibc

/// Sockets between processes of one machine, named by a path.
public enum UnixSocket {
    /// The longest path in bytes: the kernel's field is 108 with its closing zero.
    public static let longestPath = 107

    /// Who is at the other end, as the kernel knows it.
    public struct Peer: Equatable, Sendable {
        public let pid: Int32
        public let uid: UInt32
    }

    /// The user this process runs as, for comparing with a peer's.
    public static var ownUser: UInt32 { geteuid() }

    /// Opens a listening socket, mode 0600, nonblocking, in the place of one that a dead process left.
    ///
    /// The caller holds a ``FileLock`` or is otherwise sure to be the only one: a living listener of the
    /// same path would lose its guests. Anything at the path that is not a socket is left alone (EEXIST).
    public static func listen(_ path: String, backlog: Int = 128)
        throws(SystemError) -> FileDescriptor
    {
        let socket = try make("listen on", path)
        try removeStale(path)
        // The mode of an unbound socket is the mode of the file that bind makes, so there is no moment in
        // which somebody else could connect.
        guard fchmod(socket.raw, 0o600) == 0 else { throw .last("change the mode of", path) }
        let bound = withAddress(path) { bind(socket.raw, $0, $1) }
        guard bound == 0 else { throw .last("listen on", path) }
        guard Glibc.listen(socket.raw, Int32(clamping: backlog)) == 0 else {
            throw .last("listen on", path)
        }
        return socket
    }

    /// The next connection, nonblocking; nil when none is waiting.
    ///
    /// - Throws: ``SystemError`` with EMFILE when this process may open no more descriptors.
    public static func accept(_ listener: borrowing FileDescriptor)
        throws(SystemError) -> FileDescriptor?
    {
        let raw = uninterrupted { linux_accept(listener.raw) }
        if raw >= 0 { return FileDescriptor(owning: raw) }
        if errno == EAGAIN || errno == ECONNABORTED { return nil }
        throw .last("accept a connection")
    }

    /// Connects at once or not at all; nonblocking afterwards unless asked otherwise.
    ///
    /// - Throws: ``SystemError``; `isRefused` when nobody listens, EAGAIN when the listener's queue is full.
    public static func connect(_ path: String, nonblocking: Bool = true)
        throws(SystemError) -> FileDescriptor
    {
        let socket = try make("connect to", path)
        let code = withAddress(path) { address, size in
            uninterrupted { Glibc.connect(socket.raw, address, size) }
        }
        guard code == 0 else { throw .last("connect to", path) }
        if !nonblocking { try socket.setNonblocking(false) }
        return socket
    }

    /// The process and user at the other end, as they were when it connected.
    ///
    /// Source: unix(7), SO_PEERCRED.
    public static func peer(of socket: borrowing FileDescriptor) throws(SystemError) -> Peer {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        guard linux_peer(socket.raw, &pid, &uid) == 0 else { throw .last("ask who connected") }
        return Peer(pid: pid, uid: uid)
    }

    /// Asks for larger queues than the usual 208 kB; the kernel gives at most net.core.wmem_max and rmem_max.
    public static func setBuffers(_ socket: borrowing FileDescriptor, bytes: Int)
        throws(SystemError)
    {
        var size = Int32(clamping: bytes)
        for option in [SO_SNDBUF, SO_RCVBUF] {
            let length = socklen_t(MemoryLayout<Int32>.size)
            guard setsockopt(socket.raw, SOL_SOCKET, option, &size, length) == 0 else {
                throw .last("set the buffers of", "descriptor \(socket.raw)")
            }
        }
    }

    /// Sends one datagram and forgets the socket, as service managers want it.
    ///
    /// A path that begins with `@` is a name in the abstract space. Source: sd_notify(3).
    public static func sendDatagram(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let socket = try make("notify", path, type: SOCK_DGRAM.rawValue)
        let noSignal = Int32(MSG_NOSIGNAL)
        let sent = bytes.withUnsafeBytes { content in
            withAddress(path, abstract: path.utf8.first == UInt8(ascii: "@")) { address, size in
                uninterrupted {
                    sendto(
                        socket.raw, content.baseAddress, content.count, noSignal, address, size)
                }
            }
        }
        guard sent == bytes.count else { throw .last("notify", path) }
    }

    private static func make(
        _ operation: String, _ path: String, type: UInt32 = SOCK_STREAM.rawValue
    ) throws(SystemError) -> FileDescriptor {
        guard path.utf8.count <= longestPath else {
            throw SystemError(
                operation, path, code: ENAMETOOLONG,
                reason: "the path has \(path.utf8.count) bytes and a socket's may have "
                    + "\(longestPath); choose a shorter data directory")
        }
        let flags = SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let raw = socket(AF_UNIX, Int32(type | flags), 0)
        guard raw >= 0 else { throw .last(operation, path) }
        return FileDescriptor(owning: raw)
    }

    private static func removeStale(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError(
                "listen on", path, code: EEXIST, reason: "something that is no socket is there")
        }
        try Files.remove(path)
    }

    private static func withAddress<Value>(
        _ path: String, abstract: Bool = false,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: path.utf8)
            if abstract { room[0] = 0 }
        }
        // An abstract name is as long as it is told to be; a path ends at its zero.
        let size = MemoryLayout<sa_family_t>.size + path.utf8.count + (abstract ? 0 : 1)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }
}
