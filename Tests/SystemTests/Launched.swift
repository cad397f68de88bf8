import Foundation
import Glibc
import Synchronization

/// A process that a test has started: its output goes to files, its end is always waited for.
final class Launched: Sendable {
    let pid: Int32
    private let outputPath: String
    private let errorPath: String
    private let code = Mutex<Int32?>(nil)

    /// `.build/debug/barback` beside the test bundle, or $BARBACK_BIN.
    static let barback: String = {
        if let given = ProcessInfo.processInfo.environment["BARBACK_BIN"] { return given }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let beside = ((bundle ?? "") as NSString).deletingLastPathComponent + "/barback"
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        return root + "/.build/debug/barback"
    }()

    init(_ arguments: [String], program: String = barback, notes: String) throws {
        outputPath = notes + ".out"
        errorPath = notes + ".err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        // Flags given by the environment would make every test another one.
        var lines: [UnsafeMutablePointer<CChar>?] = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("BARBACK_") }.map { strdup("\($0.key)=\($0.value)") }
        lines.append(nil)
        defer { for line in lines { free(line) } }
        var pid: Int32 = 0
        let failure = posix_spawnp(&pid, program, &actions, nil, words, lines)
        guard failure == 0 else {
            throw Late(
                description: "\(program) does not start: \(String(cString: strerror(failure)))")
        }
        self.pid = pid
        Launched.everyone.withLock { _ = $0.insert(pid) }
        _ = Launched.cleanUp
    }

    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

    /// The exit code, 128 + N after signal N; nil while it runs.
    var exitCode: Int32? {
        code.withLock { code in
            if let code { return code }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            Launched.everyone.withLock { _ = $0.remove(pid) }
            code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
            return code
        }
    }

    func signal(_ number: Int32) { if exitCode == nil { kill(pid, number) } }

    func wait(within limit: Double = 10) throws -> Int32 {
        try eventually("the end of process \(pid)", within: limit) { exitCode }
    }

    /// Ends it whatever it does.
    func end() {
        signal(SIGKILL)
        _ = try? wait()
    }

    // Whoever is left when the tests end for whatever reason is ended with them.
    private static let everyone = Mutex<Set<Int32>>([])
    private static let cleanUp: Void = {
        atexit { for pid in Launched.everyone.withLock({ $0 }) { kill(pid, SIGKILL) } }
        return ()
    }()
}

/// What a subcommand that ends by itself said.
struct Said {
    let code: Int32
    let output: String
    let errors: String
    let seconds: Double
}

/// Runs `barback` with these words to its end.
func barback(_ words: String..., within limit: Double = 60) throws -> Said {
    try barback(words, within: limit)
}

func barback(_ words: [String], within limit: Double = 60) throws -> Said {
    let scratch = try Scratch()
    let began = seconds()
    let process = try Launched(words, notes: scratch("said"))
    defer { process.end() }
    let code = try process.wait(within: limit)
    return Said(
        code: code, output: process.output, errors: process.errors, seconds: seconds() - began)
}

/// A directory with a short name, since the paths of Unix sockets are; removed at the end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var name = Array("/tmp/bb-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Late(description: "no room for a directory") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}
