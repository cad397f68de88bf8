public import Domain
public import JSON

/// How the bar is, for `barback status --json` and GET /admin/status: one shape, whoever answers.
///
/// Sizes are in bytes, times in UTC; null stands for what is not known.
public struct StatusDocument: Sendable {
    public struct Process: Sendable {
        public var name: String
        /// 0 when it is not running.
        public var pid: Int32
        public var state: String
        /// How often it was started again.
        public var restarts: Int
        /// When it entered this state.
        public var since: Time
        /// Bytes; nil where it does not run, and for whoever may not look.
        public var resident: Int?
        /// Of these, what no other process has too.
        public var exclusive: Int?

        public init(name: String, pid: Int32, state: String, restarts: Int, since: Time) {
            self.name = name
            self.pid = pid
            self.state = state
            self.restarts = restarts
            self.since = since
        }
    }

    public struct Log: Sendable {
        public var id: UUID
        public var position: Position
        /// Nil in an empty log.
        public var lastRecordedAt: Time?
        public var bytes: Int64
        /// Of the write-ahead log beside it.
        public var walBytes: Int64

        public init(
            id: UUID, position: Position, lastRecordedAt: Time?, bytes: Int64, walBytes: Int64
        ) {
            self.id = id
            self.position = position
            self.lastRecordedAt = lastRecordedAt
            self.bytes = bytes
            self.walBytes = walBytes
        }
    }

    public enum Writer: Sendable {
        case writing
        /// It found the log damaged here, and writes no more.
        case stopped(at: Position)
        /// It listens, and does not answer.
        case silent
        /// Nobody listens.
        case absent

        fileprivate var word: String {
            switch self {
            case .writing: "writing"
            case .stopped: "stopped"
            case .silent: "silent"
            case .absent: "absent"
            }
        }
    }

    public struct Model: Sendable {
        public var name: String
        /// Nil when it is not built, or cannot be read.
        public var position: Position?
        /// Events it has not read; nil where nobody says where the log ends.
        public var lagEvents: Int64?
        /// How long ago the first of them was recorded; 0 when it has read all.
        public var lagSeconds: Double?
        /// Why there is no position.
        public var problem: String?

        public init(
            name: String, position: Position?, lagEvents: Int64?, lagSeconds: Double?,
            problem: String?
        ) {
            self.name = name
            self.position = position
            self.lagEvents = lagEvents
            self.lagSeconds = lagSeconds
            self.problem = problem
        }
    }

    public var processes: [Process] = []
    public var log: Log?
    /// Why there is none.
    public var problem: String?
    public var writer: Writer
    public var models: [Model] = []

    public init(writer: Writer) { self.writer = writer }

    /// Writes the members `processes`, `log` and `models` into an object.
    public func write(into json: inout JSONWriter) {
        json.name("processes")
        json.array { json in
            for process in processes { json.object { write(process, into: &$0) } }
        }
        json.name("log")
        json.object { writeLog(into: &$0) }
        json.name("models")
        json.array { json in
            for model in models { json.object { write(model, into: &$0) } }
        }
    }

    private func write(_ process: Process, into json: inout JSONWriter) {
        json.member("name", process.name)
        json.member("pid", orNull: process.pid == 0 ? nil : Int64(process.pid))
        json.member("state", process.state)
        json.member("restarts", Int64(process.restarts))
        json.member("since", process.since.description)
        json.member("resident_bytes", orNull: process.resident.map { Int64($0) })
        json.member("exclusive_bytes", orNull: process.exclusive.map { Int64($0) })
    }

    private func writeLog(into json: inout JSONWriter) {
        if let log {
            json.member("id", log.id.description)
            json.member("position", log.position.number)
            json.member("last_recorded_at", orNull: log.lastRecordedAt?.description)
            json.member("bytes", log.bytes)
            json.member("wal_bytes", log.walBytes)
        }
        json.member("problem", orNull: problem)
        json.member("writer", writer.word)
        var damagedAt: Int64?
        if case .stopped(let position) = writer { damagedAt = position.number }
        json.member("damaged_at", orNull: damagedAt)
    }

    private func write(_ model: Model, into json: inout JSONWriter) {
        json.member("name", model.name)
        json.member("position", orNull: model.position?.number)
        json.member("lag_events", orNull: model.lagEvents)
        json.member("lag_seconds", orNull: model.lagSeconds)
        json.member("problem", orNull: model.problem)
    }
}
