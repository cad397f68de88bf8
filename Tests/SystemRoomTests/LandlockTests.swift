import Glibc
import Synchronization
import System
import Testing

/// Landlock holds for one thread and its children, so each test shuts a thread of its own in.
@Suite("Landlock", .enabled(if: Landlock.abi > 0)) struct LandlockTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in ["models", "spool", "secrets"] {
            try Files.makeDirectory(scratch(name))
            try Files.writeAtomically([1], to: scratch("\(name)/file"))
        }
    }

    /// What `body` finds on a thread that may read models/ and write spool/.
    private func shutIn<Value: Sendable>(
        _ body: @escaping @Sendable (String) -> Value
    ) throws -> (coverage: Landlock.Coverage, found: Value) {
        let box = Box<(Landlock.Coverage, Value)>()
        try Thread.start("shut in", stackKilobytes: 1024) { [path = scratch.path] in
            let coverage = try? Landlock.restrict(
                read: ["\(path)/models", "\(path)/none"], readWrite: ["\(path)/spool"],
                denyConnect: true)
            if let coverage { box.content.withLock { $0 = (coverage, body(path)) } }
        }.join()
        return try #require(box.content.withLock { $0 })
    }

    @Test func `leaves the named paths and closes the others, for this thread only`() throws {
        let (coverage, found) = try shutIn { path in
            [
                Self.code { _ = try Files.readAll("\(path)/models/file") },
                Self.code { try Files.writeAtomically([2], to: "\(path)/spool/new") },
                Self.code { _ = try UnixSocket.listen("\(path)/spool/socket") },
                Self.code { try Files.remove("\(path)/spool/file") },
                Self.code { _ = try Files.readAll("\(path)/secrets/file") },
                Self.code { _ = try Files.list(path) },
                Self.code { try Files.writeAtomically([2], to: "\(path)/models/new") },
                Self.code { try Files.remove("\(path)/models/file") },
                Self.code { _ = try Files.readAll("/etc/passwd") },
            ]
        }
        #expect(found == [0, 0, 0, 0, EACCES, EACCES, EACCES, EACCES, EACCES])
        #expect(coverage.missing == [scratch("none")])
        #expect(coverage.isEnforced)
        #expect(coverage.abi == Landlock.abi)
        #expect(try Files.readAll(scratch("secrets/file")) == [1])
    }

    @Test func `refuses to execute anything`() throws {
        let (_, found) = try shutIn { _ in
            Self.code { _ = try ChildProcess.spawn("/bin/true", []) }
        }
        #expect(found == EACCES)
    }

    @Test(.enabled(if: Landlock.abi >= 3)) func `refuses to empty a file by its name`() throws {
        let (coverage, found) = try shutIn { path in
            [truncate("\(path)/models/file", 0), truncate("\(path)/spool/file", 0)]
        }
        #expect(coverage.coversTruncate)
        #expect(found == [-1, 0])
        #expect(Files.size(scratch("models/file")) == 1)
    }

    @Test(.enabled(if: Landlock.abi >= 4)) func `refuses outgoing connections`() throws {
        // Port 9 of this machine: nobody listens, so the kernel's own answer tells the two apart.
        let (coverage, found) = try shutIn { _ in Self.connectToLoopback() }
        #expect(coverage.coversConnect)
        #expect(found == EACCES)
        #expect(Self.connectToLoopback() == ECONNREFUSED)
    }

    private static func code(_ body: () throws -> Void) -> Int32 {
        do {
            try body()
            return 0
        } catch {
            return (error as? SystemError)?.code ?? -1
        }
    }

    private static func connectToLoopback() -> Int32 {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(raw) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 ? 0 : errno
            }
        }
    }
}

/// Carries an answer out of a thread.
private final class Box<Content: Sendable>: Sendable {
    let content = Mutex<Content?>(nil)
}
