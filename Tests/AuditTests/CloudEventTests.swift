import Audit
import Domain
import Foundation
import Testing

@testable import EventStore

private let log = Domain.UUID(high: 9, low: 10)

private func event(
    stream: String = "order-7", actor: String = "guest:Ana", position: Int64 = 58,
    causation: Domain.UUID? = nil, keyID: [UInt8]? = nil, data: String = #"{"a":[]}"#
) -> Envelope {
    Envelope(
        position: Position(position), stream: stream, version: Version(3),
        id: UUID(high: 1, low: 2), type: "OrderPlaced", schema: 1,
        recordedAt: Time(microseconds: 1_798_761_599_123_456), actor: actor,
        commandID: UUID(high: 3, low: 4), correlationID: UUID(high: 5, low: 6),
        causationID: causation, keyID: keyID, data: Array(data.utf8))
}

private func read(_ event: Envelope) throws -> [String: Any] {
    let line = CloudEvent.line(of: event, in: log)
    #expect(line.filter { $0 == 0x0A }.count == 1)
    #expect(line.last == 0x0A)
    return try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
}

/// What the specification, version 1.0.2, asks of an event in JSON.
private func flaws(_ event: [String: Any]) -> [String] {
    var flaws: [String] = []
    let required = ["specversion", "id", "source", "type"]
    for name in required where (event[name] as? String)?.isEmpty != false {
        flaws.append("\(name) is missing")
    }
    if event["specversion"] as? String != "1.0" { flaws.append("another version") }
    for (name, value) in event where name != "data" {
        let isName =
            !name.isEmpty && name.count <= 20
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        if !isName { flaws.append("\(name) is no name") }
        switch value {
        case let text as String:
            let isClean =
                !text.isEmpty
                && text.unicodeScalars.allSatisfy { scalar in
                    !(0...0x1F).contains(scalar.value) && !(0x7F...0x9F).contains(scalar.value)
                        && scalar.value & 0xFFFE != 0xFFFE
                        && !(0xFDD0...0xFDEF).contains(scalar.value)
                }
            if !isClean { flaws.append("\(name) has a character that is not allowed") }
        case let number as Int:
            if Int32(exactly: number) == nil { flaws.append("\(name) is over 32 bits") }
        default: flaws.append("\(name) is neither a text nor a number")
        }
    }
    if event["data_base64"] != nil, event["data"] != nil { flaws.append("data twice") }
    for name in ["source", "dataschema"] {
        let uri = (event[name] as? String).flatMap { URL(string: $0) }
        if uri?.scheme == nil { flaws.append("\(name) is no absolute URI") }
    }
    if (event["time"] as? String).flatMap({ Time($0) }) == nil { flaws.append("time is none") }
    if event["datacontenttype"] as? String != "application/json" { flaws.append("the data's type") }
    return flaws
}

@Suite("A CloudEvent") struct CloudEventTests {
    @Test(arguments: [
        event(), event(causation: UUID(high: 7, low: 8), keyID: [0, 255]),
        event(position: .max), event(stream: "a\u{1B}\nb", actor: "guest:\u{9F}\u{0}Ana"),
        event(data: "{\r\n\"note\":\n\"one\\ntwo\"}"),
    ])
    func `follows the rules of the specification`(event: Envelope) throws {
        #expect(flaws(try read(event)) == [])
    }

    @Test func `says what the log says`() throws {
        let read = try read(event(causation: UUID(high: 7, low: 8), keyID: [0, 255]))
        let texts = read.compactMapValues { $0 as? String }
        #expect(
            texts == [
                "specversion": "1.0", "id": "\(UUID(high: 1, low: 2))",
                "source": "urn:uuid:\(log)", "type": "barback.OrderPlaced", "subject": "order-7",
                "time": "2026-12-31T23:59:59.123456Z",
                "dataschema": "urn:barback:event:OrderPlaced:1",
                "datacontenttype": "application/json", "position": "58", "actor": "guest:Ana",
                "commandid": "\(UUID(high: 3, low: 4))",
                "correlationid": "\(UUID(high: 5, low: 6))",
                "causationid": "\(UUID(high: 7, low: 8))", "keyid": "00ff",
            ])
        #expect(read["streamversion"] as? Int == 3)
        #expect((read["data"] as? [String: Any])?["a"] as? [Int] == [])
    }
}
