import Foundation
import SQLite

/// The log as an outsider reads it, beside a running bar or without one.
struct LogRows {
    struct Row {
        let position: Int
        let stream: String
        let type: String
        let data: JSON
    }

    let rows: [Row]
    let head: Int

    init(data: String) throws {
        let log = try Connection(path: data + "/log.db", mode: .readOnly)
        try log.execute("BEGIN")
        defer { log.rollback() }
        let statement = try log.prepare(
            "SELECT position, stream, type, data FROM event ORDER BY position")
        var rows: [Row] = []
        while try statement.step() {
            let bytes = Data(statement.bytes(3))
            rows.append(
                Row(
                    position: Int(statement.integer(0)), stream: statement.text(1),
                    type: statement.text(2),
                    data: JSON(try JSONSerialization.jsonObject(with: bytes))))
        }
        self.rows = rows
        head = Int(try log.integer("SELECT position FROM head"))
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
