import Glibc
import Synchronization

@testable import HTTP

/// A server on a thread of its own, with a handler that shows what it was given.
///
/// - `/echo` answers with the parsed request, `/large` with 60,000 bytes (ETag "e"), `/later` when the test says so,
///   `/retry` at the second time of asking, `/forbidden` is refused before its body.
final class TestServer: Sendable {
    enum Order: Sendable {
        case answerWaiting, answerTwice, answerStale, stopListening, stop
    }

    struct Seen: Sendable {
        var waiting = 0
        var gone = 0
        var resumed: [Bool] = []
        var connections = 0
        var stopped = false
    }

    let port: UInt16
    private let orders = Mutex<[Order]>([])
    private let seen = Mutex(Seen())

    init(limits: Limits = Limits(), port: UInt16 = 0) throws {
        let listeners = try Listener.open(address: "127.0.0.1", port: port, reactors: 1)
        let listener = listeners[0]
        self.port = listener.port
        let run = Unmanaged.passRetained(Start(listener: listener, limits: limits, test: self))
        var thread = pthread_t()
        let made = pthread_create(&thread, nil, runReactor, run.toOpaque())
        precondition(made == 0, "No thread for the server.")
        pthread_detach(thread)
    }

    var state: Seen { seen.withLock { $0 } }

    func order(_ order: Order) {
        orders.withLock { $0.append(order) }
    }

    /// Whether the state came to fulfil the condition within five seconds.
    func reaches(_ condition: (Seen) -> Bool) -> Bool {
        let deadline = now() + 5_000
        while now() < deadline {
            if condition(state) { return true }
            usleep(500)
        }
        return false
    }

    fileprivate func change(_ change: (inout Seen) -> Void) {
        seen.withLock { change(&$0) }
    }

    fileprivate func takeOrders() -> [Order] {
        orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
    }

    deinit { order(.stop) }
}

func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

private final class Start {
    let listener: Listener
    let limits: Limits
    weak var test: TestServer?

    init(listener: Listener, limits: Limits, test: TestServer) {
        self.listener = listener
        self.limits = limits
        self.test = test
    }
}

private func runReactor(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    let handler = TestHandler(start.test)
    guard
        let server = try? Server(
            listener: start.listener, limits: start.limits, handler: handler)
    else { return nil }
    while let test = start.test {
        var watched = pollfd(fd: server.pollDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&watched, 1, Int32(min(server.timeoutMilliseconds ?? 2, 2)))
        server.run()
        test.change { $0.connections = server.openConnections }
        for order in test.takeOrders() where !handler.obey(order, server) {
            test.change { $0.stopped = true }
            return nil
        }
    }
    server.stop()
    return nil
}

private final class TestHandler: Handler {
    private weak var test: TestServer?
    private var waiting: [Ticket] = []
    private var answered: [Ticket] = []
    private var retried: Set<Ticket> = []
    private let large: Response

    init(_ test: TestServer?) {
        self.test = test
        large = Response(
            status: 200, headers: [("ETag", "\"e\"")], body: [UInt8](repeating: 0x61, count: 60_000)
        )
    }

    func admit(_ request: borrowing Request) -> Admission {
        if request.target.segments == ["forbidden"] { return .refuse(text(403, "no")) }
        return .body(limit: 1_000)
    }

    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome {
        switch request.target.segments[0] {
        case "large":
            return .now(request.header("if-none-match", is: "\"e\"") ? large.notModified : large)
        case "later": return wait(ticket)
        case "retry" where retried.contains(ticket): return .now(echo(request))
        case "retry":
            retried.insert(ticket)
            return wait(ticket)
        default: return .now(echo(request))
        }
    }

    func refusal(_ refusal: Refusal) -> Response { text(refusal.status, refusal.sentence) }

    func gone(_ ticket: Ticket) { test?.change { $0.gone += 1 } }

    /// False if the server has been stopped.
    func obey(_ order: TestServer.Order, _ server: Server) -> Bool {
        switch order {
        case .answerWaiting, .answerTwice:
            for ticket in waiting {
                if retried.contains(ticket) {
                    server.retry(ticket)
                    continue
                }
                for _ in 0..<(order == .answerTwice ? 2 : 1) {
                    let resumed = server.resume(ticket, with: text(200, "late"))
                    test?.change { $0.resumed.append(resumed) }
                }
            }
            answered += waiting
            waiting = []
        case .answerStale:
            for ticket in answered {
                let resumed = server.resume(ticket, with: text(200, "stale"))
                test?.change { $0.resumed.append(resumed) }
            }
        case .stopListening: server.stopListening()
        case .stop:
            server.stop()
            return false
        }
        return true
    }

    private func wait(_ ticket: Ticket) -> Outcome {
        waiting.append(ticket)
        test?.change { $0.waiting += 1 }
        return .later
    }

    private func echo(_ request: borrowing Request) -> Response {
        let target = request.target
        let query = target.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        let path = target.segments.joined(separator: "|")
        return text(
            200,
            "\(request.method) \(path) ?\(query) x=\(request.header("X") ?? "-")"
                + " body=\(String(decoding: request.body, as: UTF8.self))")
    }
}

private func text(_ status: Int, _ text: String) -> Response {
    Response(
        status: status, headers: [("Content-Type", "text/plain")], body: Array(text.utf8))
}
