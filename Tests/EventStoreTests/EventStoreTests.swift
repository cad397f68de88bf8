import Domain
import EventStore
import JSON
import SQLite
import Testing

@Suite("A log reader") struct LogReaderTests {
    @Test func `pages without gap or repetition`() throws {
        let log = try TestLog()
        try log.fill(107)
        let reader = try log.reader()
        for size in [1, 2, 50, 106, 107, 108, 1_000] {
            var after = Position.start
            var read: [Int64] = []
            while case let page = try reader.read(after: after, limit: size), let last = page.last {
                #expect(page.count <= size)
                read += page.map(\.position.number)
                after = last.position
            }
            #expect(read == Array(1...107))
        }
        #expect(try reader.read(after: Position(107), limit: 10).isEmpty)
        #expect(try reader.read(after: Position(1_000), limit: 10).isEmpty)
    }

    @Test func `gives a projection the same events up to a position`() throws {
        let log = try TestLog()
        try log.fill(30)
        let reader = try log.reader()
        let envelopes = try reader.read(after: Position(10), limit: 5)
        var page: [Position] = []
        var bytes: [UInt8] = []
        try reader.forEach(after: Position(10), limit: 5) { row in
            let envelope = envelopes[page.count]
            page.append(row.position)
            #expect(row.version == envelope.version)
            #expect(row.recordedAt == envelope.recordedAt)
            #expect(row.type == envelope.type)
            #expect(row.isOfType(Array(envelope.type.utf8)))
            #expect(!row.isOfType(Array(envelope.type.utf8.dropLast())))
            #expect(!row.isOfType([]))
            #expect(row.schema == envelope.schema)
            row.copyData(into: &bytes)
            #expect(bytes == envelope.data)
            row.copyActor(into: &bytes)
            #expect(bytes == Array(envelope.actor.utf8))
        }
        #expect(page == envelopes.map(\.position))
        var rest: [Int64] = []
        try reader.forEach(after: Position(10), limit: 100, upTo: Position(12)) {
            rest.append($0.position.number)
        }
        try reader.forEach(after: Position(12), limit: 9, upTo: Position(12)) {
            rest.append($0.position.number)
        }
        #expect(rest == [11, 12])
    }

    @Test func `reads one stream, as it was at a position too`() throws {
        let log = try TestLog()
        for number in 0..<9 { try log.append("glass-\(number % 3)") }
        let reader = try log.reader()
        #expect(try reader.read(stream: "glass-1").map(\.position.number) == [2, 5, 8])
        #expect(
            try reader.read(stream: "glass-1", upTo: Position(7)).map(\.version.number) == [1, 2])
        #expect(try reader.read(stream: "glass-9").isEmpty)
        #expect(try reader.read(stream: "GLASS-1").isEmpty)
    }

    @Test func `reads one type, however far apart its events are`() throws {
        let log = try TestLog()
        let types = (1...10_050).map { $0 % 10_020 == 0 ? "Spilled" : "Poured" }
        try log.writer.commit(types.map { log.stage(type: $0) })
        try log.writer.commit([log.stage(type: "Spilled")])
        let reader = try LogReader(path: log.path)
        #expect(
            try reader.read(type: "Spilled", after: .start, limit: 9).map(\.position.number)
                == [10_020, 10_051])
        #expect(
            try reader.read(type: "Spilled", after: Position(10_020), limit: 9).map(\.type)
                == ["Spilled"])
        #expect(try reader.read(type: "Spilled", after: .start, limit: 1).count == 1)
        #expect(try reader.read(type: "Broken", after: .start, limit: 9).isEmpty)
    }

    @Test func `finds the position that a moment had`() throws {
        let log = try TestLog()
        #expect(try log.reader().position(at: TestLog.noon) == .start)
        for second in 1...20 {
            try log.writer.commit([log.stage(at: TestLog.noon + Int64(second) * 1_000_000)])
        }
        let reader = try log.reader()
        for (microseconds, position) in [
            (Int64.min / 2, 0), (0, 0), (999_999, 0), (1_000_000, 1), (1_000_001, 1),
            (1_999_999, 1), (7_000_000, 7), (19_999_999, 19), (20_000_000, 20),
            (1_000_000_000, 20),
        ] as [(Int64, Int64)] {
            let found = try reader.position(at: TestLog.noon + microseconds)
            #expect(found == Position(position), "\(microseconds)")
        }
    }

    @Test func `sees what is committed meanwhile, and names each leaf`() throws {
        let log = try TestLog()
        let reader = try log.reader()
        #expect(try reader.head() == log.writer.head)
        #expect(try reader.leaf(at: Position(1)) == nil)
        try log.append()
        #expect(try reader.head() == log.writer.head)
        #expect(try reader.read(after: .start, limit: 10).count == 1)
        #expect(try reader.leaf(at: Position(1))?.count == 32)
    }

    @Test func `holds no snapshot that would keep the write-ahead log from being copied`() throws {
        let log = try TestLog()
        try log.fill(20)
        let reader = try log.reader()
        _ = try reader.read(after: .start, limit: 5)
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try reader.forEach(after: .start, limit: 5) { _ in throw Enough() }
        }
        _ = try reader.read(stream: "glass-0", upTo: Position(3))
        _ = try reader.leaf(at: Position(1))
        _ = try reader.head()
        try log.append()
        #expect(try log.writer.copyWriteAheadLog(idle: true))
        #expect(try log.writer.copyWriteAheadLog(idle: true) == false)
    }

    @Test func `that stays on one moment is waited for once, not with every batch`() throws {
        let log = try TestLog()
        try log.append()
        let raw = try log.raw()
        try raw.execute("BEGIN")
        #expect(try raw.integer("SELECT count(*) FROM event") == 1)
        // 72 MB, of which the reader lets nothing be copied.
        let large = #"{"n":"\#(String(repeating: "n", count: 120_000))"}"#
        try log.writer.commit((0..<600).map { _ in log.stage([large]) })
        var waits: [Duration] = []
        for _ in 0..<3 {
            let began = ContinuousClock.now
            #expect(try log.writer.copyWriteAheadLog(idle: false))
            waits.append(began.duration(to: .now))
        }
        #expect(waits[0] > .milliseconds(190))
        #expect(waits[1] < .milliseconds(150))
        #expect(waits[2] < .milliseconds(150))
        try raw.execute("ROLLBACK")
        #expect(try log.writer.copyWriteAheadLog(idle: false))
        #expect(try log.writer.copyWriteAheadLog(idle: true) == false)
    }

    @Test func `cannot write`() throws {
        let log = try TestLog()
        try log.append()
        let connection = try Connection(path: log.path, mode: .readOnly)
        for sql in [
            "INSERT INTO checkpoint VALUES (1, x'', '', x'')", "UPDATE head SET position = 9",
            "DROP TABLE event", "CREATE TABLE mine (n)",
        ] {
            #expect(throws: SQLiteError.self) { try connection.execute(sql) }
        }
    }

    @Test func `says where no log is`() throws {
        let scratch = try Scratch()
        for path in [scratch("log.db"), scratch("no/log.db")] {
            let error = #expect(throws: LogError.self) { _ = try LogReader(path: path) }
            guard case .missing(path) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            let other = #expect(throws: LogError.self) {
                _ = try Verifier(path: path, publicKey: nil)
            }
            guard case .missing(path) = other else {
                Issue.record("\(String(describing: other))")
                continue
            }
        }
    }
}

@Suite("A log file") struct LogFileTests {
    @Test func `of a newer format is refused, and not touched`() throws {
        let log = try TestLog()
        try log.append()
        try log.raw().execute("UPDATE head SET format = 2")
        let open: [() throws -> Void] = [
            { _ = try log.reader() }, { try log.reopen() },
            { try Verifier(path: log.path, publicKey: nil).verifyEnd() },
        ]
        for open in open {
            let error = #expect(throws: LogError.self) { try open() }
            guard case .newerFormat(found: 2, known: 1) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try log.raw().integer("SELECT count(*) FROM event") == 1)
    }

    @Test func `keeps its id`() throws {
        let log = try TestLog()
        let id = log.writer.head.logID
        try log.reopen()
        #expect(log.writer.head.logID == id)
        #expect(try TestLog().writer.head.logID != id)
    }

    @Test func `has the tables that outsiders were promised`() throws {
        let log = try TestLog()
        let raw = try log.raw()
        for (table, columns) in [
            (
                "event",
                "position,stream,version,id,type,schema,recorded_at,actor,command_id,"
                    + "correlation_id,causation_id,key_id,data,leaf"
            ),
            ("command", "number,id,fingerprint,first_position,last_position,recorded_at,reply"),
            ("head", "one,log_id,format,position,frontier"),
            ("checkpoint", "size,root,note,frontier"),
        ] {
            let names = try raw.prepare(
                "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('\(table)'))")
            #expect(try names.step())
            #expect(names.text(0) == columns)
        }
    }

    @Test func `opens for readers after its writer has gone`() throws {
        let log = try TestLog()
        try log.fill(5)
        try log.writer.close()
        #expect(try log.positions() == [1, 2, 3, 4, 5])
    }
}

@Suite("An old event") struct OldEventTests {
    private static let second = Catalogue([
        .init(
            "Poured",
            upcasters: [
                { old in
                    var new = old
                    new["unit"] = .string("ml")
                    return new
                }
            ])
    ])

    @Test func `is read as if written today, and stored as it was`() throws {
        let log = try TestLog()
        let stored = #"{ "n" : 1 }"#
        try log.writer.commit([log.stage([stored])])
        try log.reopen(catalogue: Self.second)
        try log.writer.commit([log.stage([#"{"n":2,"unit":"cl"}"#], schema: 2)])
        let events = try log.reader().read(after: .start, limit: 10)
        #expect(events.map(\.schema) == [1, 2])
        #expect(String(decoding: events[0].data, as: UTF8.self) == stored)
        let read = try events.map {
            String(
                decoding: try Self.second.upcast(type: $0.type, schema: $0.schema, data: $0.data),
                as: UTF8.self)
        }
        #expect(read == [#"{"n":1,"unit":"ml"}"#, #"{"n":2,"unit":"cl"}"#])
        // Upcasting is reading: the hashes stand over what was stored.
        #expect(try verify(log.path) == nil)
        #expect(throws: LogError.self, "the old schema is written no more") {
            try log.writer.commit([log.stage()])
        }
    }
}
