import Testing

@testable import System

@Suite("An outbox") struct OutboxTests {
    @Test func `keeps its order and forgets what was taken, also by a reader who is always behind`()
        throws
    {
        Signals.ignoreHarmless()
        let scratch = try Scratch()
        let listener = try UnixSocket.listen(scratch("s"))
        let here = try UnixSocket.connect(scratch("s"))
        guard let there = try UnixSocket.accept(listener) else {
            Issue.record("nobody came")
            return
        }
        var outbox = Outbox()
        var sent: UInt8 = 0
        var awaited: UInt8 = 0
        var most = 0
        func add(_ count: Int, to outbox: inout Outbox) {
            outbox.append { bytes in
                for _ in 0..<count {
                    bytes.append(sent)
                    sent = sent == 250 ? 0 : sent + 1
                }
            }
        }
        add(1 << 20, to: &outbox)
        for _ in 0..<200 {
            add(1 << 16, to: &outbox)
            #expect(try outbox.flush(to: here))
            #expect(!outbox.isEmpty)
            var taken: [UInt8] = []
            while taken.count < 1 << 16 {
                guard
                    case .bytes = try there.read(
                        appendingTo: &taken, limit: 1 << 16 - taken.count)
                else { break }
            }
            let inOrder = taken.allSatisfy { byte in
                defer { awaited = awaited == 250 ? 0 : awaited + 1 }
                return byte == awaited
            }
            #expect(inOrder)
            most = max(most, outbox.held)
        }
        // 13 MB have gone through, and never more than about one waited.
        #expect(most < 4 << 20)
    }
}
