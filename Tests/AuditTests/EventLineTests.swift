import Audit
import Domain
import JSON
import Testing

@testable import EventStore

private func event(
    stream: String = "bar", type: String = "OrderingPaused", actor: String = "staff:host",
    at microseconds: Int64 = 1_798_761_599_123_456, keyID: [UInt8]? = nil, data: String
) -> Envelope {
    Envelope(
        position: Position(58), stream: stream, version: Version(3), id: UUID(high: 1, low: 2),
        type: type, schema: 1, recordedAt: Time(microseconds: microseconds), actor: actor,
        commandID: UUID(high: 3, low: 4), correlationID: UUID(high: 5, low: 6), causationID: nil,
        keyID: keyID, data: Array(data.utf8))
}

@Suite("A line for people") struct EventLineTests {
    @Test func `has its columns where those of other lines are`() {
        let line = EventLine.text(of: event(data: #"{"message":"back at nine"}"#))
        let stream = "bar" + String(repeating: " ", count: 41)
        #expect(
            line == "    58  2026-12-31T23:59:59Z  OrderingPaused      \(stream)  staff:host    "
                + "message=\"back at nine\"\n")
    }

    @Test(arguments: [
        (0, "2026-12-31T23:59:59Z"), (3_600, "2027-01-01T00:59:59+01:00"),
        (-12_600, "2026-12-31T20:29:59-03:30"),
    ])
    func `shows a time that --since takes again`(offset: Int, text: String) {
        let line = EventLine.text(of: event(data: "{}"), utcOffsetSeconds: offset)
        #expect(line.split(separator: " ")[1] == text)
        #expect(Time(text)?.microseconds == 1_798_761_599_000_000)
    }

    @Test func `cannot be made to move the cursor`() {
        let line = EventLine.text(
            of: event(
                stream: "order-\u{1B}[2J", actor: "guest:A\nB\u{202E}",
                data: "{\"note\":\"\\u001b]0;x\\u0007\u{9B}31m\"}"))
        #expect(line.contains(#"order-\u001b[2J"#))
        #expect(line.contains(#"guest:A\nB\u202e"#))
        #expect(line.contains(#"note=\u001b]0;x\u0007\u009b31m"#))
        #expect(line.unicodeScalars.filter { $0.value < 0x20 } == ["\n"])
    }

    @Test func `names what matters first and leaves out what is empty`() {
        let id = UUID(high: 7, low: 8)
        let data = """
            {"order_id":"\(id)","ticket":7,"drink":{"id":"\(id)","name":"Negroni"},"note":"",
            "tags":["a","b"],"abv":null,"ready":false,"abv2":24.5,"translations":{}}
            """
        let line = EventLine.text(of: event(data: data))
        #expect(
            line.hasSuffix(
                "ticket=7 drink=Negroni tags=[2] ready=false abv2=24.5 order_id=\(id)\n"))
    }

    @Test func `is cut where it gets long, whatever the data is`() {
        let long = String(repeating: "é", count: 500)
        for data in ["{\"note\":\"\(long)\"}", long, "", "[1"] {
            let line = EventLine.text(of: event(data: data))
            #expect(line.count < 250)
            #expect(line.hasSuffix("\n"))
        }
    }
}

@Suite("A JSON line") struct EventJSONTests {
    @Test func `has every column of the contract but the leaf`() throws {
        let line = EventJSON.line(of: event(keyID: [0, 255], data: #"{"b":1, "a":[]}"#))
        #expect(
            String(decoding: line, as: UTF8.self) == """
                {"position":58,"stream":"bar","version":3,"id":"\(UUID(high: 1, low: 2))",\
                "type":"OrderingPaused","schema":1,"recorded_at":"2026-12-31T23:59:59.123456Z",\
                "actor":"staff:host","command_id":"\(UUID(high: 3, low: 4))",\
                "correlation_id":"\(UUID(high: 5, low: 6))","causation_id":null,"key_id":"00ff",\
                "data":{"b":1, "a":[]}}

                """)
    }

    @Test func `loses nothing of the time`() throws {
        for microseconds in [0, 999, 1_000, 1_798_761_599_000_001, -1] as [Int64] {
            let line = EventJSON.line(of: event(at: microseconds, data: "{}"))
            let text = try JSONValue(parsing: line).object?["recorded_at"]?.string
            #expect(text.flatMap { Time($0) }?.microseconds == microseconds)
        }
    }

    @Test func `stays one line and valid`() throws {
        let line = EventJSON.line(
            of: event(stream: "a\nb\u{1B}\"", data: "{\r\n\"note\":\n\"one\\ntwo\"}"))
        #expect(line.filter { $0 == 0x0A }.count == 1)
        let object = try #require(try JSONValue(parsing: line).object)
        #expect(object["stream"]?.string == "a\nb\u{1B}\"")
        #expect(object["data"]?.object?["note"]?.string == "one\ntwo")
    }
}
