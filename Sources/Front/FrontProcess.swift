public import HTTP
internal import Synchronization
internal import System

/// What the front is told when it starts.
public struct FrontSettings: Sendable {
    public var dataDirectory: String
    /// A numeric address.
    public var address: String
    public var port: UInt16
    /// What it speaks HTTPS with; nil for plain HTTP.
    public var identity: TLSIdentity?
    /// How guests reach the bar.
    public var baseURL: WebOrigin
    /// Whose X-Forwarded-For and X-Forwarded-Proto are believed.
    public var trustedProxies: [Network] = []
    /// Other web pages that may use the API.
    public var allowedOrigins: [WebOrigin] = []
    /// Of this release, for whoever asks how the bar is.
    public var version = ""
    /// Shown to guests; the writer holds the rule.
    public var maxActiveOrders = 3
    /// Bytes of a request body.
    var bodyLimit = 65_536
    /// Threads that answer.
    var reactors = 2

    public init(dataDirectory: String, address: String, port: UInt16, baseURL: WebOrigin) {
        self.dataDirectory = dataDirectory
        self.address = address
        self.port = port
        self.baseURL = baseURL
    }
}

/// The process `barback front`: HTTP outside, read models and the commands socket inside.
public struct FrontProcess: Sendable {
    public let settings: FrontSettings

    public init(_ settings: FrontSettings) { self.settings = settings }

    /// Runs until SIGTERM.
    ///
    /// - Throws: one sentence for the person who started it.
    public func run() throws {
        let descriptors = try Limits.raiseOpenFiles()
        let signals = try Signals([.terminate, .interrupt])
        let listeners = try Listener.open(
            address: settings.address, port: settings.port, reactors: settings.reactors)
        // Before other threads start: the wall holds for those that come after it.
        try confine()
        let stop = try StopFlag(reactors: settings.reactors)
        let shared = Shared(
            metrics: Metrics(reactors: settings.reactors),
            places: EventPlaces(descriptors: descriptors))
        let settings = settings
        let threads = try listeners.enumerated().map { number, listener in
            try Thread.start("reactor-\(number)", stackKilobytes: 512) {
                do {
                    try Reactor(
                        settings, number: number, listener: listener, stop: stop, shared: shared
                    ).run()
                } catch {
                    Standard.log("barback front: \(error)")
                    ChildProcess.exit(3)
                }
            }
        }
        Readiness.announce()
        // The reactors read keys and models and prepare pages first.
        if signals.wait(timeoutMilliseconds: 1_000) == nil {
            ProcessMemory.forgetStart()
            _ = signals.wait()
        }
        stop.raise()
        for thread in threads { thread.join() }
    }

    /// The front may read models, media and bells and write its spool; nothing else, ever again.
    private func confine() throws {
        let data = settings.dataDirectory
        for name in ["models", "media", "run", "spool"] {
            try Files.makeDirectory("\(data)/\(name)")
        }
        try Reactor.sweepSpool(data)
        // Bells that are not there yet, or were removed: behind the wall nothing can be made any more.
        for name in Reactor.bellNames { _ = try Bell.Ringer("\(data)/run/\(name)") }
        let coverage = try Landlock.restrict(
            read: ["\(data)/models", "\(data)/media", "\(data)/run"],
            readWrite: ["\(data)/spool"], denyConnect: true)
        // Believe the kernel only after trying.
        let open = ["log.db", "keys/log.key", "keys/local.key", "secrets/people.db"].filter {
            canOpen("\(data)/\($0)")
        }
        if !coverage.isEnforced {
            Standard.log(
                "barback front: this kernel has no Landlock; the front is not confined")
        } else if !open.isEmpty {
            throw SystemError(
                "confine the front in", data, code: 1,
                reason: "it can still open \(open.joined(separator: " and "))")
        } else {
            Standard.log("barback front: confined by \(coverage)")
        }
    }

    private func canOpen(_ path: String) -> Bool {
        do throws(SystemError) {
            _ = try Files.open(path)
            return true
        } catch {
            return false
        }
    }
}

/// Tells every reactor to stop.
final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)
    private let wakeups: [Wakeup]

    init(reactors: Int) throws(SystemError) {
        var wakeups: [Wakeup] = []
        for _ in 0..<reactors { wakeups.append(try Wakeup()) }
        self.wakeups = wakeups
    }

    var isRaised: Bool { raised.load(ordering: .acquiring) }
    func descriptor(_ reactor: Int) -> Int32 { wakeups[reactor].descriptor }

    func raise() {
        raised.store(true, ordering: .releasing)
        for wakeup in wakeups { wakeup.ring() }
    }
}
