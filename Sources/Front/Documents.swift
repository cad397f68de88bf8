internal import Domain
internal import HTTP
internal import JSON
internal import SQLite

// The outer shape of every success: `{"data": ...}`, and `metadata` beside a list.

let jsonType = "application/json"

/// `{"data": ...}` around a finished document.
func data(_ document: [UInt8]) -> [UInt8] {
    var json = JSONWriter(reserving: document.count + 16)
    json.object { $0.member("data", json: document) }
    return json.bytes
}

/// `{"data": {...}}` around the document of a thing that has a version; nil where nothing was written.
func versioned(
    _ write: (inout JSONWriter) throws(SQLiteError) -> Version?
) throws(SQLiteError) -> (version: Version, body: [UInt8])? {
    var item = JSONWriter(reserving: 2_048)
    guard let version = try write(&item) else { return nil }
    return (version, data(item.bytes))
}

/// `{"data": [...], "metadata": {"count": n, ...}}`; `write` returns the count.
func list(
    metadata: (inout JSONWriter) -> Void = { _ in },
    _ write: (inout JSONWriter) throws(SQLiteError) -> Int
) throws(SQLiteError) -> [UInt8] {
    var items = JSONWriter(reserving: 65_536)
    let count = try write(&items)
    var json = JSONWriter(reserving: items.bytes.count + 128)
    json.object { json in
        json.member("data", json: items.bytes)
        json.name("metadata")
        json.object { json in
            json.member("count", Int64(count))
            metadata(&json)
        }
    }
    return json.bytes
}

/// An answer that nobody keeps: it is somebody's own, or changes with every tap.
///
/// `version` becomes the ETag that If-Match is compared with.
func privateAnswer(
    _ body: [UInt8], status: Int = 200, at position: Position, version: Version? = nil,
    headers: [(String, String)] = []
) -> Response {
    var all = [
        ("Content-Type", jsonType), ("Cache-Control", "no-store"),
        (Header.position, position.description),
    ]
    if let version { all.append(("ETag", "\"v\(version)\"")) }
    return Response(status: status, headers: all + headers, body: body)
}
