public import Domain
internal import SQLite

/// How far somebody who follows the log has read it: a read model, or whoever acts on events.
///
/// The leaf hash of the last event read stands for one history of the log, as it covers position,
/// time, a random id and content.
public struct ConsumerCheckpoint: Equatable, Sendable {
    public let logID: UUID
    /// Of the last event read; `.start` before the first.
    public let position: Position
    /// The leaf hash of that event; empty at `.start`.
    public let leaf: [UInt8]

    public init(logID: UUID, position: Position, leaf: [UInt8]) {
        self.logID = logID
        self.position = position
        self.leaf = leaf
    }

    /// What a checkpoint is to a log.
    ///
    /// Only who stands on the log may go on. A read model that does not is built anew; who acts on
    /// the world stops and says so, as it has acted on events that this log does not have.
    public enum Standing: Equatable, Sendable {
        case onTheLog
        /// The log ends before: it was put back from a backup.
        case ahead(ofHead: Position)
        /// The log has another event here: it was put back from a backup and went on.
        case onAnotherHistory
        case onAnotherLog
    }
}

extension LogReader {
    /// Where a consumer's checkpoint stands, looked up in one event.
    public func standing(
        of checkpoint: ConsumerCheckpoint
    ) throws(LogError) -> ConsumerCheckpoint.Standing {
        let head = try head()
        guard checkpoint.logID == head.logID else { return .onAnotherLog }
        guard checkpoint.position <= head.position else { return .ahead(ofHead: head.position) }
        guard checkpoint.position > .start else { return .onTheLog }
        let leaf = try stored { () throws(SQLiteError) -> [UInt8]? in
            try self.leaf(at: checkpoint.position)
        }
        return leaf == checkpoint.leaf ? .onTheLog : .onAnotherHistory
    }
}
