public import Domain
public import EventStore
internal import JSON
internal import System

/// One event of the log as a CloudEvent in JSON, on one line.
///
///     source           urn:uuid:LOG-ID          with id: the event, wherever it is seen
///     type             barback.OrderPlaced      the same for every version of the schema
///     dataschema       urn:barback:event:OrderPlaced:1, the $id of the schema in eventstore/catalogue
///     subject          the stream
///     position         text, since a CloudEvents integer has 32 bits
///     streamversion, actor, commandid, correlationid, causationid, keyid
///
/// Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
public enum CloudEvent {
    /// The line with its line feed; `data` stands in it as it was written.
    public static func line(of event: Envelope, in log: UUID) -> [UInt8] {
        var json = JSONWriter(reserving: event.data.count + 600)
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", event.id.description)
            json.member("source", "urn:uuid:\(log)")
            json.member("type", "barback.\(event.type)")
            // Control characters may stand in no attribute; in the log they stand in none, if all is well.
            json.member("subject", escaped(event.stream))
            json.member("time", EventJSON.microsecondTime(event.recordedAt))
            json.member("dataschema", "urn:barback:event:\(event.type):\(event.schema)")
            json.member("datacontenttype", "application/json")
            json.member("position", event.position.description)
            json.member("streamversion", event.version.number)
            json.member("actor", escaped(event.actor))
            json.member("commandid", event.commandID.description)
            json.member("correlationid", event.correlationID.description)
            if let cause = event.causationID { json.member("causationid", cause.description) }
            if let key = event.keyID { json.member("keyid", EventJSON.hex(key)) }
            json.member("data", json: EventJSON.onOneLine(event.data))
        }
        return json.bytes + [0x0A]
    }
}
