public import Domain
public import EventStore
public import ReadModels

/// A read model as it stood at some position, in a file of its own.
public enum Replay {
    /// Builds it with the projector's own code; whole and closed afterwards, and the caller's to remove.
    ///
    /// `goesOn` is asked between pages, and `progress` told.
    /// - Throws: ``RebuildStopped``, ``Projection/Failure``.
    public static func build(
        _ model: ReadModel, at position: Position, from log: LogReader, into path: String,
        progress: (_ done: Int64, _ all: Int64) -> Void, goesOn: () -> Bool
    ) throws {
        try replay(model, at: position, from: log, into: path, progress, goesOn).finish()
    }

    static func replay(
        _ model: ReadModel, at position: Position, from log: LogReader, into path: String,
        _ progress: (_ done: Int64, _ all: Int64) -> Void, _ goesOn: () -> Bool
    ) throws -> Projection {
        let projection = try Projection(model, path: path, log: log, care: .disposable)
        while try projection.applyPage(limit: Projection.largePage, upTo: position) > 0 {
            guard goesOn() else { throw RebuildStopped() }
            progress(projection.position.number, position.number)
        }
        return projection
    }
}
