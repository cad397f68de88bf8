/// The log was put back from a backup, and what came after that is not in it any more.
///
/// Written right behind the backup's last event, so that the log itself says where it was cut.
public struct LogRestored: Equatable, Sendable {
    /// Where the backup ended.
    public let position: Position
    /// The tree hash over the events up to there, base64 as in signed checkpoints.
    public let root: String
    /// When the backup was made.
    public let madeAt: Time

    public init(position: Position, root: String, madeAt: Time) {
        self.position = position
        self.root = root
        self.madeAt = madeAt
    }
}
