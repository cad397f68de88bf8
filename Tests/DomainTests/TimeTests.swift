import Domain
import Foundation
import Testing

@Suite("A time") struct TimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1),
        ("1969-12-31T23:59:59.999999Z", -1), ("1969-12-31T23:59:59Z", -1_000_000),
        ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T14:15:00-09:45", 0),
        ("1970-01-01T00:00:00-00:00", 0), ("1970-01-01t00:00:00z", 0), ("1970-01-01 00:00:00Z", 0),
        ("2000-02-29T12:00:00Z", 951_825_600_000_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2026-11-23T22:57:06.123456789Z", 1_795_474_626_123_456),
        ("2026-11-23T22:57:06.1Z", 1_795_474_626_100_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("2026-01-01T00:00:00+23:59", 1_767_139_260_000_000),
    ])
    func `is read from RFC 3339`(text: String, microseconds: Int64) {
        #expect(Time(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T22:57:06", "2026-11-23T22:57Z",
        "2026-11-23T22:57:06.Z", "2026-11-23T22:57:06.1234567891Z", "2026-11-23T22:57:06+0100",
        "2026-11-23T22:57:06+01", "2026-11-23T22:57:06+01:0", "2026-11-23T22:57:06+24:00",
        "2026-11-23T22:57:06+01:60", "2026-11-23T22:57:06ZZ", "2026-11-23T22:57:06Z ",
        " 2026-11-23T22:57:06Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T23:60:00Z", "2026-11-23T23:59:61Z", "+026-11-23T22:57:06Z",
        "2026-1a-23T22:57:06Z", "２026-11-23T22:57:06Z", "2026/11/23T22:57:06Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-23T22:57:06,5Z",
    ])
    func `is not read from anything else`(text: String) { #expect(Time(text) == nil) }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (999, "1970-01-01T00:00:00.000Z"), (1_000, "1970-01-01T00:00:00.001Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
    ])
    func `is written in UTC with milliseconds`(microseconds: Int64, text: String) {
        #expect(Time(microseconds: microseconds).description == text)
    }

    @Test(arguments: [Int64.min, .max]) func `has no end that it falls over`(microseconds: Int64) {
        #expect(!Time(microseconds: microseconds).description.isEmpty)
    }

    /// Foundation knows the calendar too.
    @Test func `is what Foundation says it is`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(state: seed)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime]
        // 1600 to 9999, in whole seconds, which Foundation's doubles hold exactly.
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -11_676_096_000...253_402_300_799, using: &random)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let theirs = formatter.string(from: date)
            let ours = Time(microseconds: seconds * 1_000_000)
            #expect(
                ours.description == theirs.dropLast() + ".000Z", "seed \(seed), second \(seconds)")
            #expect(Time(theirs) == ours, "seed \(seed), second \(seconds)")
        }
    }

    @Test func `is read back from what was written, at every day of 400 years`() throws {
        for day in Int64(-146_097 / 2)..<(146_097 / 2) {
            let time = Time(microseconds: day * 86_400_000_000 + 45_296_789_000)
            let text = time.description
            guard Time(text) == time, text.hasSuffix("T12:34:56.789Z") else {
                Issue.record("day \(day): \(text)")
                return
            }
        }
    }
}

@Suite("A UUID") struct UUIDTests {
    @Test func `carries its time so that a later one sorts later`() {
        var last: [UInt8] = []
        // Whatever chance adds: the earlier gets the most, the later the least.
        for step in 0..<5_000 {
            let id = Domain.UUID(
                version7At: Time(microseconds: noon.microseconds + Int64(step)),
                random: step % 2 == 0 ? .max : 0)
            #expect(last.lexicographicallyPrecedes(id.bytes), "step \(step)")
            last = id.bytes
        }
    }

    @Test(arguments: [0, 1, 999, 1_000, 1_700_000_000_123_456, 253_402_300_799_999_999] as [Int64])
    func `says that it is a version 7`(microseconds: Int64) {
        for random in [0, UInt64.max, 0x0123_4567_89AB_CDEF] {
            let id = Domain.UUID(version7At: Time(microseconds: microseconds), random: random)
            #expect(id.bytes[6] >> 4 == 7)
            #expect(id.bytes[8] >> 6 == 0b10)
            let milliseconds = id.bytes[..<6].reduce(0) { $0 << 8 | Int64($1) }
            #expect(milliseconds == microseconds / 1_000)
            #expect(id.low & 0x3FFF_FFFF_FFFF_FFFF == random & 0x3FFF_FFFF_FFFF_FFFF)
        }
    }

    @Test func `before 1970 is the first there can be`() {
        #expect(
            Domain.UUID(version7At: Time(microseconds: -5), random: 0)
                == Domain.UUID(version7At: Time(microseconds: 0), random: 0))
    }

    @Test func `is read back from its text and its bytes`() {
        var random = SeededRandom(state: 1)
        for _ in 0..<1_000 {
            let id = Domain.UUID(high: random.next(), low: random.next())
            #expect(Domain.UUID(id.description) == id)
            #expect(Domain.UUID(id.description.uppercased()) == id)
            #expect(Domain.UUID(bytes: id.bytes) == id)
            // Foundation writes the same one in capitals.
            #expect(
                Foundation.UUID(uuidString: id.description)?.uuidString.lowercased()
                    == id.description)
        }
    }

    @Test(arguments: [
        "", "019ac0df-1111-7000-9000-0000000000a", "019ac0df-1111-7000-9000-0000000000a11",
        "019ac0df11117000900000000000000a1000", "{019ac0df-1111-7000-9000-0000000000a1}",
        "019ac0df-1111-7000-9000-0000000000g1", "019ac0df-1111-7000-90000-000000000a1",
        "019ac0df-1111-7000-9000_0000000000a1", "019ac0df-1111-7000-9000-0000000000é",
        "------------------------------------",
    ])
    func `is not read from anything else`(text: String) { #expect(Domain.UUID(text) == nil) }

    @Test(arguments: [0, 15, 17]) func `has sixteen bytes`(count: Int) {
        #expect(Domain.UUID(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }
}
