import Glibc
import System
import Testing

/// A directory of its own for one test, removed with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/barback-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemError("make", "a scratch directory", code: errno)
        }
        path = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    deinit {
        guard let pid = try? ChildProcess.spawn("/bin/rm", ["-rf", path]) else { return }
        _ = try? ChildProcess.wait(pid)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// Waits for a condition that another process brings about.
func eventually(
    withinMilliseconds limit: UInt64 = 5000, _ condition: () throws -> Bool
) throws -> Bool {
    let deadline = Clock.monotonicNanoseconds() + limit * 1_000_000
    while true {
        if try condition() { return true }
        if Clock.monotonicNanoseconds() > deadline { return false }
        sched_yield()
    }
}
