internal import CLinux
internal import Glibc

/// How a process ended.
public enum Exit: Equatable, Sendable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    public var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let number): "signal \(number) (\(String(cString: strsignal(number))))"
        }
    }
}

/// Other processes: starting, signalling, burying.
///
/// By posix_spawn only: after fork(2) in a threaded Swift process the child may wait for ever on a lock
/// whose holder was not copied.
public enum ChildProcess {
    /// This process's id.
    public static var ownPid: Int32 { getpid() }
    public static var parentPid: Int32 { getppid() }

    /// Starts a program with this process's environment, standard descriptors and directory.
    ///
    /// The child has every signal unblocked and at its default and no other descriptors. `arguments` leave out the
    /// program's own name. With `diesWithParent` the child learns this process's id (``Lifeline``), and only
    /// the main thread may spawn: the kernel counts the death of the spawning thread. With `ownGroup` a Ctrl-C
    /// in the terminal reaches this process alone, which can then stop its children in order. With a `conversation`
    /// the child's standard input and output are its other end.
    ///
    /// - Returns: The process id.
    public static func spawn(
        _ executable: String, _ arguments: [String], environment additions: [String: String] = [:],
        readiness: ReadinessPipe? = nil, conversation: Conversation? = nil,
        diesWithParent: Bool = true, ownGroup: Bool = true
    ) throws(SystemError) -> Int32 {
        var changes = additions
        if diesWithParent { changes[Lifeline.variable] = "\(getpid())" }
        if readiness != nil { changes[Readiness.variable] = "3" }
        // Meant for this process alone: a grandchild would take our parent for its own.
        var lines = Environment.all.filter { line in
            let name = String(line.prefix { $0 != "=" })
            return changes[name] == nil && name != Lifeline.variable && name != Readiness.variable
        }
        lines += changes.map { "\($0.key)=\($0.value)" }

        let name = executable.split(separator: "/").last.map(String.init) ?? executable
        var pid: Int32 = 0
        let code = withCStrings([name] + arguments) { arguments in
            withCStrings(lines) { environment in
                linux_spawn(
                    &pid, executable, arguments, environment, readiness?.writingEnd ?? -1,
                    conversation?.childsEnd ?? -1, ownGroup ? 1 : 0)
            }
        }
        // Only the child may hold the writing end now, so that its death is seen as the end of the pipe.
        readiness?.closeWritingEnd()
        conversation?.closeChildsEnd()
        guard code == 0 else { throw SystemError("start", executable, code: code) }
        return pid
    }

    /// Buries one child if it has ended; nil while it runs.
    public static func reap(_ pid: Int32) -> Exit? {
        var status: Int32 = 0
        guard uninterrupted({ waitpid(pid, &status, WNOHANG) }) == pid else { return nil }
        let code = linux_exit_code(status)
        return code >= 0 ? .code(code) : .signal(linux_exit_signal(status))
    }

    /// A descriptor for an event loop, readable once the process has ended (pidfd_open(2)).
    ///
    /// Unlike SIGCHLD it says which one, cannot merge with others, and leaves other threads' children alone.
    public static func watch(_ pid: Int32) throws(SystemError) -> FileDescriptor {
        let raw = linux_watch_process(pid)
        guard raw >= 0 else { throw .last("watch", "process \(pid)") }
        return FileDescriptor(owning: raw)
    }

    /// Waits for one child and buries it, for programs that have nothing else to do.
    public static func wait(_ pid: Int32) throws(SystemError) -> Exit {
        var status: Int32 = 0
        guard uninterrupted({ waitpid(pid, &status, 0) }) == pid else {
            throw .last("wait for", "process \(pid)")
        }
        let code = linux_exit_code(status)
        return code >= 0 ? .code(code) : .signal(linux_exit_signal(status))
    }

    /// Sends a signal.
    ///
    /// - Returns: false when there is no such process, or it is not ours to signal.
    @discardableResult
    public static func signal(_ pid: Int32, _ signal: Signal) -> Bool {
        precondition(pid > 1, "zero and below are groups, and 1 is not ours")
        return kill(pid, signal.rawValue) == 0
    }

    /// Whether a process exists and has not ended; one that waits for its burial has.
    public static func isAlive(_ pid: Int32) -> Bool {
        guard pid > 0, kill(pid, 0) == 0 || errno == EPERM else { return false }
        guard let bytes = try? Files.readAll("/proc/\(pid)/stat", limit: 4096) else { return false }
        // "PID (NAME) STATE ...", and a name may hold parentheses.
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")), close + 2 < bytes.count else {
            return false
        }
        return bytes[close + 2] != UInt8(ascii: "Z") && bytes[close + 2] != UInt8(ascii: "X")
    }

    /// The file this program was started from.
    public static func ownExecutable() throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { room in
            guard let base = room.baseAddress else { return -1 }
            return readlink("/proc/self/exe", base, room.count)
        }
        guard count > 0 else { throw .last("find", "this program's own file") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Ends this process at once.
    ///
    /// Without what libraries do at the exit: OpenSSL would take its digests from a thread that still hashes.
    public static func exit(_ code: Int32) -> Never { _exit(code) }

    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
            return body(base)
        }
    }
}
