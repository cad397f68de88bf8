internal import Domain

/// What one reactor has counted, for /metrics in the Prometheus text format.
struct Metrics {
    /// Answers by the first digit of their status: index 1 to 5.
    private var answers = [Int64](repeating: 0, count: 6)
    var commandsSent: Int64 = 0

    mutating func count(status: Int) {
        let digit = status / 100
        if answers.indices.contains(digit) { answers[digit] += 1 }
    }

    /// One line for each figure; `reactor` tells the threads of the front apart.
    func text(
        reactor: Int, connections: Int, models: [(name: String, position: Position)],
        commandsUnderWay: Int, waiting: Int
    ) -> String {
        let label = "reactor=\"\(reactor)\""
        var lines = ["# TYPE barback_http_answers_total counter"]
        for digit in 1...5 {
            lines.append(
                "barback_http_answers_total{\(label),class=\"\(digit)xx\"} \(answers[digit])")
        }
        lines += [
            "# TYPE barback_http_connections gauge",
            "barback_http_connections{\(label)} \(connections)",
            "# TYPE barback_commands_sent_total counter",
            "barback_commands_sent_total{\(label)} \(commandsSent)",
            "# TYPE barback_commands_under_way gauge",
            "barback_commands_under_way{\(label)} \(commandsUnderWay)",
            "# TYPE barback_requests_waiting gauge",
            "barback_requests_waiting{\(label)} \(waiting)",
            "# TYPE barback_model_position gauge",
        ]
        for model in models {
            lines.append(
                "barback_model_position{\(label),model=\"\(model.name)\"} \(model.position)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
