internal import CLinux
internal import Glibc
internal import Synchronization

/// The child's side of "I can be used now": `ready\n` into the descriptor that the environment names.
public enum Readiness {
    /// The environment variable that holds the descriptor's number.
    public static let variable = "BARBACK_READY_FD"

    private static let announced = Mutex(false)

    /// Tells whoever started this process that it serves now; the second call and a start by hand do nothing.
    public static func announce() {
        let first = announced.withLock { done in
            defer { done = true }
            return !done
        }
        guard first, let raw = Environment.value(variable).flatMap({ Int32($0) }), raw > 2 else {
            return
        }
        // A number inherited by mistake may name anything by now, the log included.
        var status = stat()
        guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
        let pipe = FileDescriptor(owning: raw)
        // A parent that no longer listens is no reason to stop serving.
        try? pipe.writeAll(Array("ready\n".utf8))
    }
}

/// The parent's side.
///
/// One owner, one thread.
public final class ReadinessPipe {
    public enum State: Equatable, Sendable {
        case waiting
        case ready
        /// The child ended, or closed the pipe, without a word.
        case closed
    }

    private let reading: FileDescriptor
    private var writing: FileDescriptor?
    private var received: [UInt8] = []

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard linux_pipe(&ends) == 0 else { throw .last("make a pipe") }
        reading = FileDescriptor(owning: ends[0])
        writing = FileDescriptor(owning: ends[1])
    }

    /// For ``EventLoop/watch(_:readable:writable:token:)``; readable when ``look()`` has news.
    public var descriptor: Int32 { reading.raw }

    /// What the child has said so far; never waits.
    public func look() throws(SystemError) -> State {
        let transfer = try reading.read(appendingTo: &received, limit: 64)
        if received.starts(with: "ready\n".utf8) { return .ready }
        return transfer == .ended ? .closed : .waiting
    }

    var writingEnd: Int32 {
        guard let raw = writing?.raw else { preconditionFailure("one pipe serves one child") }
        return raw
    }

    func closeWritingEnd() { writing = nil }
}
