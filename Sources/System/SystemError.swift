internal import Glibc

/// What we asked of the kernel, about what, and what it said.
///
/// `description` is one sentence without a full stop: "cannot open data/log.db: Permission denied".
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// A verb that reads well after "cannot": "open", "listen on".
    public let operation: String
    /// A path or a name; empty when there is none.
    public let subject: String
    /// The `errno` value.
    public let code: Int32
    /// Stands in for the kernel's own words where those would not say what to do.
    public let reason: String?

    public init(_ operation: String, _ subject: String, code: Int32, reason: String? = nil) {
        self.operation = operation
        self.subject = subject
        self.code = code
        self.reason = reason
    }

    /// Takes the code from `errno`, so it must be made before any other call.
    static func last(_ operation: String, _ subject: String = "") -> SystemError {
        SystemError(operation, subject, code: errno)
    }

    public var description: String {
        let what = subject.isEmpty ? operation : "\(operation) \(subject)"
        return "cannot \(what): \(reason ?? String(cString: strerror(code)))"
    }

    public var isMissing: Bool { code == ENOENT }
    public var isDenied: Bool { code == EACCES || code == EPERM }
    /// Nobody listens on the socket: the other process is not up (any more).
    public var isRefused: Bool { code == ECONNREFUSED || code == ENOENT }
    /// A file stands where a directory would have to be.
    public var isNotDirectory: Bool { code == ENOTDIR }
    public var isReadOnlyDisk: Bool { code == EROFS }
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}

/// Repeats a call for as long as a signal interrupts it.
@inline(__always)
func uninterrupted<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let value = call()
        if value != -1 || errno != EINTR { return value }
    }
}
