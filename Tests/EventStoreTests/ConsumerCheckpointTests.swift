import Domain
import EventStore
import Testing

@Suite("A consumer's checkpoint") struct ConsumerCheckpointTests {
    private let log: TestLog

    init() throws {
        log = try TestLog()
        try log.fill(5)
    }

    private func checkpoint(_ position: Int64) throws -> ConsumerCheckpoint {
        ConsumerCheckpoint(
            logID: log.writer.head.logID, position: Position(position),
            leaf: try log.reader().leaf(at: Position(position)) ?? [])
    }

    @Test(arguments: [0, 1, 5] as [Int64])
    func `of an event that is there is on the log`(position: Int64) throws {
        #expect(try log.reader().standing(of: checkpoint(position)) == .onTheLog)
    }

    @Test func `after a backup was restored is ahead, then of another history`() throws {
        let backup = log.scratch("backup.db")
        _ = try LogCopy.make(from: log.path, to: backup) { _, _ in }
        try log.fill(3)
        let past = try checkpoint(5)
        let lost = try checkpoint(7)
        let writer = try LogWriter(path: backup, now: TestLog.noon, catalogue: TestLog.catalogue)
        let reader = try LogReader(path: backup)
        #expect(try reader.standing(of: lost) == .ahead(ofHead: Position(5)))
        #expect(try reader.standing(of: past) == .onTheLog)
        try writer.commit((0..<2).map { log.stage([#"{"n":\#($0)}"#], stream: "other") })
        #expect(try reader.standing(of: lost) == .onAnotherHistory)
        #expect(try reader.standing(of: past) == .onTheLog)
    }

    @Test func `of another log is on another log, wherever it stands`() throws {
        let other = try TestLog()
        for position in [0, 3, 9] as [Int64] {
            #expect(try other.reader().standing(of: checkpoint(position)) == .onAnotherLog)
        }
    }
}
