public import Domain
internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// How far the log is, and its read models behind it.
public struct BarCondition: Sendable {
    public struct Log: Sendable {
        public let id: UUID
        public let position: Position
        /// When the last event was recorded; nil in an empty log.
        public let lastRecordedAt: Time?
        public let bytes: Int64
        /// Of the write-ahead log beside it.
        public let walBytes: Int64
    }

    public struct Model: Sendable {
        public let name: String
        /// Nil when it is not built, or cannot be read.
        public let position: Position?
        public let lagEvents: Int64
        /// How long ago the first event it has not read was recorded; 0 when it has read all.
        public let lagSeconds: Double
        /// Why there is no position.
        public let problem: String?
    }

    /// Nil where there is no log, or it cannot be read.
    public let log: Log?
    /// Why there is none.
    public let problem: String?
    public let models: [Model]

    /// Looks once; nothing is written.
    public static func look(dataDirectory: String, now: Time) -> BarCondition {
        let path = dataDirectory + "/log.db"
        do {
            let reader = try LogReader(path: path)
            // The models first: events that come meanwhile are lag, never a model ahead of its log.
            let positions = ReadModel.all.map { model in
                (model.name, Result { try position(of: model, dataDirectory) })
            }
            let head = try reader.head()
            let last = try reader.read(after: Position(head.position.number - 1), limit: 1).first
            let log = Log(
                id: head.logID, position: head.position, lastRecordedAt: last?.recordedAt,
                bytes: Int64(Files.size(path) ?? 0), walBytes: Int64(Files.size(path + "-wal") ?? 0)
            )
            let models = try positions.map { name, result in
                try condition(of: name, result, reader, head.position, now)
            }
            return BarCondition(log: log, problem: nil, models: models)
        } catch {
            return BarCondition(log: nil, problem: "\(error)", models: [])
        }
    }

    private static func condition(
        of name: String, _ result: Result<Position, any Error>, _ log: LogReader,
        _ head: Position, _ now: Time
    ) throws -> Model {
        switch result {
        case .failure(let error):
            return Model(
                name: name, position: nil, lagEvents: 0, lagSeconds: 0, problem: "\(error)")
        case .success(let position):
            let unread = try log.read(after: position, limit: 1).first
            let microseconds = unread.map { now.microseconds - $0.recordedAt.microseconds } ?? 0
            return Model(
                name: name, position: position, lagEvents: head.number - position.number,
                lagSeconds: Double(max(0, microseconds)) / 1_000_000, problem: nil)
        }
    }

    private static func position(of model: ReadModel, _ dataDirectory: String) throws -> Position {
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        guard Files.exists(files.pointer),
            let live = ModelFiles.generation(
                fromPointer: try Files.readAll(files.pointer, limit: 100))
        else { throw NotBuilt() }
        let connection = try Connection(path: files.path(generation: live), mode: .readOnly)
        return Position(try connection.integer("SELECT position FROM projection"))
    }
}

private struct NotBuilt: Error, CustomStringConvertible {
    var description: String { "not built yet" }
}
