internal import CLinux
internal import Glibc

/// The signals that mean something to a barback process.
public enum Signal: Int32, Sendable, CaseIterable {
    case hangUp = 1
    case interrupt = 2
    case kill = 9
    case terminate = 15
    case childEnded = 17
}

/// Signals as something to read, instead of something that interrupts.
public final class Signals: Sendable {
    private let descriptorOwner: FileDescriptor

    /// Keeps the signals named from interrupting this process and queues them here.
    ///
    /// Call it on the main thread before others start: threads inherit what is blocked, and one that did
    /// not would die of a SIGTERM. Children spawned by ``ChildProcess`` start with nothing blocked. A hang-up
    /// that was ignored at start (nohup) stays ignored.
    public init(_ signals: [Signal] = [.terminate, .interrupt, .hangUp, .childEnded])
        throws(SystemError)
    {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals {
            switch signal {
            case .hangUp: if linux_ignores(signal.rawValue) == 1 { continue }
            // Ignored, the kernel would bury children itself and nobody would learn how they ended.
            case .childEnded: _ = Glibc.signal(SIGCHLD, SIG_DFL)
            // A shell without a terminal has its background jobs ignore interrupts; a kill -INT means it.
            case .terminate, .interrupt, .kill: break
            }
            sigaddset(&set, signal.rawValue)
        }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError("block", "signals", code: code) }
        let raw = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard raw >= 0 else { throw .last("listen for", "signals") }
        descriptorOwner = FileDescriptor(owning: raw)
    }

    /// For ``EventLoop/watch(_:readable:writable:token:)``; readable when a signal has come.
    public var descriptor: Int32 { descriptorOwner.raw }

    /// The next signal, or nil when none waits.
    ///
    /// Several of one kind may arrive as one.
    public func next() -> Signal? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while uninterrupted({ read(descriptorOwner.raw, &information, size) }) == size {
            if let signal = Signal(rawValue: Int32(bitPattern: information.ssi_signo)) {
                return signal
            }
        }
        return nil
    }

    /// Waits for a signal, for programs without an ``EventLoop``; nil after the time-out.
    public func wait(timeoutMilliseconds: Int? = nil) -> Signal? {
        _ = descriptorOwner.waitUntilReady(reading: true, timeoutMilliseconds: timeoutMilliseconds)
        return next()
    }

    /// Turns two signals into plain errors: writing to a closed socket (EPIPE) and past a file size limit (EFBIG).
    public static func ignoreHarmless() {
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}
