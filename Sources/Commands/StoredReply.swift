/// What a repeated request is answered from: what was done to what.
///
/// No words, nothing secret.
///
///     1 byte    1 created, 2 changed, 3 an order placed
///     2 bytes   of 3 alone: its place in the queue, little-endian
///     ...       the id or name, UTF-8
struct StoredReply: Equatable {
    let created: Bool
    let id: String
    /// Where in the queue a new order stood; nil for everything else, and far back in a long queue.
    let queuePosition: Int64?

    init(created: Bool, id: String, queuePosition: Int64? = nil) {
        self.created = created
        self.id = id
        self.queuePosition = queuePosition
    }

    var bytes: [UInt8] {
        guard let queuePosition else { return [created ? 1 : 2] + Array(id.utf8) }
        return [
            3, UInt8(truncatingIfNeeded: queuePosition),
            UInt8(truncatingIfNeeded: queuePosition >> 8),
        ]
            + Array(id.utf8)
    }

    init(_ bytes: [UInt8]) {
        if bytes.first == 3, bytes.count >= 3 {
            created = true
            queuePosition = Int64(bytes[1]) | Int64(bytes[2]) << 8
            id = String(decoding: bytes[3...], as: UTF8.self)
        } else {
            created = bytes.first == 1
            queuePosition = nil
            id = String(decoding: bytes.dropFirst(), as: UTF8.self)
        }
    }
}
