internal import Glibc

/// One holder at a time, over all processes of the machine, until this is let go or its process ends.
///
/// The file holds the holder's process id in decimal and stays when the lock is let go: removing it
/// would let two processes lock two files of one name.
public final class FileLock: Sendable {
    private let file: FileDescriptor

    private init(_ file: consuming FileDescriptor) { self.file = file }

    /// Takes the lock at `path`, making the file (mode 0600) if it is missing.
    ///
    /// - Returns: nil when somebody else holds it; ``holder(_:)`` says who.
    public static func take(_ path: String) throws(SystemError) -> FileLock? {
        let raw = uninterrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard raw >= 0 else { throw .last("open", path) }
        let file = FileDescriptor(owning: raw)
        guard uninterrupted({ flock(raw, LOCK_EX | LOCK_NB) }) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw .last("lock", path)
        }
        guard ftruncate(raw, 0) == 0 else { throw .last("write", path) }
        do throws(SystemError) { try file.writeAll(Array("\(getpid())\n".utf8)) } catch {
            throw SystemError("write", path, code: error.code)
        }
        return FileLock(file)
    }

    /// The process that wrote its id into the lock file last, whether or not it still holds the lock.
    public static func holder(_ path: String) -> Int32? {
        guard let bytes = try? Files.readAll(path, limit: 32) else { return nil }
        let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
