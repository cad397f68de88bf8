internal import Crypto
public import Domain
internal import EventStore
public import ReadModels
internal import SQLite
internal import System

/// A live read model beside the same one replayed from the log: what `barback rebuild --check` compares.
public struct RebuildCheck: Equatable, Sendable {
    /// Where the live model stood, and how far the log was replayed.
    public let position: Position
    /// SHA-256 over the content, see ``Projection/contentDigest()``; hexadecimal.
    public let live: String
    public let replayed: String

    public var isEqual: Bool { live == replayed }

    public enum Failure: Error, CustomStringConvertible {
        case notBuilt(String)
        case aheadOfLog(String, Position, Position)
        case stopped

        public var description: String {
            switch self {
            case .notBuilt(let name):
                "there is no read model \(name) yet; start barback there once"
            case .aheadOfLog(let name, let position, let head):
                "the read model \(name) is at position \(position) and the log ends at \(head): "
                    + "it belongs to another history; barback serve will build it anew"
            case .stopped: "stopped before the end"
            }
        }
    }

    /// Replays into a scratch file, gone afterwards; the live model is only read, at one moment.
    ///
    /// `goOn` is asked between pages.
    public static func run(
        _ model: ReadModel, dataDirectory: String, goOn: () -> Bool
    ) throws -> RebuildCheck {
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        let log = try LogReader(path: dataDirectory + "/log.db")
        let (position, live) = try content(of: files)
        let head = try log.head().position
        guard position <= head else { throw Failure.aheadOfLog(model.name, position, head) }
        // Not named like a generation, so that nobody takes it for one.
        let scratch = "\(files.directory)/\(model.name).check-\(ChildProcess.ownPid).db"
        defer {
            for ending in ["", "-wal", "-shm"] { _ = try? Files.remove(scratch + ending) }
        }
        let projection = try Projection(model, path: scratch, log: log)
        while try projection.applyPage(upTo: position) > 0 {
            guard goOn() else { throw Failure.stopped }
            try projection.copyWriteAheadLog(idle: false)
        }
        return RebuildCheck(
            position: position, live: live, replayed: try projection.contentDigest())
    }

    private static func content(of files: ModelFiles) throws -> (Position, String) {
        guard Files.exists(files.pointer),
            let live = ModelFiles.generation(
                fromPointer: try Files.readAll(files.pointer, limit: 100))
        else { throw Failure.notBuilt(files.name) }
        let connection = try Connection(path: files.path(generation: live), mode: .readOnly)
        return try connection.snapshot(first: { () throws(SQLiteError) in
            Position(try connection.integer("SELECT position FROM projection"))
        }) { position throws(SQLiteError) in
            (position, try ContentDigest.of(connection).hex)
        }
    }
}
