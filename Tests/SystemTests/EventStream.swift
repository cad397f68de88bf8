import Foundation

/// A stream of live events, read more strictly than a browser reads it.
///
/// Whatever the contract does not promise throws ``Broken``: another field, an event without an id, a place
/// that is not later than the one before.
final class EventStream {
    struct Broken: Error, CustomStringConvertible { let description: String }

    /// The bar did not open a stream.
    struct Refused: Error { let answer: Answer }

    struct Event: Sendable {
        let position: Int
        let name: String
        let text: String
        /// The whole `data:` line: type, position, data and, for a move, the status before.
        var document: JSON {
            JSON(try? JSONSerialization.jsonObject(with: Data(text.utf8)))
        }
        /// What has changed.
        var data: JSON { document["data"] }
    }

    /// What stands between two empty lines.
    enum Block {
        case event(Event)
        /// The place reached, after a silence.
        case ping
        case end
    }

    private let bar: Bar
    private let path: String
    private let headers: [String: String]
    private let resumes: Bool
    private var client: Client
    private var lines: [String] = []
    /// The head of the answer that it came with last.
    private(set) var head: Answer
    /// How often it was opened.
    private(set) var connections = 1
    /// Where it began, and how long to wait before asking for it again, in milliseconds.
    private(set) var begin: (position: Int, retry: Int)
    /// The last id: what a browser would ask to go on after.
    private(set) var position: Int

    /// Opens it with what a request carries, and reads where it begins.
    ///
    /// One that `resumes` opens itself again where it was broken off. With a small receive buffer a client that
    /// does not read is soon felt by the bar.
    /// - Throws: ``Refused`` where the answer is not 200.
    init(
        _ bar: Bar, _ headers: [String: String], path: String = "/events", after: Int? = nil,
        resumes: Bool = false, receiveBuffer: Int32? = nil
    ) throws {
        self.bar = bar
        self.path = path
        self.headers = headers
        self.resumes = resumes
        client = try Client(bar, receiveBuffer: receiveBuffer)
        (head, begin) = try Self.open(client, path, headers, after)
        position = begin.position
    }

    private static func open(
        _ client: Client, _ path: String, _ headers: [String: String], _ after: Int?
    ) throws -> (head: Answer, begin: (position: Int, retry: Int)) {
        var headers = headers
        if let after { headers["Last-Event-ID"] = "\(after)" }
        let head = try client.request("GET", path, headers)
        guard head.status == 200 else { throw Refused(answer: head) }
        var lines: [String] = []
        let end = seconds() + 5
        while let line = try client.line(by: end), !line.isEmpty { lines.append(line) }
        guard lines.count == 2, let retry = number(lines[0], "retry: "),
            let position = number(lines[1], "id: ")
        else { throw Broken(description: "it begins with \(lines)") }
        return (head, (position, retry))
    }

    private static func number(_ line: String, _ field: String) -> Int? {
        line.hasPrefix(field) ? Int(line.dropFirst(field.count)) : nil
    }

    // MARK: Reading

    /// The next event, whatever pings come before it.
    ///
    /// - Throws: ``Late``, ``Broken``, and ``NoAnswer`` where the stream ends and does not resume.
    func next(within limit: Double = 10) throws -> Event {
        let end = seconds() + limit
        while true {
            switch try block(by: end) {
            case .event(let event): return event
            case .ping: continue
            case .end:
                guard resumes else { throw NoAnswer(description: "the stream has ended") }
                try resume(by: end)
            }
        }
    }

    /// Every event up to the first that this is true of, which is the last of them.
    func events(
        within limit: Double = 30, until isLast: (Event) -> Bool
    ) throws -> [Event] {
        let end = seconds() + limit
        var events: [Event] = []
        repeat {
            events.append(try next(within: end - seconds()))
        } while !isLast(events[events.count - 1])
        return events
    }

    /// Every event up to this position, at which there must be one.
    func events(through position: Int, within limit: Double = 30) throws -> [Event] {
        try events(within: limit) { $0.position >= position }
    }

    /// Every event until the stream ends.
    ///
    /// - Throws: ``Late`` where it does not.
    func rest(within limit: Double) throws -> [Event] {
        let end = seconds() + limit
        var events: [Event] = []
        while true {
            switch try block(by: end) {
            case .event(let event): events.append(event)
            case .ping: continue
            case .end: return events
            }
        }
    }

    /// What comes next.
    ///
    /// - Throws: ``Late`` at this moment of ``seconds()``; half a block stays for the next call.
    func block(by end: Double) throws -> Block {
        while true {
            let line: String?
            do {
                line = try client.line(by: end)
            } catch  where client.isEnded {
                return .end
            }
            guard let line else { throw Late(description: "the stream says nothing more") }
            if !line.isEmpty {
                lines.append(line)
                continue
            }
            defer { lines = [] }
            return try block(of: lines)
        }
    }

    private func block(of lines: [String]) throws -> Block {
        if lines.count == 2, lines[0] == ": ping", let reached = Self.number(lines[1], "id: ") {
            guard reached >= position else { throw broken("after \(position)", lines) }
            position = reached
            return .ping
        }
        guard lines.count == 3, let at = Self.number(lines[0], "id: "),
            lines[1].hasPrefix("event: "), lines[2].hasPrefix("data: ")
        else { throw broken("no event", lines) }
        let event = Event(
            position: at, name: String(lines[1].dropFirst(7)), text: String(lines[2].dropFirst(6)))
        let document = event.document
        guard document["type"].string == event.name, document["position"].int == at else {
            throw broken("two minds", lines)
        }
        guard at > position || event.name == "reset" else {
            throw broken("after \(position)", lines)
        }
        position = at
        return .event(event)
    }

    private func broken(_ what: String, _ lines: [String]) -> Broken {
        Broken(description: "\(what): \(lines)")
    }

    // MARK: Ends

    /// Whether nothing was begun that has no end.
    var isWhole: Bool { lines.isEmpty }

    /// Opens it again after the last id, as often as it takes.
    func resume(by end: Double) throws {
        lines = []
        client = try eventually("a stream again", within: end - seconds()) {
            // A front that starts refuses connections, then requests; one that has not noticed yet counts this
            // stream twice.
            do {
                let next = try Client(bar)
                let (head, begin) = try Self.open(next, path, headers, position)
                guard begin.position == position else {
                    throw Broken(description: "\(begin.position) is not after \(position)")
                }
                (self.head, self.begin) = (head, begin)
                return next
            } catch is NoAnswer {
                return nil
            } catch let refused as Refused where [429, 503].contains(refused.answer.status) {
                return nil
            }
        }
        connections += 1
    }

    /// Says that nothing more will be sent, and goes on listening.
    func endSending() { client.endSending() }

    /// Ends in a reset, once nobody holds it any more.
    func breakOff() { client.breakOff() }
}

extension Bar {
    /// A stream of what comes after a position, or after what is in the log now.
    ///
    /// One that named no position would begin where the thread of the front is that takes it.
    func stream(_ headers: [String: String], after: Int? = nil) throws -> EventStream {
        try EventStream(self, headers, after: after ?? LogRows.head(data: data))
    }

    /// A stream, perhaps in the place of one that the front has not seen ending yet.
    func nextStream(_ headers: [String: String], after: Int? = nil) throws -> EventStream {
        try eventually("a place for a stream", within: 5) {
            do {
                return try stream(headers, after: after)
            } catch let refused as EventStream.Refused where refused.answer.status == 429 {
                return nil
            }
        }
    }

    var asHost: [String: String] {
        get throws { ["Authorization": "Bearer \(try door.host())"] }
    }

    /// What /metrics says under a name.
    func metric(_ name: String) throws -> Int {
        let line = try get("/metrics").text.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }
        guard let count = line.flatMap({ Int($0.dropFirst(name.count + 1)) }) else {
            throw Late(description: "/metrics says nothing of \(name)")
        }
        return count
    }

    /// Returns once the front counts so many streams.
    func untilStreams(_ count: Int, within limit: Double) throws {
        var last = 0
        do {
            try eventually("\(count) streams", within: limit) { () -> Bool? in
                last = try metric("barback_event_streams")
                return last == count ? true : nil
            }
        } catch let late as Late {
            throw Late(description: "\(late), but \(last)")
        }
    }

    /// Has the bar say a sentence, which everybody is told of; answers with the position.
    @discardableResult
    func announce(_ message: String) throws -> Int {
        let answer = try put(
            "/admin/bar", "{\"accepting_orders\":true,\"message\":\(quoted(message))}")
        guard answer.status == 200, let position = answer.position else {
            throw Late(description: "PUT /admin/bar: \(answer.status) \(answer.text)")
        }
        return position
    }
}

/// What the bar says after which a test stops listening.
let theLast = "That was the last one"

@Sendable func isTheLast(_ event: EventStream.Event) -> Bool {
    event.data["message"].string == theLast
}
