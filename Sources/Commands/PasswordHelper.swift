internal import Crypto
internal import System

/// The process `barback passwords`: hashes what the commands process hands it, one after the other.
///
/// A hash takes a quarter of a second and 32 MiB, which the writer has not; so it is made here, after whoever else
/// wants the processor. Not only when nobody does: on a machine that is busy with something else all evening no host
/// would get in.
public enum PasswordHelper {
    /// Answers each frame on standard input with a hash on standard output, until the input ends.
    ///
    /// - Throws: ``SystemError``; a frame that is cut or wrong is one, as only a mistake of ours makes it.
    public static func run() throws {
        guard !Terminal.isTerminal(Terminal.standardInput) else {
            throw SystemError(
                "hash", "passwords", code: 25,
                reason: "this helper is started by barback commands alone; use barback commands")
        }
        try ProcessMemory.keepSecret()
        try Limits.lowPriority()
        let input = FileDescriptor(owning: 0)
        let output = FileDescriptor(owning: 1)
        var frame = [UInt8](repeating: 0, count: PasswordFrame.count)
        while try input.fill(&frame) {
            guard var hash = PasswordFrame.hash(frame) else { throw cut }
            wipe(&frame)
            try output.writeAll(hash)
            wipe(&hash)
        }
    }

    fileprivate static let cut = SystemError(
        "read", "a password", code: 22, reason: "the request is not one of this release's")
}

extension FileDescriptor {
    /// Reads until the buffer is full; false at the end of the input.
    fileprivate borrowing func fill(_ buffer: inout [UInt8]) throws(SystemError) -> Bool {
        var done = 0
        while done < buffer.count {
            guard case .bytes(let count) = try read(into: &buffer, from: done) else {
                guard done == 0 else { throw PasswordHelper.cut }
                return false
            }
            done += count
        }
        return true
    }
}
