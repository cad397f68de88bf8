internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of the kernel's, for work that blocks.
public final class Thread: Sendable {
    private let identity: Mutex<pthread_t?>

    private init(_ identity: pthread_t) { self.identity = Mutex(identity) }

    deinit {
        identity.withLock { if let thread = $0 { _ = pthread_detach(thread) } }
    }

    /// Starts a thread; it goes on when the answer is dropped.
    ///
    /// `name` is what `top -H` shows, cut after 15 bytes. The stack has 64...8192 kB.
    @discardableResult
    public static func start(
        _ name: String, stackKilobytes: Int = 256, body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> Thread {
        precondition((64...8192).contains(stackKilobytes), "64...8192 kB")
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackKilobytes * 1024)

        let work = Unmanaged.passRetained(Work(name, body))
        var identity = pthread_t()
        let code = pthread_create(
            &identity, &attributes,
            { context in
                guard let context else { return nil }
                let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                _ = linux_name_thread(String(decoding: work.name.utf8.prefix(15), as: UTF8.self))
                work.body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw SystemError("start the thread", name, code: code)
        }
        return Thread(identity)
    }

    /// Waits until the thread has ended; at once when somebody has waited before.
    public func join() {
        let thread = identity.withLock { identity in
            defer { identity = nil }
            return identity
        }
        if let thread { _ = pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
