/// Texts for people who ask what there is.
enum Help {
    static var overview: String {
        let width = Program.subcommands.map(\.name.count).max() ?? 0
        let rows = Program.subcommands.map { subcommand in
            "  \(padded(subcommand.name, width))   \(subcommand.summary)\n"
        }
        return """
            Barback runs a bar's menu and its orders from one event log.

            usage: barback SUBCOMMAND [FLAGS]

            \(rows.joined())
            To try it:          barback serve --demo
            More about one:     barback help serve
            The version:        barback --version

            Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 failure.

            """
    }

    static func text(of subcommand: Subcommand) -> String {
        let shapes = subcommand.flags.map(\.shape)
        let width = shapes.map(\.count).max() ?? 0
        var text = "barback \(subcommand.name): \(subcommand.summary)\n\n\(usage(of: subcommand))\n"
        for (flag, shape) in zip(subcommand.flags, shapes) {
            var lines = flag.help.split(separator: "\n").map(String.init)
            if let variable = flag.variable { lines.append("environment: \(variable)") }
            for (index, line) in lines.enumerated() {
                text += "  \(padded(index == 0 ? shape : "", width))   \(line)\n"
            }
        }
        return text + "\n\(subcommand.details)\n"
    }

    /// One line, or a few where it would be longer than 80 columns.
    static func usage(of subcommand: Subcommand) -> String {
        let start = "usage: barback \(subcommand.name)"
        var words = subcommand.operand.map { [$0] } ?? []
        words += subcommand.flags.map { "[\($0.shape)]" }
        var lines = [start]
        for word in words {
            let longer = "\(lines[lines.count - 1]) \(word)"
            if longer.count <= 80 {
                lines[lines.count - 1] = longer
            } else {
                lines.append(padded("", start.count) + " " + word)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
