import Glibc
import System
import Testing

@Suite("A Unix socket") struct UnixSocketTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `carries bytes both ways and tells who is there`() throws {
        let listener = try UnixSocket.listen(scratch("s"))
        #expect(Files.mode(scratch("s")) == 0o600)
        let before = try nobodyWaits(listener)
        #expect(before)

        let guest = try UnixSocket.connect(scratch("s"))
        try UnixSocket.setBuffers(guest, bytes: 1 << 20)
        guard let server = try UnixSocket.accept(listener) else {
            Issue.record("nobody came")
            return
        }
        let peer = try UnixSocket.peer(of: server)
        #expect(peer.pid == ChildProcess.ownPid)
        #expect(peer.uid == UnixSocket.ownUser)

        var buffer: [UInt8] = []
        #expect(try server.read(appendingTo: &buffer) == .wouldBlock)
        #expect(try guest.write(Array("one Mojito".utf8), from: 4) == .bytes(6))
        #expect(try server.read(appendingTo: &buffer) == .bytes(6))
        #expect(buffer == Array("Mojito".utf8))

        try server.writeAll([1, 2, 3])
        var fixed = [UInt8](repeating: 0, count: 8)
        #expect(try guest.read(into: &fixed, from: 2) == .bytes(3))
        #expect(fixed == [0, 0, 1, 2, 3, 0, 0, 0])
    }

    @Test func `that is full would block, and its end is no error`() throws {
        Signals.ignoreHarmless()
        let listener = try UnixSocket.listen(scratch("s"))
        let guest = try UnixSocket.connect(scratch("s"))
        var server = try UnixSocket.accept(listener)
        let page = [UInt8](repeating: 1, count: 65_536)
        var transfer = try guest.write(page)
        while transfer != .wouldBlock { transfer = try guest.write(page) }
        let takesMore = guest.waitUntilReady(reading: false, timeoutMilliseconds: 0)
        #expect(!takesMore)
        server.take()?.hangUp()
        #expect(try guest.write(page) == .ended)
    }

    @Test func `takes the place of a dead one`() throws {
        do { _ = try UnixSocket.listen(scratch("s")) }
        let error = #expect(throws: SystemError.self) { _ = try UnixSocket.connect(scratch("s")) }
        #expect(error?.isRefused == true)
        let listener = try UnixSocket.listen(scratch("s"))
        _ = try UnixSocket.connect(scratch("s"))
        let after = try nobodyWaits(listener)
        #expect(!after)
    }

    @Test func `does not take the place of a file`() throws {
        try Files.writeAtomically([1], to: scratch("s"))
        #expect(throws: SystemError.self) { _ = try UnixSocket.listen(scratch("s")) }
        #expect(try Files.readAll(scratch("s")) == [1])
    }

    @Test func `path may have 107 bytes, and the refusal of more says what to do`() throws {
        let room = UnixSocket.longestPath - scratch.path.utf8.count - 1
        let longest = scratch(String(repeating: "n", count: room))
        let listener = try UnixSocket.listen(longest)
        _ = try UnixSocket.connect(longest)
        let came = try !nobodyWaits(listener)
        #expect(came)
        let error = #expect(throws: SystemError.self) { _ = try UnixSocket.listen(longest + "n") }
        #expect(error?.description.hasSuffix("choose a shorter data directory") == true)
    }
}

/// Accepts a connection, and hangs up on whoever came.
private func nobodyWaits(_ listener: borrowing FileDescriptor) throws -> Bool {
    switch try UnixSocket.accept(listener) {
    case .none: true
    case .some: false
    }
}

extension FileDescriptor {
    fileprivate consuming func hangUp() {}
}

@Suite("An event loop") struct EventLoopTests {
    @Test func `names what is ready and forgets what is unwatched`() throws {
        let scratch = try Scratch()
        let loop = try EventLoop()
        let listener = try UnixSocket.listen(scratch("s"))
        try loop.watch(listener.raw, readable: true, token: 7)
        var ready: [Ready] = []
        try loop.wait(timeoutMilliseconds: 0, into: &ready)
        #expect(ready.isEmpty)

        let guest = try UnixSocket.connect(scratch("s"))
        try loop.watch(guest.raw, readable: true, writable: true, token: .max)
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        #expect(Set(ready.map(\.token)) == [7, .max])
        #expect(ready.first { $0.token == .max }?.writable == true)

        try loop.change(guest.raw, readable: true, writable: false, token: .max)
        try loop.unwatch(listener.raw)
        try loop.wait(timeoutMilliseconds: 0, into: &ready)
        #expect(ready.isEmpty)

        do { _ = try UnixSocket.accept(listener) }
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        #expect(ready.map(\.token) == [.max])
        #expect(ready.first?.hangup == true)
    }

    @Test func `tells once that there is room again, and that the other side has gone`() throws {
        let scratch = try Scratch()
        let loop = try EventLoop()
        let listener = try UnixSocket.listen(scratch("s"))
        let writer = try UnixSocket.connect(scratch("s"))
        guard let reader = try UnixSocket.accept(listener) else {
            Issue.record("nobody came")
            return
        }
        var ready: [Ready] = []
        try loop.watchEdges(writer.raw, token: 9)
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        try loop.wait(timeoutMilliseconds: 0, into: &ready)
        #expect(ready.isEmpty)

        let part = [UInt8](repeating: 1, count: 4_096)
        while try writer.write(part) != .wouldBlock {}
        try loop.wait(timeoutMilliseconds: 0, into: &ready)
        #expect(ready.isEmpty)
        var bytes: [UInt8] = []
        while try reader.read(appendingTo: &bytes) != .wouldBlock {}
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        #expect(ready.map(\.token) == [9])
        #expect(ready.first?.writable == true)
        #expect(ready.first?.hangup == false)

        shutdown(reader.raw, Int32(SHUT_RDWR))
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        #expect(ready.first?.hangup == true)
    }

    @Test func `is woken by another thread`() throws {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, readable: true, token: 1)
        let thread = try Thread.start("ringer") {
            wakeup.ring()
            wakeup.ring()
        }
        var ready: [Ready] = []
        try loop.wait(timeoutMilliseconds: 5000, into: &ready)
        #expect(ready.map(\.token) == [1])
        thread.join()
        #expect(wakeup.drain())
        #expect(!wakeup.drain())
    }
}
