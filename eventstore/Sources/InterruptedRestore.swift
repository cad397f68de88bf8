/// A restore that was killed while it changed one bar for another: some of each stands in place.
public enum InterruptedRestore {
    /// The folder in a data directory that is there until all of the new bar is in its place.
    ///
    /// Nobody may write beside it: a log of one bar could meet the key of another.
    public static let folder = "restored"
}
