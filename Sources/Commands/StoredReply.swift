/// What a repeated request is answered from: what was done to what.
///
/// No words, nothing secret.
///
///     1 byte   1 created, 2 changed
///     ...      the id or name, UTF-8
struct StoredReply: Equatable {
    let created: Bool
    let id: String

    var bytes: [UInt8] { [created ? 1 : 2] + Array(id.utf8) }

    init(created: Bool, id: String) {
        self.created = created
        self.id = id
    }

    init(_ bytes: [UInt8]) {
        created = bytes.first == 1
        id = String(decoding: bytes.dropFirst(), as: UTF8.self)
    }
}
