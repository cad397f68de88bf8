internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import Supervisor
internal import System
internal import Wire

// How the bar is. The front may not open the log, so its writer is asked for that part; the rest is here, and is
// told also while the writer is away.
extension Reactor {
    func showStatus(_ asker: Asker, _ ticket: Ticket) -> Outcome {
        // The models first: events that come meanwhile are lag, never a model ahead of its log.
        let models = Source.allCases.map { source in
            (source.name, hasModel(source) ? position(of: source) : nil)
        }
        var body = JSONWriter()
        body.object { json in
            json.name("after")
            json.array { json in for model in models { json.integer(model.1?.number ?? 0) } }
        }
        let question = CommandRequest(
            route: .describeLog, credential: asker.token.map(Credential.token) ?? .none,
            apiKey: asker.key.id, body: body.bytes)
        var isAnswered = false
        let answer: (CommandOutcome?) -> Void = { [unowned self] outcome in
            guard !isAnswered else { return }
            isAnswered = true
            resume(ticket, status(models, outcome))
        }
        guard link.send(question, done: answer) == nil else {
            return .now(counted(status(models, writer: .absent, nil)))
        }
        // A change waits longer for a writer that stands still; this is asked to find out.
        let due = Clock.monotonicNanoseconds() + Self.statusPatience
        postponed.append(Postponed(due: due) { answer(nil) })
        return .later
    }

    private static let statusPatience: UInt64 = 1_000_000_000

    private func status(
        _ models: [(name: String, position: Position?)], _ outcome: CommandOutcome?
    ) -> Response {
        switch outcome {
        case nil: return status(models, writer: .silent, nil)
        case .accepted(let accepted):
            let told = LogDescription(accepted.document)
            return status(models, writer: told == nil ? .silent : .writing, told)
        case .logDamaged(let position): return status(models, writer: .stopped(at: position), nil)
        case .some(let other):
            return Problem(other)?.response ?? status(models, writer: .silent, nil)
        }
    }

    private func status(
        _ models: [(name: String, position: Position?)], writer: StatusDocument.Writer,
        _ told: LogDescription?
    ) -> Response {
        let now = Clock.wallMicroseconds()
        var document = StatusDocument(writer: writer)
        let rows = ProcessTable.ofOwnSupervisor(dataDirectory: settings.dataDirectory)
        document.processes = rows.map {
            StatusDocument.Process(
                name: $0.name, pid: $0.pid, state: $0.state.rawValue, restarts: $0.restarts,
                since: Time(microseconds: $0.since))
        }
        document.log = told?.log
        if told == nil { document.problem = "its writer does not say" }
        document.models = models.enumerated().map { index, model in
            let lag = model.position.flatMap { told?.lag(of: index, at: $0, now) }
            return StatusDocument.Model(
                name: model.name, position: model.position, lagEvents: lag?.events,
                lagSeconds: lag?.seconds, problem: model.position == nil ? "cannot be read" : nil)
        }
        var json = JSONWriter(reserving: 2_048)
        json.object { json in
            json.member("version", settings.version)
            let start = rows.first { $0.name == "supervisor" }?.since
            json.member("started_at", orNull: start.map { Time(microseconds: $0).description })
            json.member("uptime_seconds", orNull: start.map { max(0, now - $0) / 1_000_000 })
            document.write(into: &json)
            layDownCounts()
            json.member("event_streams", metrics.sum { Int64($0.eventStreams) })
            json.member("connections", metrics.sum { Int64($0.connections) })
        }
        return Response(
            status: 200, headers: [("Content-Type", jsonType), ("Cache-Control", "no-store")],
            body: data(json.bytes))
    }
}

/// What the writer says of its log.
private struct LogDescription {
    let log: StatusDocument.Log
    /// When the first event after each asked position was recorded; nil where there is none.
    private let unreadSince: [Time?]

    init?(_ document: [UInt8]) {
        guard let object = try? JSONValue(parsing: document).object,
            let id = object["id"]?.string.flatMap({ UUID($0) }),
            let position = object["position"]?.integer, let bytes = object["bytes"]?.integer,
            let walBytes = object["wal_bytes"]?.integer,
            let unread = object["unread_since"]?.array
        else { return nil }
        log = StatusDocument.Log(
            id: id, position: Position(position),
            lastRecordedAt: object["last_recorded_at"]?.string.flatMap { Time($0) },
            bytes: bytes, walBytes: walBytes)
        unreadSince = unread.map { $0.string.flatMap { Time($0) } }
    }

    func lag(of index: Int, at position: Position, _ now: Int64) -> (events: Int64, seconds: Double)
    {
        let since = unreadSince.indices.contains(index) ? unreadSince[index] : nil
        let microseconds = since.map { max(0, now - $0.microseconds) } ?? 0
        return (
            max(0, log.position.number - position.number), Double(microseconds) / 1_000_000
        )
    }
}
