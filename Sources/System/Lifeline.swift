internal import CLinux
internal import Glibc

/// Ties a process's life to its parent's, so that kill -9 of the supervisor leaves no orphans.
public enum Lifeline {
    /// The environment variable in which a parent tells a child its process id.
    public static let variable = "BARBACK_SUPERVISOR"

    /// Does what the parent asked for by the environment; nothing in a process started by hand.
    ///
    /// Call it first of all, on the main thread.
    public static func follow() throws(SystemError) {
        guard let parent = Environment.value(variable).flatMap({ Int32($0) }) else { return }
        try dieWithParent(expectedParent: parent)
    }

    /// Has the kernel kill this process (SIGKILL) when the thread that spawned it ends.
    ///
    /// Exits with 1 if the parent is another already. Source: prctl(2), PR_SET_PDEATHSIG.
    public static func dieWithParent(expectedParent: Int32) throws(SystemError) {
        guard linux_die_with_parent(SIGKILL) == 0 else {
            throw .last("tie this process to", "its parent")
        }
        // Asked after, not before: a parent that died in between would never be noticed.
        if getppid() != expectedParent { _exit(1) }
    }
}
