internal import Domain
internal import Synchronization

/// What the front counts, for /metrics in the Prometheus text format.
///
/// Each reactor counts for itself and lays its counts down here now and then: one lock four times a
/// second in place of one a request.
final class Metrics: Sendable {
    struct Counts: Sendable {
        /// Answers by the first digit of their status: index 1 to 5.
        var answers = [Int64](repeating: 0, count: 6)
        var commandsSent: Int64 = 0
        var commandsUnderWay = 0
        var connections = 0
        var waiting = 0
        var eventStreams = 0
        /// Those whose clients did not read.
        var eventStreamsCut: Int64 = 0

        mutating func count(status: Int) {
            let digit = status / 100
            if answers.indices.contains(digit) { answers[digit] += 1 }
        }
    }

    private let counts: Mutex<[Counts]>

    init(reactors: Int) { counts = Mutex(Array(repeating: Counts(), count: reactors)) }

    func lay(_ counts: Counts, of reactor: Int) {
        self.counts.withLock { $0[reactor] = counts }
    }

    /// Of one of the counts, over all reactors.
    func sum(_ count: (Counts) -> Int64) -> Int64 {
        counts.withLock { $0.reduce(0) { $0 + count($1) } }
    }

    /// The sum over all reactors.
    func text(models: [(name: String, position: Position)]) -> String {
        let all = counts.withLock { $0 }
        var lines = ["# TYPE barback_http_answers_total counter"]
        for digit in 1...5 {
            let sum = all.reduce(0) { $0 + $1.answers[digit] }
            lines.append("barback_http_answers_total{class=\"\(digit)xx\"} \(sum)")
        }
        lines += [
            "# TYPE barback_commands_sent_total counter",
            "barback_commands_sent_total \(all.reduce(0) { $0 + $1.commandsSent })",
            "# TYPE barback_http_connections gauge",
            "barback_http_connections \(all.reduce(0) { $0 + $1.connections })",
            "# TYPE barback_commands_under_way gauge",
            "barback_commands_under_way \(all.reduce(0) { $0 + $1.commandsUnderWay })",
            "# TYPE barback_requests_waiting gauge",
            "barback_requests_waiting \(all.reduce(0) { $0 + $1.waiting })",
            "# TYPE barback_event_streams gauge",
            "barback_event_streams \(all.reduce(0) { $0 + $1.eventStreams })",
            "# TYPE barback_event_streams_cut_total counter",
            "barback_event_streams_cut_total \(all.reduce(0) { $0 + $1.eventStreamsCut })",
            "# TYPE barback_model_position gauge",
        ]
        for model in models {
            lines.append("barback_model_position{model=\"\(model.name)\"} \(model.position)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
