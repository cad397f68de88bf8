import Glibc
import System
import Testing

@Suite("A file") struct FileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `is replaced whole and leaves no temporary file behind`() throws {
        try Files.writeAtomically(Array("old, and longer".utf8), to: scratch("a"))
        try Files.writeAtomically(Array("new".utf8), to: scratch("a"), mode: 0o640)
        #expect(try Files.readAll(scratch("a")) == Array("new".utf8))
        #expect(Files.mode(scratch("a")) == 0o640)
        #expect(try Files.list(scratch.path) == ["a"])
    }

    @Test func `has another stamp each time it is replaced, though an old inode comes back`() throws
    {
        func replace() throws -> (Files.Stamp, Files.Identity) {
            try Files.writeAtomically([1, 2, 3], to: scratch("a"), durable: false)
            return (
                try #require(Files.stamp(scratch("a"))), try #require(Files.identity(scratch("a")))
            )
        }
        let first = try replace()
        #expect(Files.stamp(scratch("a")) == first.0)
        // The kernel's clock of files moves every few milliseconds.
        let later = Clock.monotonicNanoseconds() + 20_000_000
        var next = try replace()
        while Clock.monotonicNanoseconds() < later || next.1 != first.1 {
            next = try replace()
            guard Clock.monotonicNanoseconds() < later + 500_000_000 else { break }
        }
        #expect(next.0 != first.0)
        #expect(Files.stamp(scratch("none")) == nil)
    }

    @Test func `that cannot be replaced leaves no temporary file behind`() throws {
        try Files.makeDirectory(scratch("taken/inside"))
        #expect(throws: SystemError.self) {
            try Files.writeAtomically([1], to: scratch("taken"))
        }
        #expect(try Files.list(scratch.path) == ["taken"])
    }

    @Test func `over the limit is refused`() throws {
        try Files.writeAtomically([UInt8](repeating: 7, count: 100), to: scratch("a"))
        #expect(try Files.readAll(scratch("a"), limit: 100).count == 100)
        #expect(throws: SystemError.self) { try Files.readAll(scratch("a"), limit: 99) }
    }

    @Test func `that is missing is named in the sentence`() throws {
        let error = #expect(throws: SystemError.self) { try Files.readAll(scratch("none")) }
        #expect(error?.isMissing == true)
        #expect(
            error?.description == "cannot open \(scratch("none")): No such file or directory")
        #expect(try Files.remove(scratch("none")) == false)
        #expect(Files.size(scratch("none")) == nil)
    }

    @Test func `has the directories above it made privately`() throws {
        try Files.makeDirectory(scratch("a/b/c"))
        try Files.makeDirectory(scratch("a/b/c/"))
        #expect(Files.isDirectory(scratch("a/b/c")))
        #expect(Files.mode(scratch("a/b")) == 0o700)
        #expect(Files.parent(of: "/a") == "/")
        #expect(Files.parent(of: "a") == ".")
        #expect(Files.parent(of: "/a/b/") == "/a")
    }

    @Test func `lock has one holder, who is named`() throws {
        var first = try FileLock.take(scratch("lock"))
        #expect(first != nil)
        #expect(try FileLock.take(scratch("lock")) == nil)
        #expect(FileLock.holder(scratch("lock")) == ChildProcess.ownPid)
        first = nil
        #expect(try FileLock.take(scratch("lock")) != nil)
    }

    @Test func `is found in a directory by whatever name`() throws {
        try Files.makeDirectory(scratch("bar/media"))
        #expect(symlink("bar/media", scratch("link")) == 0)
        for inside in ["bar", "bar/new", "bar/media/a/b", "link", "link/new", "link/../new"] {
            #expect(Files.leads(scratch(inside), into: scratch("bar")), "\(inside)")
        }
        for outside in ["barn", "bar/../new", "new/bar", "."] {
            #expect(!Files.leads(scratch(outside), into: scratch("bar")), "\(outside)")
        }
        #expect(!Files.leads(scratch("new"), into: scratch("nowhere")))
    }

    @Test func `is told from a link to it and from what is mounted`() throws {
        #expect(symlink("/proc", scratch("link")) == 0)
        #expect(Files.isLink(scratch("link")))
        #expect(!Files.isLink(scratch.path))
        #expect(Files.isMountPoint("/proc"))
        for path in ["link", ".", "none"] { #expect(!Files.isMountPoint(scratch(path))) }
    }
}
