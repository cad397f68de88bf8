internal import Audit
internal import Domain
internal import EventStore
internal import System

extension Subcommand {
    private static let after = Flag("after", "N", "begin after this position (default: 0)")
    private static let limit = Flag("limit", "N", "stop after so many events")
    private static let type = Flag("type", "T", "only events of this type, such as OrderPlaced")
    private static let stream = Flag(
        "stream", "S", "only events of this stream, such as order-ID or bar")
    private static let since = Flag(
        "since", "T",
        "recorded at this time or later: 2026-12-31T18:00:00Z, or with\n"
            + "an offset, 2026-12-31T19:00:00+01:00")
    private static let until = Flag("until", "T", "recorded at this time or before")
    private static let follow = Flag(
        "follow", nil, "go on printing what is written, until Ctrl-C or until nobody reads")
    private static let format = Flag(
        "format", "FORMAT",
        "text for people (default), jsonl: a JSON object a line, or\n"
            + "cloudevents: the same as CloudEvents 1.0")

    static let log = Subcommand(
        "log", "prints the events of the log, the oldest first",
        flags: [.data, after, limit, type, stream, since, until, follow, format],
        details: """
            Works beside a running bar and without one. In text, times are local and control characters
            are escaped; jsonl has every column of the event table but the leaf, times in UTC. In
            cloudevents the type is barback.OrderPlaced, dataschema names the schema in the catalogue,
            subject is the stream, and position, actor and the rest are extensions.

              barback log --type OrderPlaced --since 2026-12-31T18:00:00Z
              barback log --stream order-01a20ab1-b67e-7758-91ec-16719b823b67
              barback log --follow --format jsonl | jq -r .type
              barback log --format cloudevents --after 100 --limit 10

            Exit codes: 0 all was printed or nobody reads on, 3 the log cannot be read.
            """
    ) { arguments in
        let query = try query(arguments)
        let format =
            try arguments.value(format, "text, jsonl or cloudevents", LogFormat.init(rawValue:))
            ?? .text
        let follows = try arguments.isOn(follow)
        guard !follows || query.until == nil else {
            throw UsageError("--follow never ends, so it does not go with --until")
        }
        let data = arguments.dataDirectory
        let log = try LogReader(path: data + "/log.db")
        let head = try log.head()
        let walk = try LogWalk(query, in: log)
        let printer = LogPrinter(
            format, of: head.logID, positionWidth: max(6, head.position.description.count))
        let follower = follows ? try LogFollower(dataDirectory: data) : nil
        repeat {
            while let events = try walk.next() {
                // Nobody reads any more: `barback log | head` has what it wanted.
                guard try printer.print(events), follower?.isStopped() != true else { return .done }
            }
        } while try !walk.isFinished && follower?.wait() == true
        return .done
    }

    private static func query(_ arguments: Arguments) throws(UsageError) -> LogQuery {
        var query = LogQuery()
        query.after = Position(try arguments.number(after, in: 0...(.max)) ?? 0)
        query.limit = try arguments.number(limit, in: 0...(.max))
        query.stream = arguments.text(stream)
        query.since = try arguments.value(since, timeForm, Time.init(_:))
        query.until = try arguments.value(until, timeForm, Time.init(_:))
        let types = Catalogue.current.types
        query.type = try arguments.value(type, "one of \(types.joined(separator: ", "))") { type in
            types.contains(type) ? type : nil
        }
        return query
    }

    private static let timeForm = "a time such as 2026-12-31T18:00:00Z"
}

private enum LogFormat: String {
    case text, jsonl, cloudevents
}

/// Prints events in pieces of many lines, one write each.
private final class LogPrinter {
    private let format: LogFormat
    private let log: UUID
    private let positionWidth: Int
    private let output = FileDescriptor(owning: Terminal.standardOutput)

    private static let brokenPipe: Int32 = 32

    init(_ format: LogFormat, of log: UUID, positionWidth: Int) {
        self.format = format
        self.log = log
        self.positionWidth = positionWidth
    }

    /// False when nobody reads any more; a full disk is an error, or a copy would be taken for whole.
    func print(_ events: [Envelope]) throws(SystemError) -> Bool {
        let bytes =
            switch format {
            case .text: Array(events.map(line).joined().utf8)
            case .jsonl: events.flatMap(EventJSON.line)
            case .cloudevents: events.flatMap { CloudEvent.line(of: $0, in: log) }
            }
        do {
            try output.writeAll(bytes)
            return true
        } catch {
            guard error.code != Self.brokenPipe else { return false }
            throw SystemError("write", "standard output", code: error.code)
        }
    }

    private func line(_ event: Envelope) -> String {
        EventLine.text(
            of: event, positionWidth: positionWidth,
            utcOffsetSeconds: Clock.utcOffsetSeconds(
                atMicroseconds: event.recordedAt.microseconds))
    }
}
