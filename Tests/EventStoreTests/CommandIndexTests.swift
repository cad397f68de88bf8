import Domain
import EventStore
import SQLite
import Testing

@Suite("A keyed command") struct CommandIndexTests {
    private static let hour: Int64 = 3_600_000_000

    @Test func `is found again with its answer`() throws {
        let log = try TestLog()
        try log.append()
        try log.writer.commit([
            log.stage(["{}", "{}"], key: key(1, print: 7), reply: [1, 2, 3]), log.stage(),
            log.stage(key: key(2, print: 8), reply: []),
        ])
        for _ in 0..<2 {
            let first = try log.writer.command(key(1).id, at: TestLog.noon)
            let found = try #require(first)
            #expect(found.fingerprint == [UInt8](repeating: 7, count: 16))
            #expect(found.first == Position(2))
            #expect(found.last == Position(3))
            #expect(found.reply == [1, 2, 3])
            let second = try #require(try log.writer.command(key(2).id, at: TestLog.noon))
            // Whoever asks with another request sees that it is another.
            #expect(second.fingerprint != found.fingerprint)
            #expect(second.first == Position(5))
            #expect(second.last == Position(5))
            #expect(second.reply == [])
            #expect(try log.writer.command(key(3).id, at: TestLog.noon) == nil)
            try log.reopen()
        }
    }

    @Test func `is not taken for one that only begins alike`() throws {
        let log = try TestLog()
        let id = key(1).id
        try log.writer.commit([log.stage(key: key(1))])
        #expect(
            try log.writer.command(UUID(high: id.high, low: id.low ^ 1), at: TestLog.noon) == nil)
    }

    @Test(arguments: [(0, 0), (1, 0), (24, -1), (24, 0), (24, 1), (48, 0), (-1, 0)])
    func `is honoured for 24 hours`(hours: Int64, microseconds: Int64) throws {
        let age = hours * Self.hour + microseconds
        let isFound = age <= 24 * Self.hour
        let log = try TestLog()
        try log.writer.commit([log.stage(key: key(1))])
        let now = TestLog.noon + age
        #expect(try (log.writer.command(key(1).id, at: now) != nil) == isFound)
        try log.reopen(at: now)
        #expect(try (log.writer.command(key(1).id, at: now) != nil) == isFound, "after reopening")
    }

    @Test func `is found while days go by without a restart`() throws {
        let log = try TestLog()
        for hour in 0..<100 {
            let now = TestLog.noon + Int64(hour) * Self.hour
            try log.writer.commit([log.stage(key: key(UInt64(hour)), at: now)])
            for age in [0, 1, 12, 23, 24, 25, 47, 48] where age <= hour {
                let found = try log.writer.command(key(UInt64(hour - age)).id, at: now)
                #expect((found != nil) == (age <= 24), "hour \(hour), age \(age)")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 1_000, 1_999, 2_000])
    func `is loaded by halving from many old ones`(recent: Int) throws {
        let log = try TestLog()
        let count = 2_000
        let old = TestLog.noon + -30 * Self.hour
        // Old ones a second apart, then the recent ones: all inside the window at noon.
        try log.writer.commit(
            (0..<count).map { number in
                let isOld = number < count - recent
                return log.stage(
                    key: key(UInt64(number)),
                    at: (isOld ? old : TestLog.noon + -Self.hour) + Int64(number) * 1_000)
            })
        try log.reopen(at: TestLog.noon)
        var found = 0
        for number in 0..<count
        where try log.writer.command(key(UInt64(number)).id, at: TestLog.noon) != nil {
            found += 1
        }
        #expect(found == recent)
    }

    @Test func `with a key of before is the later one`() throws {
        let log = try TestLog()
        let now = TestLog.noon + 25 * Self.hour
        try log.writer.commit([log.stage(key: key(1), reply: [1])])
        #expect(try log.writer.command(key(1).id, at: now) == nil)
        try log.writer.commit([log.stage(key: key(1), at: now, reply: [2])])
        for _ in 0..<2 {
            #expect(try log.writer.command(key(1).id, at: now)?.reply == [2])
            try log.reopen(at: now)
        }
    }
}
