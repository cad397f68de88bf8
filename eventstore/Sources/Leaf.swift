internal import Domain
internal import SQLite

/// The bytes a leaf hash covers: every stored column before `leaf`, each with its kind and length.
///
///     0x00                           RFC 6962 leaf prefix
///     for each column, in the table's order:
///       1 byte kind (0 NULL, 1 integer, 2 text, 3 blob), 4 bytes length, the bytes
///
/// Lengths and integers are big-endian; an integer has 8 bytes. JSON enters as it is stored and is
/// never written anew: two writers of the same JSON may differ in a space.
struct LeafEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func start() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(0)
    }

    mutating func null() { header(kind: 0, count: 0) }

    mutating func integer(_ value: Int64) {
        header(kind: 1, count: 8)
        append(bigEndian: UInt64(bitPattern: value), byteCount: 8)
    }

    mutating func text(_ value: String) {
        header(kind: 2, count: value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func text(_ value: [UInt8]) {
        header(kind: 2, count: value.count)
        bytes.append(contentsOf: value)
    }

    mutating func blob(_ value: [UInt8]?) {
        guard let value else { return null() }
        header(kind: 3, count: value.count)
        bytes.append(contentsOf: value)
    }

    mutating func uuid(_ value: UUID?) {
        guard let value else { return null() }
        header(kind: 3, count: 16)
        append(bigEndian: value.high, byteCount: 8)
        append(bigEndian: value.low, byteCount: 8)
    }

    /// All columns of an event.
    mutating func encode(_ event: Envelope) {
        start()
        integer(event.position.number)
        text(event.stream)
        integer(event.version.number)
        uuid(event.id)
        text(event.type)
        integer(Int64(event.schema))
        integer(event.recordedAt.microseconds)
        text(event.actor)
        uuid(event.commandID)
        uuid(event.correlationID)
        uuid(event.causationID)
        blob(event.keyID)
        text(event.data)
    }

    /// A column as it is stored, whatever its kind.
    mutating func column(_ index: Int32, of row: Statement) {
        switch row.kind(index) {
        case .null: null()
        case .integer: integer(row.integer(index))
        case .text:
            header(kind: 2, count: row.length(index))
            row.append(index, to: &bytes)
        case .blob, .real:
            header(kind: 3, count: row.length(index))
            row.append(index, to: &bytes)
        }
    }

    private mutating func header(kind: UInt8, count: Int) {
        bytes.append(kind)
        append(bigEndian: UInt64(count), byteCount: 4)
    }

    private mutating func append(bigEndian value: UInt64, byteCount: Int) {
        for index in 0..<byteCount {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64((byteCount - 1 - index) * 8)))
        }
    }
}
