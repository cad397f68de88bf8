internal import CLinux
internal import Glibc
internal import Synchronization

/// This process's standard streams.
public enum Standard {
    /// Writes to standard output, unbuffered and as it is: text from guests is made harmless by the caller.
    ///
    /// - Returns: false when nobody reads it any more (`barback log | head`): time to stop.
    @discardableResult
    public static func output(_ text: String) -> Bool { output(Array(text.utf8)) }

    /// Writes one line to standard error, so that nothing in it begins another or moves the reader's cursor.
    ///
    /// In one piece, so that lines of several processes do not mix.
    public static func log(_ line: String) { draw(escaped(line) + "\n") }

    /// Writes text of several lines to standard error; everything but its line breaks is made visible.
    public static func error(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        draw(lines.map { escaped(String($0)) }.joined(separator: "\n"))
    }

    /// Writes to standard error as it is: for what moves the cursor on purpose.
    public static func draw(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    @discardableResult
    public static func output(_ bytes: [UInt8]) -> Bool {
        if write(bytes, to: STDOUT_FILENO) { return true }
        let code = errno
        if code != EPIPE {
            failure.withLock { $0 = SystemError("write to", "standard output", code: code) }
        }
        return false
    }

    /// Why something could not be written to standard output; nil while all was, or nobody reads it.
    ///
    /// What was printed is cut short then, and whoever keeps it has to know.
    public static var outputFailure: SystemError? { failure.withLock { $0 } }

    private static let failure = Mutex<SystemError?>(nil)

    /// Points streams that this process was started without at /dev/null.
    ///
    /// The next file to be opened would get such a number, and what is said would be written into it.
    public static func openMissing() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // The lowest number that is free, so this one.
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Reads standard input to its end, for `--password-stdin`; at most `limit` bytes.
    public static func input(limit: Int = 65_536) throws(SystemError) -> [UInt8] {
        // A copy, as a descriptor that goes out of scope is closed.
        let raw = dup(STDIN_FILENO)
        guard raw >= 0 else { throw .last("read", "standard input") }
        let input = FileDescriptor(owning: raw)
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let transfer = try input.read(appendingTo: &bytes, limit: limit - bytes.count)
            guard case .bytes = transfer else { break }
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to stream: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                return uninterrupted { Glibc.write(stream, rest.baseAddress, rest.count) }
            }
            if count < 0, errno == EAGAIN {
                var entry = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
                continue
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// Whether somebody looks at a stream.
public enum Terminal {
    public static let standardInput: Int32 = 0
    public static let standardOutput: Int32 = 1
    public static let standardError: Int32 = 2

    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// How many columns it has now; nil where it does not say.
    public static func columns(_ descriptor: Int32) -> Int? {
        let columns = Int(linux_terminal_columns(descriptor))
        return columns > 0 ? columns : nil
    }
}
