internal import CLinux
internal import Glibc

/// A socket to a child's standard input and output, which no other process can open.
///
/// The child learns of the end of either by the end of its input. One owner, one thread.
public final class Conversation {
    private let own: FileDescriptor
    private var childs: FileDescriptor?

    /// Our end never waits; the child's does.
    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard linux_socket_pair(&ends) == 0 else { throw .last("make a pair of sockets") }
        own = FileDescriptor(owning: ends[0])
        childs = FileDescriptor(owning: ends[1])
        try own.setNonblocking()
    }

    /// For ``EventLoop/watch(_:readable:writable:token:)``; readable when the child has said something or ended.
    public var descriptor: Int32 { own.raw }

    /// Appends what the child has said; at most `limit` bytes.
    public func hear(into bytes: inout [UInt8], limit: Int) throws(SystemError) -> Transfer {
        try own.read(appendingTo: &bytes, limit: limit)
    }

    /// Says as much as is taken now; a child that has ended is no signal to this process.
    public func say(_ bytes: borrowing [UInt8]) throws(SystemError) -> Transfer {
        let count = bytes.withUnsafeBytes { all in
            uninterrupted { send(own.raw, all.baseAddress, all.count, Int32(MSG_NOSIGNAL)) }
        }
        return try own.transfer(count, "write")
    }

    var childsEnd: Int32 {
        guard let raw = childs?.raw else {
            preconditionFailure("one conversation serves one child")
        }
        return raw
    }

    func closeChildsEnd() { childs = nil }
}
