public import System

/// Waits for more events, for a program that prints them.
///
/// Woken by the writer's bell; a bell may be lost, so it wakes four times a second anyway.
public final class LogFollower {
    private let loop: EventLoop
    private let signals: Signals
    private let bell: Bell.Listener?
    private var ready: [Ready] = []

    private static let signalled: UInt64 = 0
    private static let rung: UInt64 = 1
    private static let output: UInt64 = 2

    public init(dataDirectory: String) throws(SystemError) {
        signals = try Signals([.terminate, .interrupt])
        loop = try EventLoop()
        try loop.watch(signals.descriptor, readable: true, token: Self.signalled)
        bell = Self.listener(dataDirectory + "/run")
        if let bell { try loop.watch(bell.descriptor, readable: true, token: Self.rung) }
        // A pipe tells when its reader has gone. A file or a device cannot, and does not need to.
        try? loop.watch(Terminal.standardOutput, readable: false, token: Self.output)
    }

    /// Waits for a ring, 250 ms at most; false once it is time to stop.
    ///
    /// That is when a signal says so or when nobody reads standard output any more.
    public func wait() throws(SystemError) -> Bool {
        try loop.wait(timeoutMilliseconds: 250, into: &ready)
        _ = try bell?.drain()
        return !ready.contains { event in
            event.token == Self.signalled || event.token == Self.output && event.hangup
        }
    }

    /// Whether a signal has come while there was no time to wait.
    public func isStopped() -> Bool { signals.next() != nil }

    /// Nil where there is no bell to hear: a copy of a log, or a directory that is only readable.
    private static func listener(_ directory: String) -> Bell.Listener? {
        guard Files.exists(directory + "/log.bell") else { return nil }
        return try? Bell.Listener(directory: directory, names: ["log.bell"])
    }
}
