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

        public var description: String {
            switch self {
            case .notBuilt(let name):
                "there is no read model \(name) yet; start barback there once"
            case .aheadOfLog(let name, let position, let head):
                "the read model \(name) is at position \(position) and the log ends at \(head): "
                    + "it belongs to another history; barback serve will build it anew"
            }
        }
    }

    /// Replays into a scratch file, gone afterwards; the live model is only read, at one moment.
    ///
    /// `goesOn` is asked between pages, and `progress` told.
    public static func run(
        _ model: ReadModel, dataDirectory: String,
        progress: (_ done: Int64, _ all: Int64) -> Void, goesOn: () -> Bool
    ) throws -> RebuildCheck {
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        let log = try LogReader(path: dataDirectory + "/log.db")
        guard Files.exists(files.pointer),
            let generation = ModelFiles.generation(
                fromPointer: try Files.readAll(files.pointer, limit: 100))
        else { throw Failure.notBuilt(model.name) }
        let (position, live) = try LiveContent.read(files.path(generation: generation))
        let head = try log.head().position
        guard position <= head else { throw Failure.aheadOfLog(model.name, position, head) }
        // Where this process is killed, the projector's next start removes it.
        let scratch = files.check(by: ChildProcess.ownPid)
        defer { _ = try? Files.remove(scratch) }
        let projection = try Replay.replay(
            model, at: position, from: log, into: scratch, progress, goesOn)
        return RebuildCheck(
            position: position, live: live, replayed: try projection.contentDigest())
    }
}
