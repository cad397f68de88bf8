internal import JSON
internal import System

extension Subcommand {
    private static let json = Flag("json", nil, "print one JSON object, for programs")

    static let doctor = Subcommand(
        "doctor", "looks at what the bar stands on, and says how to mend it",
        flags: [.data, .listen, json],
        details: """
            Libraries, kernel, clock, port, the data directory with its owner, modes and disk, the end of
            the log, the read models, and the processes. Each line is ok, warn (it works, and could work
            better) or bad, with what to do. Nothing is changed and nothing needs root; run it as the
            user who runs the bar. It works before the first start too.

              barback doctor --data /srv/bar
              barback doctor --json | jq -r '.findings[] | select(.state == "bad") | .mend'

            Exit codes: 0 nothing is bad, 1 something is.
            """
    ) { arguments in
        let data = arguments.dataDirectory
        let processes = (try? Subcommand.liveRows(data)) ?? []
        let findings =
            Examination.libraries + Examination.machine
            + [Examination.port(try arguments.listenAddress(), processes)]
            + Examination(dataDirectory: data, processes: processes).findings
        let isWell = !findings.contains { $0.state == .bad }
        if try arguments.isOn(json) {
            var json = JSONWriter(reserving: 4_096)
            json.object { json in
                json.member("well", isWell)
                json.member("data", data)
                json.name("findings")
                json.array { json in for finding in findings { finding.write(into: &json) } }
            }
            Standard.output(json.bytes + [0x0A])
        } else {
            Standard.output(findings.map(\.text).joined() + summary(findings))
        }
        return isWell ? .done : .no
    }

    private static func summary(_ findings: [Finding]) -> String {
        let bad = findings.count { $0.state == .bad }
        let warnings = findings.count { $0.state == .warn }
        let rest = warnings == 1 ? "1 warning" : "\(warnings) warnings"
        return bad == 0 ? "Nothing is bad; \(rest).\n" : "\(bad) bad, \(rest).\n"
    }
}
