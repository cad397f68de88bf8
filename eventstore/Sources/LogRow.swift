public import Domain
internal import SQLite

/// What a projection reads of an event, where it lies: only what is asked for is copied.
///
/// Good until ``LogReader/forEach(after:limit:upTo:_:)`` goes on to the next.
public struct LogRow {
    static let columns = "position, version, type, schema, recorded_at, actor, data, key_id, stream"

    let row: Statement

    public var position: Position { Position(row.integer(0)) }
    public var version: Version { Version(row.integer(1)) }
    public var type: String { row.text(2) }
    public var schema: Int { Int(row.integer(3)) }
    public var recordedAt: Time { Time(microseconds: row.integer(4)) }

    /// Whether the event is of the type that is written with these bytes.
    public func isOfType(_ name: [UInt8]) -> Bool { row.holds(name, in: 2) }

    public func copyActor(into bytes: inout [UInt8]) { copy(5, &bytes) }

    /// The JSON as it was written.
    public func copyData(into bytes: inout [UInt8]) { copy(6, &bytes) }

    /// Whether a part of the data is sealed.
    public var isSealed: Bool { !row.isNull(7) }

    /// The JSON with its sealed part opened.
    public func openData(with keys: any PersonKeys) -> [UInt8] {
        Sealed.open(row.bytes(6), stream: row.text(8), keyID: row.bytes(7), with: keys)
    }

    private func copy(_ column: Int32, _ bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        row.append(column, to: &bytes)
    }
}
