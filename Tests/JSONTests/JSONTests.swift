import Foundation
import JSON
import Testing

private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

private func write(_ value: JSONValue) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
}

@Suite("A JSON text") struct JSONTextTests {
    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
            (" \t\r\n7 \n", .integer(7)),
            ("0", .integer(0)), ("-0", .integer(0)), ("-1", .integer(-1)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
            ("1.0", .number(1)), ("-0.0", .number(-0.0)), ("1e2", .number(100)),
            ("1E+2", .number(100)),
            ("1e-2", .number(0.01)), ("0e0", .number(0)), ("0.5e1", .number(5)),
            ("1e308", .number(1e308)),
            ("1e-400", .number(0)), ("5e-324", .number(.leastNonzeroMagnitude)),
            ("123456789012345678901234567890", .number(1.2345678901234568e29)),
            ("\"\"", .string("")), ("\"a\"", .string("a")), ("\"é界👩‍👧\"", .string("é界👩‍👧")),
            (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            (#""\u0041\u00e9\u754C\uD83D\uDE00""#, .string("Aé界😀")),
            (#""\u0000""#, .string("\u{0}")),
            (#""a\u0301""#, .string("a\u{301}")), (#""\uFFFF""#, .string("\u{FFFF}")),
            ("\"\u{7F}\u{2028}\"", .string("\u{7F}\u{2028}")), ("[]", .array([])),
            ("[ ]", .array([])),
            ("[1,[2],null]", .array([.integer(1), .array([.integer(2)]), .null])),
            ("{}", .object(JSONObject())), ("{ }", .object(JSONObject())),
        ] as [(String, JSONValue)])
    func `is read as it is meant`(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "NULL", "undefined", "NaN", "Infinity", "-Infinity", "+1",
        "01", "-01", "00", "1.", ".5", "-", "-.5", "1e", "1e+", "1.e1", "0x10", "1_000", "1,000",
        "1 2", "[1,]", "[,1]", "[1 2]", "[", "]", "[1", "{", "}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1", "\"", "\"a", "\"\\\"", "'a'", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"\\u 123\"", "\"\\u+123\"", "\"\\U0041\"", "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"",
        "// 1", "/* */ 1", "1 // one", "\u{A0}1", "\u{FEFF}1", "\u{FEFF}{}", "[1]x", "{}{}",
        "\u{C}1",
        "1e400", "-1e400", "１", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\uD800x\"",
        "\"\\uDE00\\uD83D\"", "\"\\uD83D\\uD83D\"", "\"\\uD83D", "\"\\uD83D\\", "\"\\uD83D\\n\"",
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":null}"#, #"{"a":1,"\u0061":2}"#,
        #"{"x":{"a":1,"a":2}}"#, #"[{"":1,"":2}]"#,
    ])
    func `is not anything else`(text: String) {
        #expect(throws: JSONError.self) { _ = try parse(text) }
    }

    @Test(
        arguments: [
            // Overlong, half, surrogate, beyond Unicode, not a start.
            [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xC3],
            [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xBF], [0xFF],
            [0xFE],
            [0xC3, 0x28],
        ] as [[UInt8]])
    func `is UTF-8`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError.self) { _ = try JSONValue(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONError.self) { _ = try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [1, 31, 32]) func `may be nested 32 levels deep`(levels: Int) throws {
        for (open, middle, close) in [
            ("[", "", "]"), ("[", "7", "]"), ("[", "\"\"", "]"), ("{\"a\":", "null", "}"),
            ("[", "{}", "]"),
        ] {
            let depth = middle == "{}" ? levels - 1 : levels
            _ = try parse(
                String(repeating: open, count: depth) + middle
                    + String(repeating: close, count: depth))
        }
    }

    @Test(arguments: [33, 34, 100_000]) func `may not be nested deeper`(levels: Int) {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text =
                String(repeating: open, count: levels - 1) + "[]"
                + String(repeating: close, count: levels - 1)
            #expect(throws: JSONError.self) { _ = try parse(text) }
            #expect(throws: JSONError.self) {
                _ = try parse(String(repeating: open, count: levels))
            }
        }
    }

    @Test func `has a thousand names in one object, and read quickly`() throws {
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"n\($0)\":0" }.joined(separator: ",") + "}"
        }
        #expect(try parse(object(1_000)).object?.members.count == 1_000)
        #expect(throws: JSONError.self) { _ = try parse(object(1_001)) }
        // Comparing every name with every other would keep the writer busy: as many names in small
        // objects must not be much quicker. In time of this thread, whoever else is at work.
        func time(_ objects: Int, of names: Int) throws -> Int {
            let body = Array(repeating: object(names), count: objects).joined(separator: ",")
            let before = threadNanoseconds()
            _ = try parse("[\(body)]")
            return threadNanoseconds() - before
        }
        _ = try time(100, of: 10)
        let (small, large) = (try time(1_000, of: 10), try time(10, of: 1_000))
        #expect(large < small * 6, "\(large) ns, in small objects \(small) ns")
    }

    private func threadNanoseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }

    @Test(arguments: [("[1,]", 3), ("{\"a\":1 x", 7), ("[1] x", 4), ("  q", 2), ("[tru]", 4)])
    func `names the byte where it goes wrong`(text: String, byte: Int) {
        let error = #expect(throws: JSONError.self) { _ = try parse(text) }
        #expect(error?.byte == byte)
    }

    /// Everything that Foundation reads in these is read the same; what ours takes, theirs takes.
    @Test func `is read as Foundation reads it, a little changed or not`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(state: seed)
        for round in 0..<2_000 {
            var bytes = Array(write(.random(depth: 0, using: &random)).utf8)
            let theirs = try JSONSerialization.jsonObject(
                with: Data(bytes), options: .fragmentsAllowed)
            let ours = try JSONValue(parsing: bytes)
            #expect(matches(ours, theirs), "seed \(seed), round \(round)")
            // Again and again the same, once written by this house.
            #expect(
                write(ours) == String(decoding: bytes, as: UTF8.self),
                "seed \(seed), round \(round)")
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] =
                Array("[]{},:\"\\019e+-.tfn \n\u{0}".utf8).randomElement(using: &random) ?? 0
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            let again = try? JSONSerialization.jsonObject(
                with: Data(bytes), options: .fragmentsAllowed)
            #expect(
                again.map { matches(value, $0) } == true,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private func matches(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours {
        case .null: theirs is NSNull
        case .bool(let flag): (theirs as? Bool) == flag
        case .integer(let whole): (theirs as? NSNumber)?.int64Value == whole
        // Foundation goes through decimals, and may end a last place away.
        case .number(let double):
            (theirs as? NSNumber).map { abs($0.doubleValue - double) <= 4 * double.ulp } ?? false
        case .string(let text): (theirs as? String) == text
        case .array(let items):
            (theirs as? [Any]).map { others in
                others.count == items.count && zip(items, others).allSatisfy { matches($0, $1) }
            } ?? false
        case .object(let object):
            (theirs as? [String: Any]).map { others in
                others.count == object.members.count
                    && object.members.allSatisfy { member in
                        others[member.name].map { matches(member.value, $0) } ?? false
                    }
            } ?? false
        }
    }
}

@Suite("A JSON writer") struct JSONWriterTests {
    @Test(arguments: [
        ("", #""""#), ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1}\u{8}\u{B}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000b\u000c\u001f""#),
        ("\u{7F}\u{2028}", "\"\u{7F}\u{2028}\""), ("é界👨‍👩‍👧‍👦", "\"é界👨‍👩‍👧‍👦\""),
        ("</script>", #""</script>""#),
    ])
    func `escapes what JSON asks for and nothing else`(text: String, json: String) throws {
        #expect(write(.string(text)) == json)
        #expect(try parse(json) == .string(text))
        var object = JSONObject()
        object[text] = .null
        #expect(write(.object(object)) == "{\(json):null}")
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (1, "1"), (-2, "-2"), (0.1, "0.1"), (1e15, "1000000000000000"),
        (1e19, "1e+19"), (1e-7, "1e-07"), (.pi, "3.141592653589793"),
        (.leastNonzeroMagnitude, "5e-324"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    ])
    func `writes a number that is read back the same`(number: Double, json: String) throws {
        #expect(write(.number(number)) == json)
        #expect(try parse(json).double == number)
    }

    @Test func `puts commas between, and only there`() {
        var json = JSONWriter()
        json.object { json in
            json.member("a", "x")
            json.member("b", 1)
            json.member("c", true)
            json.member("d", orNull: nil as String?)
            json.member("e", orNull: 0.5)
            json.member("f", texts: ["1", "2"])
            json.member("g", json: Array("[ 1 ]".utf8))
            json.name("h")
            json.array { json in
                json.object { _ in }
                json.array { _ in }
                json.null()
                json.integer(.min)
                json.verbatim("{}")
            }
            json.name("i")
            json.object { $0.member("j", texts: []) }
        }
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a":"x","b":1,"c":true,"d":null,"e":0.5,"f":["1","2"],"g":[ 1 ],"h":[{},[],null,-9223372036854775808,{}],"i":{"j":[]}}"#
        )
    }
}

@Suite("A JSON object") struct JSONObjectTests {
    @Test func `keeps its members in order`() {
        var object = JSONObject()
        object["b"] = .integer(1)
        object["a"] = .integer(2)
        object["b"] = .null
        #expect(object.members.map(\.name) == ["b", "a"])
        #expect(object["b"] == .null)
        #expect(object["c"] == nil)
        object["b"] = nil
        object["c"] = nil
        #expect(object.members.map(\.name) == ["a"])
    }

    @Test func `gives a value only as what it is`() {
        let values: [JSONValue] = [
            .null, .bool(true), .integer(1), .number(1.5), .string("1"), .array([]),
            .object(JSONObject()),
        ]
        #expect(values.map { $0.bool != nil } == [false, true, false, false, false, false, false])
        #expect(
            values.map { $0.integer != nil } == [false, false, true, false, false, false, false])
        #expect(values.map { $0.double != nil } == [false, false, true, true, false, false, false])
        #expect(
            values.map { $0.string != nil } == [false, false, false, false, true, false, false])
        #expect(values.map { $0.array != nil } == [false, false, false, false, false, true, false])
        #expect(
            values.map { $0.object != nil } == [false, false, false, false, false, false, true])
    }
}

/// Chance that can be had again from its seed. Source: SplitMix64
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension JSONValue {
    static func random(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2:
            return .integer(
                Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random)))
        case 3:
            return .number(
                Double(Int64.random(in: -1_000_000...1_000_000, using: &random)) / 1_024 + 0.000_01)
        case 4, 5: return .string(text(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                    .random(depth: depth + 1, using: &random)
                })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<5, using: &random) {
                object[text(using: &random)] = .random(depth: depth + 1, using: &random)
            }
            return .object(object)
        }
    }

    private static func text(using random: inout SeededRandom) -> String {
        let pieces = ["a", "\"", "\\", "/", "\n", "\u{1}", "é", "界", "👩‍👧", "u0041", "\u{7F}", " "]
        return (0..<Int.random(in: 0..<6, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}
