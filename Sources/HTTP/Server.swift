import CMicrohttpd
import Glibc

/// One reactor's part of the HTTP server.
///
/// Everything of it happens on the thread that calls ``run()``.
///
/// The reactor watches ``pollDescriptor`` in its own epoll and calls ``run()`` when it is readable, and no later than
/// ``timeoutMilliseconds`` says:
///
///     let server = try Server(listener: listener, limits: Limits(), handler: handler)
///     while true {
///         poll.wait(timeoutMilliseconds: server.timeoutMilliseconds)
///         server.run()
///     }
public final class Server {
    public let limits: Limits
    let handler: any Handler
    private var exchanges: [Exchange?] = []
    private var freeSlots: [UInt32] = []
    /// Where the generations of a new connection begin: beyond all that its slot has had.
    private var generation: UInt32 = 0
    private var lingering = Lingering()
    /// Monotonic milliseconds when the present run began.
    private(set) var clock = monotonicMilliseconds()
    private var nextSweep = 0
    // Whether a connection was resumed since the last run: neither the library's time-out nor its descriptor says so.
    private var hasResumed = false
    private let speaksTLS: Bool
    /// Connections without a request so far.
    private var newcomers = 0
    private let listener: Listener
    private var daemon: OpaquePointer?
    private(set) var isStopping = false
    private var isListening = true

    /// `identity` has it speak HTTPS, and nothing else.
    public init(
        listener: Listener, limits: Limits, identity: TLSIdentity? = nil, handler: any Handler
    ) throws(HTTPError) {
        self.listener = listener
        self.limits = limits
        self.handler = handler
        speaksTLS = identity != nil
        // A client that leaves while it is written to must not end the process.
        signal(SIGPIPE, SIG_IGN)
        // The library reads both before it returns.
        daemon = cmhd_start(
            listener.socketDescriptor, Unmanaged.passUnretained(self).toOpaque(), handleRequest,
            handleTarget, keepEscapes, handleCompletion, handleConnection,
            UInt32(limits.connections), limits.memoryBytes, UInt32(limits.idleSeconds),
            identity?.certificate, identity?.key)
        guard daemon != nil else {
            let place = "\(listener.address):\(listener.port)"
            throw HTTPError(
                "cannot start the HTTP server on \(place): libmicrohttpd gave no reason")
        }
    }

    /// Readable when there is something to do for ``run()``; it belongs to the server.
    public var pollDescriptor: Int32 { daemon.map { cmhd_poll_descriptor($0) } ?? -1 }

    /// Does whatever is ready, and never blocks.
    public func run() {
        guard let daemon else { return }
        hasResumed = false
        clock = monotonicMilliseconds()
        _ = MHD_run(daemon)
        if clock >= nextSweep { sweep() }
        if !lingering.isEmpty { lingering.drain() }
    }

    /// Ends connections whose head or body does not come to its end or is stuck, once a second.
    ///
    /// The library's own time-out begins anew with every byte, so that a byte now and then would hold a connection for
    /// ever. It sees the shut socket as closed by the client.
    private func sweep() {
        nextSweep = clock + 1_000
        var timeout: UInt64 = 0
        let isSpinning = daemon.map { cmhd_timeout($0, &timeout) == 1 && timeout == 0 } ?? false
        for case .some(let exchange) in exchanges {
            if let deadline = exchange.deadline, deadline < clock {
                shutdown(cmhd_socket(exchange.connection), Int32(SHUT_RDWR))
            } else if exchange.isStuck(whileSpinning: isSpinning) {
                // It would not see a shut socket: it does not read.
                cmhd_end_silent(exchange.connection)
            }
        }
    }

    func open(_ connection: OpaquePointer) -> Exchange {
        let slot = freeSlots.popLast() ?? UInt32(exchanges.count)
        if Int(slot) == exchanges.count { exchanges.append(nil) }
        let exchange = Exchange(
            connection: connection, server: self, slot: slot, generation: generation)
        exchanges[Int(slot)] = exchange
        newcomers += 1
        return exchange
    }

    /// Lets a refused client finish its sentence; called before the library closes the socket.
    ///
    /// Also for a refusal by the library itself, which shows in bytes that nobody has read.
    func close(_ exchange: Exchange) {
        exchange.connectionCloses()
        if exchange.isNew { newcomers -= 1 }
        let socket = cmhd_socket(exchange.connection)
        var byte: UInt8 = 0
        let isUnread = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
        if !exchange.isDetached, exchange.isRefused || isUnread { lingering.keep(socket) }
        generation = max(generation, exchange.generation) &+ 1
        exchanges[Int(exchange.slot)] = nil
        freeSlots.append(exchange.slot)
    }

    /// How long ``run()`` may wait at the most; nil without bound.
    public var timeoutMilliseconds: Int? {
        if hasResumed { return 0 }
        var timeout: UInt64 = 0
        let ours = lingering.isEmpty ? (openConnections > 0 ? 1_000 : nil) : 50
        guard let daemon, cmhd_timeout(daemon, &timeout) == 1 else { return ours }
        return min(max(Int(clamping: timeout), handshakePause), ours ?? .max)
    }

    /// The library wants to be called without a pause as long as a handshake waits for its client, for nothing: what
    /// comes from a client shows on its descriptor.
    ///
    /// A client that connects and says nothing would keep a processor busy. What else it may want to do at once, which
    /// is to go on with a long body, is put off for as long as nobody notices.
    private var handshakePause: Int {
        guard speaksTLS, newcomers > 0 else { return 0 }
        return exchanges.contains { $0?.phase.isMoving ?? false } ? 1 : 50
    }

    func newcomerAsks() { newcomers -= 1 }

    /// Connections now open.
    public var openConnections: Int { daemon.map { Int(cmhd_open_connections($0)) } ?? 0 }

    /// Answers a request that waits.
    ///
    /// - Returns: False if it no longer does: its client has left, or it was answered before.
    @discardableResult
    public func resume(_ ticket: Ticket, with response: Response) -> Bool {
        resume(ticket, outcome: .now(response))
    }

    /// Has the handler asked again for a request that waits, with the same ticket; false if it no
    /// longer waits.
    @discardableResult
    public func retry(_ ticket: Ticket) -> Bool {
        resume(ticket, outcome: nil)
    }

    private func resume(_ ticket: Ticket, outcome: Outcome?) -> Bool {
        guard ticket.slot < exchanges.count, let exchange = exchanges[Int(ticket.slot)],
            exchange.generation == ticket.generation, exchange.phase == .waiting
        else { return false }
        exchange.reply = outcome
        exchange.phase = .answering
        wake(exchange.connection)
        return true
    }

    func wake(_ connection: OpaquePointer) {
        hasResumed = true
        MHD_resume_connection(connection)
    }

    /// Takes no further connections; the open ones live on.
    public func stopListening() {
        guard isListening, let daemon else { return }
        isListening = false
        _ = MHD_quiesce_daemon(daemon)
        listener.stop()
    }

    /// Closes everything.
    ///
    /// Requests that wait are dropped; their tickets are void.
    public func stop() {
        guard let daemon else { return }
        stopListening()
        isStopping = true
        // A connection suspended when the daemon stops would end the process.
        for case .some(let exchange) in exchanges {
            if exchange.phase == .waiting || exchange.phase == .streaming {
                exchange.phase = .answered
                MHD_resume_connection(exchange.connection)
            }
        }
        self.daemon = nil
        MHD_stop_daemon(daemon)
        lingering.closeAll()
    }

    deinit { stop() }
}
