/// Whoever follows a rebuild: hears how far it is, and may stop it between two pages.
struct RebuildWatch {
    let progress: (_ done: Int64, _ all: Int64) -> Void
    let goesOn: () -> Bool

    static var nobody: RebuildWatch { RebuildWatch(progress: { _, _ in }, goesOn: { true }) }
}

/// Stopped by a signal; nothing has changed.
public struct RebuildStopped: Error, CustomStringConvertible {
    public var description: String { "stopped before the end; the live read model is as it was" }
}
