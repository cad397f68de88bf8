internal import CLinux
internal import Glibc

/// What the kernel lets this process use.
public enum Limits {
    /// The most descriptors that the administrator allows this process to open.
    public static func mostOpenFiles() throws(SystemError) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .last("ask", "the limit of open files")
        }
        return Int(clamping: limit.rlim_max)
    }

    /// Raises the number of descriptors this process may open to what the administrator allows.
    ///
    /// - Returns: The limit now in force.
    @discardableResult
    public static func raiseOpenFiles() throws(SystemError) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .last("ask", "the limit of open files")
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .last("raise", "the limit of open files")
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Lets others go first where the processor is short (nice 10): work that somebody waits for, but not each guest.
    public static func lowPriority() throws(SystemError) {
        guard linux_low_priority() == 0 else { throw .last("lower", "this thread's priority") }
    }

    /// Has the calling thread run only when no other wants the processor (nice 19 and SCHED_IDLE).
    public static func idlePriority() throws(SystemError) {
        guard linux_idle_priority() == 0 else { throw .last("lower", "this thread's priority") }
    }
}
