internal import Glibc

/// How a read or a write went.
public enum Transfer: Equatable, Sendable {
    /// So many bytes, at least one, maybe fewer than asked.
    case bytes(Int)
    /// Nothing now; wait for the descriptor. Only where it is nonblocking.
    case wouldBlock
    /// End of file, or the other side has gone: nothing will ever come or be taken again.
    case ended
}

/// An open file, socket or pipe, closed when it goes out of scope.
///
/// It cannot be copied, so it cannot stand in an array: keep it in the class that it belongs to.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The kernel's number, for an event loop and C libraries; nobody else closes it.
    public let raw: Int32

    /// Takes over an open descriptor.
    public init(owning raw: Int32) {
        precondition(raw >= 0, "a descriptor is never negative")
        self.raw = raw
    }

    deinit {
        // EINTR after close(2) still closes on Linux; a second try could close somebody else's.
        _ = close(raw)
    }

    /// Gives the number away, no longer closed here: for C libraries that close it themselves.
    public consuming func release() -> Int32 {
        let number = raw
        discard self
        return number
    }

    /// Reads into `buffer[start...]`, as many bytes as there are and fit.
    public func read(into buffer: inout [UInt8], from start: Int = 0)
        throws(SystemError) -> Transfer
    {
        precondition(start < buffer.count, "there is room for at least one byte")
        let count = buffer.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            return uninterrupted { Glibc.read(raw, room.baseAddress, room.count) }
        }
        return try transfer(count, "read")
    }

    /// Reads at most `limit` bytes and appends them.
    public func read(appendingTo buffer: inout [UInt8], limit: Int = 65_536)
        throws(SystemError) -> Transfer
    {
        let count = withUnsafeTemporaryAllocation(byteCount: limit, alignment: 1) { room in
            let count = uninterrupted { Glibc.read(raw, room.baseAddress, room.count) }
            if count > 0 { buffer.append(contentsOf: room[..<count]) }
            return count
        }
        return try transfer(count, "read")
    }

    /// Writes `bytes[start...]`, or as much of it as is taken now.
    ///
    /// The caller keeps the rest in its own output buffer. Needs SIGPIPE ignored (``Signals/ignoreHarmless()``).
    public func write(_ bytes: borrowing [UInt8], from start: Int = 0)
        throws(SystemError) -> Transfer
    {
        guard start < bytes.count else { return .bytes(0) }
        let count = bytes.withUnsafeBytes { all in
            let rest = UnsafeRawBufferPointer(rebasing: all[start...])
            return uninterrupted { Glibc.write(raw, rest.baseAddress, rest.count) }
        }
        return try transfer(count, "write")
    }

    /// Writes everything, waiting where it must.
    ///
    /// - Throws: ``SystemError`` with EPIPE when the other side has gone.
    public func writeAll(_ bytes: borrowing [UInt8]) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            switch try write(bytes, from: done) {
            case .bytes(let count): done += count
            case .wouldBlock: _ = waitUntilReady(reading: false, timeoutMilliseconds: nil)
            case .ended: throw SystemError("write", "", code: EPIPE)
            }
        }
    }

    /// Waits for one descriptor alone, for programs without an ``EventLoop``.
    ///
    /// - Returns: false after `timeoutMilliseconds`; nil waits for ever.
    public func waitUntilReady(reading: Bool, timeoutMilliseconds: Int?) -> Bool {
        var entry = pollfd(fd: raw, events: Int16(reading ? POLLIN : POLLOUT), revents: 0)
        let limit = Int32(clamping: timeoutMilliseconds ?? -1)
        return uninterrupted { poll(&entry, 1, limit) } > 0
    }

    /// Makes reads and writes answer ``Transfer/wouldBlock`` instead of waiting.
    public func setNonblocking(_ on: Bool = true) throws(SystemError) {
        let flags = fcntl(raw, F_GETFL)
        guard flags >= 0 else { throw .last("ask the flags of", "descriptor \(raw)") }
        guard fcntl(raw, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) == 0 else {
            throw .last("set the flags of", "descriptor \(raw)")
        }
    }

    /// What a call answered that says -1 and sets `errno` where it failed.
    func transfer(_ count: Int, _ operation: String) throws(SystemError) -> Transfer {
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        let code = errno
        switch code {
        case EAGAIN: return .wouldBlock
        case EPIPE, ECONNRESET: return .ended
        default: throw SystemError(operation, "descriptor \(raw)", code: code)
        }
    }
}
