internal import CLinux
internal import Glibc

/// Wakes an ``EventLoop`` from another thread of the same process (an eventfd).
///
/// Many rings before the loop looks are heard as one.
public final class Wakeup: Sendable {
    private let event: FileDescriptor

    public init() throws(SystemError) {
        let raw = linux_eventfd()
        guard raw >= 0 else { throw .last("make a wake-up descriptor") }
        event = FileDescriptor(owning: raw)
    }

    /// For ``EventLoop/watch(_:readable:writable:token:)``; readable once rung.
    public var descriptor: Int32 { event.raw }

    public func ring() {
        // It can fail only when the counter is full, and then it has been rung already.
        _ = eventfd_write(event.raw, 1)
    }

    /// Makes the descriptor quiet again; comes before looking at what the ring was about.
    ///
    /// - Returns: Whether it had been rung.
    @discardableResult
    public func drain() -> Bool {
        var count: UInt64 = 0
        return eventfd_read(event.raw, &count) == 0
    }
}
