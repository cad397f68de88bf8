import Glibc
import Synchronization
import Testing

@testable import HTTP

/// A server on a thread of its own, with a handler that shows what it was given.
///
/// - `/echo` answers with the parsed request, `/large` with 60,000 bytes (ETag "e"), `/later` when the test says so,
///   `/retry` at the second time of asking, `/forbidden` is refused before its body, `/upload` puts it into a file of
///   the server's folder, `/stored` sends a file from there, `/shared` is one answer with the `X` of each request.
/// - `/stream` says hello and then what the test orders; `/stream/over` ends after it.
final class TestServer: Sendable {
    enum Order: Equatable, Sendable {
        case answerWaiting, answerTwice, answerStale, stopListening, stop
        case write(String), fill, closeStreams
    }

    struct Seen: Sendable {
        var waiting = 0
        var gone = 0
        var resumed: [Bool] = []
        var connections = 0
        /// Turns before which the server wanted to rest.
        var idleTurns = 0
        var stopped = false
        var asked = 0
        var streams = 0
        /// What each write came to.
        var written: [Int?] = []
    }

    let port: UInt16
    private let orders = Mutex<[Order]>([])
    private let seen = Mutex(Seen())

    /// Made for this server, and removed with it.
    let folder: String

    init(limits: Limits = Limits(), port: UInt16 = 0, identity: TLSIdentity? = nil) throws {
        folder = try newFolder()
        let listeners = try Listener.open(address: "127.0.0.1", port: port, reactors: 1)
        let listener = listeners[0]
        self.port = listener.port
        let run = Unmanaged.passRetained(
            Start(listener: listener, limits: limits, identity: identity, test: self))
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

    /// The names in the folder.
    var files: [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    deinit {
        order(.stop)
        for name in files { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}

private func newFolder() throws -> String {
    var name = Array("/tmp/barback-http-XXXXXX".utf8CString)
    let made = name.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    return try #require(made)
}

func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

private final class Start {
    let listener: Listener
    let limits: Limits
    let identity: TLSIdentity?
    weak var test: TestServer?

    init(listener: Listener, limits: Limits, identity: TLSIdentity?, test: TestServer) {
        self.identity = identity
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
            listener: start.listener, limits: start.limits, identity: start.identity,
            handler: handler)
    else { return nil }
    while let test = start.test {
        var watched = pollfd(fd: server.pollDescriptor, events: Int16(POLLIN), revents: 0)
        let timeout = server.timeoutMilliseconds ?? .max
        poll(&watched, 1, Int32(min(timeout, 2)))
        server.run()
        test.change {
            $0.connections = server.openConnections
            if timeout >= 50 { $0.idleTurns += 1 }
        }
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
    private var streams: [HTTP.Stream] = []
    private let large: Response
    private let folder: String

    init(_ test: TestServer?) {
        self.test = test
        folder = test?.folder ?? ""
        large = Response(
            status: 200, headers: [("ETag", "\"e\"")], body: [UInt8](repeating: 0x61, count: 60_000)
        )
    }

    func admit(_ request: borrowing Request) -> Admission {
        switch request.target.segments[0] {
        case "forbidden": return .refuse(text(403, "no"))
        case "upload":
            do throws(BodyFileError) {
                let path = "\(folder)/\(request.target.segments[1])"
                let limit = request.target.segments.count == 2 ? 1_000_000 : 4_000_000
                return .file(try BodyFile(path: path), limit: limit)
            } catch {
                return .refuse(text(409, "\(error)"))
            }
        default: break
        }
        return .body(limit: 1_000)
    }

    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome {
        switch request.target.segments[0] {
        case "large":
            return .now(request.header("if-none-match", is: "\"e\"") ? large.notModified : large)
        case "later": return wait(ticket)
        case "upload": return .now(stored(request.file))
        case "stored":
            let path = "\(folder)/\(request.target.segments[1])"
            return .now(.file(path, headers: [("X-Kind", "file")]) ?? text(404, "none"))
        case "shared":
            return .now(large.with(headers: [("X-Own", request.header("X") ?? "-")]))
        case "stream":
            test?.change { $0.asked += 1 }
            let headers = [("Content-Type", "text/event-stream")]
            guard case .open(let stream) = request.openStream(headers: headers) else {
                return .now(text(503, "none"))
            }
            if stream.write(Array("hello\n".utf8)[...]) == nil || request.target.segments.count > 1
            {
                stream.close()
                return .streaming
            }
            streams.append(stream)
            test?.change { $0.streams += 1 }
            return .streaming
        case "peer": return .now(text(200, "\(request.peer)"))
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
        case .write(let text):
            for stream in streams {
                let count = stream.write(Array(text.utf8)[...])
                test?.change { $0.written.append(count) }
            }
        case .fill:
            for stream in streams {
                let part = [UInt8](repeating: 0x2E, count: 4_096)
                var sum = 0
                while let count = stream.write(part[...]), count > 0 { sum += count }
                test?.change { [sum] in $0.written.append(sum) }
            }
        case .closeStreams:
            streams = []
            test?.change { $0.streams = 0 }
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

    /// How much the file holds, by itself and as the room counted, and how it may be used.
    private func stored(_ file: BodyFile?) -> Response {
        guard let file else { return text(500, "no file") }
        var about = stat()
        stat(file.path, &about)
        return text(200, "\(about.st_size) \(file.count) \(String(about.st_mode, radix: 8))")
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
