public import System

/// What a process is doing, as its supervisor sees it.
public enum ProcessState: String, Sendable {
    /// Running, and has not announced readiness yet.
    case starting
    case ready
    /// Not running: others must be ready first, or its back-off has not passed.
    case waiting
    /// Not running and not coming back.
    case stopped
}

/// One line of `run/processes`.
public struct ProcessRow: Equatable, Sendable {
    public var name: String
    /// 0 when it is not running.
    public var pid: Int32
    public var state: ProcessState
    /// How often it was started again.
    public var restarts: Int
    /// When it entered this state, UTC microseconds since 1970.
    public var since: Int64

    public init(name: String, pid: Int32, state: ProcessState, restarts: Int, since: Int64) {
        self.name = name
        self.pid = pid
        self.state = state
        self.restarts = restarts
        self.since = since
    }
}

/// The list of processes that a supervisor keeps in DATA/run/processes, itself first.
///
///     name TAB pid TAB starting|ready|waiting|stopped TAB restarts TAB since LF
public enum ProcessTable {
    /// The rows as last written; a process that has ended meanwhile is shown as stopped.
    ///
    /// Empty when nobody serves this directory and the last to do so stopped in order.
    public static func read(dataDirectory: String) throws(SystemError) -> [ProcessRow] {
        let path = path(dataDirectory)
        guard Files.exists(path) else { return [] }
        return decode(try Files.readAll(path, limit: 1 << 20)).map { row in
            guard row.pid != 0, !ChildProcess.isAlive(row.pid) else { return row }
            var ended = row
            ended.state = .stopped
            return ended
        }
    }

    /// The rows as the supervisor of this very process has written them; empty where there is none.
    ///
    /// For a process behind a wall, which may not look at others. It dies with its supervisor, so the rows are of now.
    public static func ofOwnSupervisor(dataDirectory: String) -> [ProcessRow] {
        let bytes = try? Files.readAll(path(dataDirectory), limit: 1 << 20)
        let rows = decode(bytes ?? [])
        return rows.first?.pid == ChildProcess.parentPid ? rows : []
    }

    static func path(_ dataDirectory: String) -> String { "\(dataDirectory)/run/processes" }

    static func encode(_ rows: [ProcessRow]) -> [UInt8] {
        var text = ""
        for row in rows {
            text += "\(row.name)\t\(row.pid)\t\(row.state.rawValue)"
            text += "\t\(row.restarts)\t\(row.since)\n"
        }
        return Array(text.utf8)
    }

    /// Lines that a later release wrote in another way are left out.
    static func decode(_ bytes: [UInt8]) -> [ProcessRow] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: "\t"))
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count >= 5, let pid = Int32(fields[1]),
                let state = ProcessState(rawValue: fields[2]), let restarts = Int(fields[3]),
                let since = Int64(fields[4])
            else { return nil }
            return ProcessRow(
                name: fields[0], pid: pid, state: state, restarts: restarts, since: since)
        }
    }
}
