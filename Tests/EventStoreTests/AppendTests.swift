import Crypto
import Domain
import EventStore
import SQLite
import Testing

/// Ways a clock may go, in microseconds from noon.
enum Clock: CaseIterable {
    case stands, goesBackByHours, creeps, jumps

    func step(_ index: Int64) -> Int64 {
        switch self {
        case .stands: 0
        case .goesBackByHours: -index * 3_600_000_000
        case .creeps: index * 3
        case .jumps: index % 2 == 0 ? -5_000_000 : 5_000_000
        }
    }
}

@Suite("An append") struct AppendTests {
    @Test(arguments: [
        // What the stream holds, what is expected of it, the version that the event then gets.
        (0, ExpectedVersion.any, 1), (0, .noStream, 1), (0, .exactly(.none), 1),
        (3, .any, 4), (3, .exists, 4), (3, .exactly(Version(3)), 4),
    ])
    func `happens where its stream is as expected`(
        present: Int, expected: ExpectedVersion, version: Int64
    ) throws {
        let log = try TestLog()
        for _ in 0..<present { try log.append() }
        try log.append("glass-1", expected)
        let events = try log.reader().read(stream: "glass-1")
        #expect(events.map(\.version.number) == Array(1...version))
    }

    @Test(arguments: [
        (0, ExpectedVersion.exists), (0, .exactly(Version(1))), (0, .exactly(Version(7))),
        (3, .noStream), (3, .exactly(.none)), (3, .exactly(Version(1))), (3, .exactly(Version(2))),
        (3, .exactly(Version(4))), (3, .exactly(Version(9))), (3, .exactly(Version(-1))),
    ])
    func `is a conflict where it is not`(present: Int, expected: ExpectedVersion) throws {
        let log = try TestLog()
        for _ in 0..<present { try log.append() }
        let head = log.writer.head
        let error = #expect(throws: LogError.self) { try log.append("glass-1", expected) }
        if case .conflict(let stream, let wanted, let found) = error {
            #expect(stream == "glass-1")
            #expect(wanted == expected)
            #expect(found == Version(Int64(present)))
        } else {
            Issue.record("\(String(describing: error))")
        }
        #expect(log.writer.head == head)
        #expect(try log.reader().head() == head)
        #expect(try log.positions().count == present)
        // Nothing is left behind that would stop the next one.
        try log.append()
        #expect(try log.positions() == Array(1...Int64(present + 1)))
    }

    @Test func `sees what stands before it in its batch`() throws {
        let log = try TestLog()
        try log.writer.commit([
            log.stage(expecting: .noStream), log.stage(expecting: .exactly(Version(1))),
            log.stage(expecting: .exists),
            log.stage(expecting: .any), log.stage(stream: "glass-2", expecting: .noStream),
            log.stage(expecting: .exactly(Version(4))),
        ])
        let events = try log.reader().read(after: .start, limit: 100)
        #expect(events.map(\.version.number) == [1, 2, 3, 4, 1, 5])
        #expect(
            throws: LogError.self, "two of one batch cannot both make the stream",
            performing: {
                try log.writer.commit([
                    log.stage(stream: "glass-3", expecting: .noStream),
                    log.stage(stream: "glass-3", expecting: .noStream),
                ])
            })
        #expect(try log.reader().read(stream: "glass-3").isEmpty)
    }

    @Test func `gets dense positions, and versions dense in each stream`() throws {
        let log = try TestLog()
        for _ in 0..<5 {
            try log.writer.commit(
                (0..<20).map { log.stage(["{}", "{}"], stream: "glass-\($0 % 7)") })
        }
        let events = try log.reader().read(after: .start, limit: 1_000)
        #expect(events.map(\.position.number) == Array(1...200))
        for (_, stream) in Dictionary(grouping: events, by: \.stream) {
            #expect(stream.map(\.version.number) == Array(1...Int64(stream.count)))
        }
        try log.reopen()
        try log.append()
        #expect(try log.positions() == Array(1...201))
    }

    @Test(arguments: Clock.allCases)
    func `is later than the one before it, whatever the clock says`(clock: Clock) throws {
        let log = try TestLog()
        for index in 0..<50 {
            let step = clock.step(Int64(index))
            try log.writer.commit([log.stage(["{}", "{}"], at: TestLog.noon + step)])
            if index == 25 { try log.reopen(at: TestLog.noon + step) }
        }
        let events = try log.reader().read(after: .start, limit: 1_000)
        #expect(events.count == 100)
        for (one, next) in zip(events, events.dropFirst()) {
            #expect(one.recordedAt < next.recordedAt)
            #expect(one.id.bytes.lexicographicallyPrecedes(next.id.bytes))
        }
        #expect(try log.reader().position(at: Time(microseconds: .max)) == Position(100))
        #expect(try verify(log.path) == nil)
    }

    @Test func `keeps every column as it was given`() throws {
        let log = try TestLog()
        let data = #"{ "note" : "sin hielo 🙏", "name":"さくら" }"#
        var command = log.stage([data], stream: "glass-ü")
        command.correlationID = UUID(high: 1, low: 2)
        command.causationID = UUID(high: 3, low: 4)
        try log.writer.commit([command])
        let event = try #require(log.reader().read(after: .start, limit: 1).first)
        #expect(String(decoding: event.data, as: UTF8.self) == data)
        #expect(event.stream == "glass-ü")
        #expect(event.actor == "staff:host")
        #expect(event.type == "Poured")
        #expect(event.schema == 1)
        #expect(event.id == command.events[0].id)
        #expect(event.commandID == command.id)
        #expect(event.correlationID == UUID(high: 1, low: 2))
        #expect(event.causationID == UUID(high: 3, low: 4))
        #expect(event.keyID == nil)
        #expect(event.recordedAt == command.recordedAt)
    }

    @Test(arguments: [("Shaken", 1), ("Poured", 2), ("Poured", 0), ("poured", 1), ("", 1)])
    func `of what is not in the catalogue is refused`(type: String, schema: Int) throws {
        let log = try TestLog()
        let error = #expect(throws: LogError.self) {
            try log.writer.commit([log.stage(), log.stage(type: type, schema: schema)])
        }
        guard case .notInCatalogue(type, schema) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try log.positions() == [])
    }
}

@Suite("A commit") struct CommitTests {
    /// Refuses every event whose data contains the word.
    private func poison(_ log: TestLog, _ word: String = "poison") throws {
        try log.raw().execute(
            """
            CREATE TRIGGER poisoned BEFORE INSERT ON event WHEN NEW.data LIKE '%\(word)%'
            BEGIN SELECT RAISE(ABORT, 'poisoned'); END
            """)
    }

    @Test(arguments: [0, 1, 4]) func `is all or nothing`(place: Int) throws {
        let log = try TestLog(state: "CREATE TABLE beside (n INTEGER) STRICT;")
        try log.fill(3)
        try poison(log)
        let head = log.writer.head
        var commands = (0..<5).map { number in
            log.stage([#"{"n":\#(number)}"#], key: key(UInt64(number)))
        }
        commands[place] = log.stage(["{}", #"{"n":"poison"}"#], key: key(99))
        let error = #expect(throws: LogError.self) {
            try log.writer.commit(commands) { connection throws(SQLiteError) in
                try connection.execute("INSERT INTO beside VALUES (1)")
            }
        }
        guard case .sqlite(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.message.contains("poisoned"))
        #expect(log.writer.head == head)
        #expect(try log.reader().head() == head)
        #expect(try log.positions() == [1, 2, 3])
        for number in [0, 1, 2, 3, 4, 99] as [UInt64] {
            #expect(try log.writer.command(key(number).id, at: TestLog.noon) == nil)
        }
        #expect(try log.raw().integer("SELECT count(*) FROM command") == 0)
        #expect(try log.raw().integer("SELECT count(*) FROM beside") == 0)

        // The rest goes in afterwards, at the positions it would have had.
        commands.remove(at: place)
        try log.writer.commit(commands)
        #expect(try log.positions() == Array(1...7))
        #expect(try log.writer.command(commands[3].id, at: TestLog.noon)?.last == Position(7))
        #expect(try verify(log.path) == nil)
        try log.reopen()
        #expect(log.writer.damage == nil)
    }

    @Test func `takes the tables beside the log with it, or none of both`() throws {
        let log = try TestLog(state: "CREATE TABLE beside (n INTEGER) STRICT;")
        #expect(throws: LogError.self) {
            try log.writer.commit([log.stage()]) { connection throws(SQLiteError) in
                try connection.execute("INSERT INTO beside VALUES (1)")
                try connection.execute("INSERT INTO beside VALUES ('one')")
            }
        }
        #expect(try log.positions() == [])
        #expect(try log.raw().integer("SELECT count(*) FROM beside") == 0)
        try log.writer.commit([log.stage()]) { connection throws(SQLiteError) in
            try connection.execute("INSERT INTO beside VALUES (1)")
        }
        #expect(try log.raw().integer("SELECT count(*) FROM beside") == 1)
        #expect(try log.positions() == [1])
    }

    @Test func `of nothing changes nothing`() throws {
        let log = try TestLog()
        try log.writer.commit([])
        #expect(log.writer.head.position == .start)
        try log.append()
        let head = log.writer.head
        try log.writer.commit([])
        #expect(try log.reader().head() == head)
    }

    @Test func `of a second writer is refused whole`() throws {
        let log = try TestLog()
        try log.append()
        let other = try LogWriter(
            path: log.path, now: TestLog.noon, catalogue: TestLog.catalogue)
        try log.append()
        let late = log.stage()
        #expect(throws: LogError.self) { try other.commit([late]) }
        try log.append("glass-2", .noStream)
        #expect(try log.positions() == [1, 2, 3])
        #expect(try verify(log.path) == nil)
    }

    @Test func `is durable before it is acknowledged`() throws {
        let log = try TestLog()
        let query = { sql in
            try log.writer.query { connection throws(SQLiteError) in
                try connection.integer(sql)
            }
        }
        // 2 is FULL: the write-ahead log is synced with every COMMIT.
        #expect(try query("PRAGMA synchronous") == 2)
        #expect(try query("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1)
        #expect(try query("PRAGMA wal_autocheckpoint") == 0)
        try log.append()
        // Another process sees it at once, while the writer is open and nothing was copied.
        #expect(try log.positions() == [1])
    }

    @Test(arguments: [
        "UPDATE event SET data = '{}' WHERE position = 2", "UPDATE event SET actor = 'x'",
        "DELETE FROM event WHERE position = 2", "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE position = 2",
    ])
    func `cannot be rewritten or deleted in SQL`(sql: String) throws {
        let log = try TestLog()
        try log.fill(3)
        let raw = try log.raw()
        // What a program that knows nothing of the log would do by mistake.
        try raw.execute("PRAGMA recursive_triggers = ON")
        let error = #expect(throws: SQLiteError.self) { try raw.execute(sql) }
        #expect(error?.message.contains("append-only") == true)
        #expect(try verify(log.path) == nil)
    }
}
