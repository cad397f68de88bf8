internal import System
internal import Wire

/// The front's one connection to the commands process; many requests are under way on it at once.
///
/// When it breaks, every request that was under way is told that nobody knows what became of it: a
/// repeated request with the same key finds out.
final class CommandsLink {
    private let path: String
    private let loop: EventLoop
    private let token: UInt64
    private var socket: Connected?
    private var input: [UInt8] = []
    private var output = Outbox()
    private var watchesWriting = false
    private var lastNumber: UInt64 = 0
    private var underWay: [UInt64: UnderWay] = [:]
    private var triedAt: UInt64 = 0

    /// Commands that may be under way; more are answered busy here, before the socket fills.
    static let mostUnderWay = 1_000

    /// A writer that stands still this long is given up on, request by request.
    static let patienceNanoseconds: UInt64 = 10_000_000_000

    private struct UnderWay {
        let since: UInt64
        let done: (CommandOutcome?) -> Void
    }

    private final class Connected {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    init(path: String, loop: EventLoop, token: UInt64) {
        self.path = path
        self.loop = loop
        self.token = token
        connect()
    }

    var isConnected: Bool { socket != nil }
    var waiting: Int { underWay.count }

    /// Sends a request; the answer comes to `done` on this thread, nil when the line broke first.
    ///
    /// - Returns: what to answer at once when it cannot be sent; nil when it is on its way.
    func send(
        _ request: CommandRequest, done: @escaping (CommandOutcome?) -> Void
    ) -> Problem? {
        enqueue(done) { number in
            output.append { Frame.append(request, number: number, to: &$0) }
        }
    }

    /// Asks where the log ends.
    func askHead(done: @escaping (CommandOutcome?) -> Void) -> Problem? {
        enqueue(done) { number in
            output.append { Frame.appendHeadQuestion(number: number, to: &$0) }
        }
    }

    private func enqueue(
        _ done: @escaping (CommandOutcome?) -> Void, _ append: (UInt64) -> Void
    ) -> Problem? {
        if socket == nil { connect() }
        guard socket != nil else { return .writerAway }
        guard underWay.count < Self.mostUnderWay else { return .busy }
        lastNumber += 1
        underWay[lastNumber] = UnderWay(since: Clock.monotonicNanoseconds(), done: done)
        append(lastNumber)
        return nil
    }

    /// Once a turn of the loop: everything that was asked goes out in one write.
    func flush() {
        guard let socket else { return }
        do throws(SystemError) {
            guard try output.flush(to: socket.descriptor) else { return lose() }
            guard watchesWriting == output.isEmpty else { return }
            watchesWriting = !output.isEmpty
            try loop.change(
                socket.descriptor.raw, readable: true, writable: watchesWriting, token: token)
        } catch {
            lose()
        }
    }

    /// Hands every reply that has come to whoever waits for it.
    func receive() {
        guard let socket else { return }
        do {
            switch try socket.descriptor.read(appendingTo: &input, limit: 1 << 18) {
            case .ended: return lose()
            case .wouldBlock: return
            case .bytes: break
            }
            var start = 0
            while let message = try Frame.read(input, from: &start) {
                guard case .reply(let number, let outcome) = message else { continue }
                underWay.removeValue(forKey: number)?.done(outcome)
            }
            input.removeFirst(start)
        } catch {
            Standard.log("barback front: the line to the commands process broke: \(error)")
            lose()
        }
    }

    /// At most ten times a second while nobody listens.
    func connect() {
        let now = Clock.monotonicNanoseconds()
        guard socket == nil, now - triedAt > 100_000_000 else { return }
        triedAt = now
        do throws(SystemError) {
            let connected = Connected(try UnixSocket.connect(path))
            try? UnixSocket.setBuffers(connected.descriptor, bytes: 1 << 20)
            try loop.watch(connected.descriptor.raw, readable: true, token: token)
            socket = connected
            watchesWriting = false
        } catch {
            socket = nil
        }
    }

    private func lose() {
        if let socket { try? loop.unwatch(socket.descriptor.raw) }
        socket = nil
        input = []
        output = Outbox()
        let abandoned = underWay
        underWay = [:]
        for request in abandoned.values { request.done(nil) }
    }

    /// Answers those that have waited too long; a reply that still comes finds nobody.
    func giveUp(at now: UInt64) {
        let late = underWay.filter { now > $0.value.since + Self.patienceNanoseconds }
        for (number, request) in late {
            underWay[number] = nil
            request.done(nil)
        }
    }
}
