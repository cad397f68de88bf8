import Crypto
import Foundation
import SQLite

/// The log as an outsider reads it who has the keys of the persons in it, beside a running bar or without one.
struct LogRows {
    struct Row {
        let position: Int
        let stream: String
        let type: String
        /// With what was sealed in it.
        let data: JSON
    }

    let rows: [Row]
    let head: Int

    init(data: String) throws {
        let log = try Connection(path: data + "/log.db", mode: .readOnly)
        try log.execute("BEGIN")
        defer { log.rollback() }
        let statement = try log.prepare(
            "SELECT position, stream, type, data, key_id FROM event ORDER BY position")
        let people = try Self.people(data)
        var rows: [Row] = []
        while try statement.step() {
            let stream = statement.text(1)
            var object = try JSONSerialization.jsonObject(with: Data(statement.bytes(3)))
            if let sealed = object as? [String: Any], let key = people[statement.bytes(4)] {
                object = try Self.open(sealed, of: stream, with: key)
            }
            rows.append(
                Row(
                    position: Int(statement.integer(0)), stream: stream, type: statement.text(2),
                    data: JSON(object)))
        }
        self.rows = rows
        head = Int(try log.integer("SELECT position FROM head"))
    }

    private static func people(_ data: String) throws -> [[UInt8]: AES256GCM] {
        let people = try Connection(path: data + "/secrets/people.db", mode: .readOnly)
        let statement = try people.prepare("SELECT key_id, key FROM person")
        var keys: [[UInt8]: AES256GCM] = [:]
        while try statement.step() {
            keys[statement.bytes(0)] = AES256GCM(key: statement.bytes(1))
        }
        return keys
    }

    private static func open(
        _ object: [String: Any], of stream: String, with key: AES256GCM
    ) throws -> [String: Any] {
        guard let text = object["sealed"] as? String, let cipher = Data(base64Encoded: text),
            let plain = key.open([UInt8](cipher), authenticating: Array(stream.utf8)),
            let personal = try JSONSerialization.jsonObject(with: Data(plain)) as? [String: Any]
        else { return object }
        return object.merging(personal) { $1 }
    }

    /// The positions are 1, 2, 3 and so on up to the head.
    var isDense: Bool { rows.map(\.position) == Array(1...max(1, head)) && rows.count == head }

    /// The streams of the orders with a note.
    func orders(note: String) -> [String] {
        rows.filter { $0.type == "OrderPlaced" && $0.data["note"].string == note }.map(\.stream)
    }

    /// Where a log ends, without reading it.
    static func head(data: String) throws -> Int {
        let log = try Connection(path: data + "/log.db", mode: .readOnly)
        return Int(try log.integer("SELECT position FROM head"))
    }
}
