import System
import Testing

@Suite("A bell") struct BellTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `is heard once for many rings`() throws {
        let bell = try Bell.Ringer(scratch("log.bell"))
        let listener = try Bell.Listener(directory: scratch.path, names: ["log.bell"])
        #expect(try listener.drain().isEmpty)
        for _ in 1...100 { #expect(bell.ring()) }
        #expect(listener.wait(timeoutMilliseconds: 5000))
        #expect(try listener.drain().names == ["log.bell"])
        #expect(try listener.drain().isEmpty)
        #expect(!listener.wait(timeoutMilliseconds: 0))
    }

    @Test func `of another name does not wake a listener`() throws {
        let listener = try Bell.Listener(directory: scratch.path, names: ["log.bell"])
        let menu = try Bell.Ringer(scratch("menu.bell"))
        menu.ring()
        #expect(!listener.wait(timeoutMilliseconds: 0))
        try Bell.Ringer(scratch("log.bell")).ring()
        #expect(listener.wait(timeoutMilliseconds: 5000))
    }

    @Test func `of any name is heard by a listener on the directory`() throws {
        let listener = try Bell.Listener(directory: scratch.path)
        try Bell.Ringer(scratch("a.bell")).ring()
        try Bell.Ringer(scratch("b.bell")).ring()
        #expect(try listener.drain().names == ["a.bell", "b.bell"])
    }

    @Test func `that ran over says so`() throws {
        let bells = [try Bell.Ringer(scratch("a.bell")), try Bell.Ringer(scratch("b.bell"))]
        let listener = try Bell.Listener(directory: scratch.path)
        // In turns, as the kernel merges two equal neighbours; its queue holds 16,384 unless set otherwise.
        for _ in 1...20_000 { for bell in bells { bell.ring() } }
        let heard = try listener.drain()
        #expect(heard.everything)
        #expect(heard.contains("never rung"))
    }

    @Test func `that was removed makes its listener look at everything`() throws {
        let listener = try Bell.Listener(directory: scratch.path, names: ["log.bell"])
        try Files.remove(scratch("log.bell"))
        #expect(try listener.drain().everything)
    }

    @Test func `is private to its owner`() throws {
        _ = try Bell.Ringer(scratch("log.bell"))
        #expect(Files.mode(scratch("log.bell")) == 0o600)
    }
}
