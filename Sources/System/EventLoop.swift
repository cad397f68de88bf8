internal import CLinux
internal import Glibc

/// A descriptor that has something to do.
public struct Ready: Equatable, Sendable {
    /// What the caller named the descriptor.
    public let token: UInt64
    public let readable: Bool
    public let writable: Bool
    /// The other side has gone, or the descriptor is broken.
    ///
    /// There may still be bytes to read.
    public let hangup: Bool
}

/// Waits for many descriptors at once, by epoll, level-triggered but for ``watchEdges(_:token:)``: what is not read is
/// reported again.
///
/// One owner, one thread. Tokens are the caller's; give a connection that ended and its successor different ones,
/// as a page of events may hold a late one for the old.
public final class EventLoop {
    private let epoll: FileDescriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// Makes a loop whose waits hand over at most `capacity` events; the others come with the next.
    public init(capacity: Int = 256) throws(SystemError) {
        let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard raw >= 0 else { throw .last("make an event loop") }
        epoll = FileDescriptor(owning: raw)
        events = .allocate(capacity: capacity)
        events.initialize(repeating: epoll_event())
    }

    deinit { events.deallocate() }

    /// The loop's own descriptor, readable when any of the watched ones is ready.
    public var raw: Int32 { epoll.raw }

    public func watch(_ descriptor: Int32, readable: Bool, writable: Bool = false, token: UInt64)
        throws(SystemError)
    {
        try control(EPOLL_CTL_ADD, descriptor, Self.events(readable, writable), token)
    }

    /// Reports once when there is room again after there was none, and when the other side has gone.
    public func watchEdges(_ descriptor: Int32, token: UInt64) throws(SystemError) {
        try control(
            EPOLL_CTL_ADD, descriptor,
            EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue, token)
    }

    /// Changes what a watched descriptor is watched for; neither still reports a hangup.
    public func change(_ descriptor: Int32, readable: Bool, writable: Bool, token: UInt64)
        throws(SystemError)
    {
        try control(EPOLL_CTL_MOD, descriptor, Self.events(readable, writable), token)
    }

    /// Forgets a descriptor; must come before it is closed if a copy of it lives elsewhere.
    public func unwatch(_ descriptor: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Waits until something is ready and replaces `ready` by it.
    ///
    /// Empty after the time-out, or when a signal came in between. nil waits for ever, 0 only looks.
    public func wait(timeoutMilliseconds: Int?, into ready: inout [Ready]) throws(SystemError) {
        ready.removeAll(keepingCapacity: true)
        let limit = timeoutMilliseconds.map { Int32(clamping: max(0, $0)) } ?? -1
        let count = epoll_wait(epoll.raw, events.baseAddress, Int32(events.count), limit)
        guard count >= 0 else {
            if errno == EINTR { return }
            throw .last("wait for events")
        }
        for event in events[..<Int(count)] {
            ready.append(
                Ready(
                    token: event.data.u64,
                    readable: event.events & EPOLLIN.rawValue != 0,
                    writable: event.events & EPOLLOUT.rawValue != 0,
                    hangup: event.events
                        & (EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue) != 0))
        }
    }

    private static func events(_ readable: Bool, _ writable: Bool) -> UInt32 {
        (readable ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0)
            | (writable ? EPOLLOUT.rawValue : 0)
    }

    private func control(
        _ action: Int32, _ descriptor: Int32, _ events: UInt32, _ token: UInt64
    ) throws(SystemError) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        guard epoll_ctl(epoll.raw, action, descriptor, &event) == 0 else {
            throw .last("watch", "descriptor \(descriptor)")
        }
    }
}
