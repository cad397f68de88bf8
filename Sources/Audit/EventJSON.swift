internal import Domain
public import EventStore
internal import JSON

/// One event as one line of JSON, every column of the log's contract but the leaf.
public enum EventJSON {
    /// The line with its line feed.
    ///
    /// `data` stands in it as it was written.
    public static func line(of event: Envelope) -> [UInt8] {
        var json = JSONWriter(reserving: event.data.count + 400)
        json.object { json in
            json.member("position", event.position.number)
            json.member("stream", event.stream)
            json.member("version", event.version.number)
            json.member("id", event.id.description)
            json.member("type", event.type)
            json.member("schema", Int64(event.schema))
            json.member("recorded_at", microsecondTime(event.recordedAt))
            json.member("actor", event.actor)
            json.member("command_id", event.commandID.description)
            json.member("correlation_id", event.correlationID.description)
            json.member("causation_id", orNull: event.causationID?.description)
            json.member("key_id", orNull: event.keyID.map(hex))
            json.member("data", json: onOneLine(event.data))
        }
        return json.bytes + [0x0A]
    }

    /// RFC 3339 in UTC with all six digits, so that nothing the log knows is lost.
    static func microsecondTime(_ time: Time) -> String {
        let within = time.microseconds % 1_000
        let digits = String(within < 0 ? within + 1_000 : within)
        let zeros = String(repeating: "0", count: 3 - digits.count)
        return time.description.dropLast() + zeros + digits + "Z"
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// In JSON a bare line feed can only stand between tokens, where a space means the same.
    static func onOneLine(_ data: [UInt8]) -> [UInt8] {
        guard data.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return data }
        return data.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }
}
