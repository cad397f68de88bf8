internal import Audit
internal import Domain
internal import Supervisor
internal import System

extension Subcommand {
    private static let json = Flag("json", nil, "print one JSON object, for programs")

    static let status = Subcommand(
        "status", "shows the processes, the log and how far the read models are",
        flags: [.data, json],
        details: """
            The log is shown whether or not the bar runs. "behind" is the number of events a read model
            has not read yet, and the age of the first of them.

              barback status --data /srv/bar
              barback status --data /srv/bar --json | jq .log.position

            Exit codes: 0 barback serve runs on this data directory, 1 it does not.
            """
    ) { arguments in
        let data = arguments.dataDirectory
        let status = Status(
            dataDirectory: data, processes: try liveRows(data),
            condition: .look(
                dataDirectory: data, now: Time(microseconds: Clock.wallMicroseconds())),
            writer: .ask(dataDirectory: data), now: Clock.wallMicroseconds())
        if try arguments.isOn(json) {
            Standard.output(status.json + [0x0A])
        } else {
            Standard.output(status.text)
        }
        return status.isRunning ? .done : .no
    }

    /// After a power cut the table names processes of before, whose numbers others may have by now.
    static func liveRows(_ data: String) throws -> [ProcessRow] {
        try ProcessTable.read(dataDirectory: data).map { row in
            guard row.pid != 0, commandName(row.pid) != commandName(ChildProcess.ownPid) else {
                return row
            }
            var ended = row
            ended.state = .stopped
            return ended
        }
    }

    private static func commandName(_ pid: Int32) -> [UInt8]? {
        try? Files.readAll("/proc/\(pid)/comm", limit: 100)
    }
}

/// All that `barback status` shows, read once.
struct Status: Sendable {
    let dataDirectory: String
    let processes: [ProcessRow]
    let condition: BarCondition
    let writer: WriterHealth
    /// UTC microseconds since 1970.
    let now: Int64

    var isRunning: Bool {
        processes.contains { $0.name == "supervisor" && $0.state != .stopped }
    }
}
