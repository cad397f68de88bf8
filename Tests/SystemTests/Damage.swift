import Foundation
import SQLite

/// A data directory that was used and closed in order, to be damaged copy by copy.
struct Cellar {
    let scratch: Scratch
    let data: String
    let head: Int

    /// Places orders with the notes `order-1`, `order-2` and so on.
    init(orders: Int = 40) throws {
        scratch = try Scratch()
        data = scratch("data")
        let bar = try Bar(data: data)
        defer { bar.close() }
        let drink = try bar.anyDrink()
        for number in 1...orders {
            guard try bar.order(drink, note: "order-\(number)").status == 201 else {
                throw Late(description: "the bar took no order")
            }
        }
        guard try bar.stop().code == 0 else { throw Late(description: "the bar did not stop") }
        head = try LogRows.head(data: data)
        // Sockets cannot be copied, and every start makes its own.
        try FileManager.default.removeItem(atPath: data + "/run")
    }

    func position(ofNote note: String) throws -> Int {
        let row = try LogRows(data: data).rows.first { $0.data["note"].string == note }
        guard let row else { throw Late(description: "no order has the note \(note)") }
        return row.position
    }

    /// A copy to spoil.
    func copy(_ name: String, _ spoil: (String) throws -> Void) throws -> String {
        let copy = scratch(name)
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        try spoil(copy + "/log.db")
        return copy
    }

    /// Puts the log of a copy in the place of this one, as a restore does; with the bar stopped.
    func putBack(_ copy: String) throws {
        for file in ["log.db", "log.db-wal", "log.db-shm"] {
            try? FileManager.default.removeItem(atPath: "\(data)/\(file)")
        }
        try FileManager.default.copyItem(atPath: copy + "/log.db", toPath: data + "/log.db")
    }

    /// Puts so many drinks on the menu, an event each.
    func lengthen(by drinks: Int) throws {
        let lines =
            [#"{"barback":"menu","version":1}"#, #"{"section":{"name":"Long"}}"#]
            + (1...drinks).map {
                #"{"drink":{"section":"Long","name":"Drink \#($0)","ingredients":["Rum"]}}"#
            }
        let menu = scratch("long.jsonl")
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: menu))
        let said = try barback("import", menu, "--data", data)
        guard said.code == 0 else { throw Late(description: said.errors) }
    }

    /// The paths of everything below a directory.
    func files(of directory: String) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: directory))
    }

    /// Changes one byte of the file where it holds a text.
    static func flipByte(of text: String, in path: String) throws {
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        var found = 0
        while let range = file.range(of: Data(text.utf8)) {
            // Still JSON, still UTF-8: only the hash can tell.
            file[range.lowerBound] ^= 0x02
            found += 1
        }
        guard found > 0 else { throw Late(description: "the file does not hold \(text)") }
        try file.write(to: URL(fileURLWithPath: path))
    }

    /// Runs SQL on a log behind the back of its triggers.
    static func forge(_ sql: String, in path: String) throws {
        let log = try Connection(path: path, mode: .readWrite)
        for name in ["event_is_never_updated", "event_is_never_deleted"] {
            try log.execute("DROP TRIGGER \(name)")
        }
        try log.execute(sql)
        for (name, verb) in [("updated", "UPDATE"), ("deleted", "DELETE")] {
            try log.execute(
                "CREATE TRIGGER event_is_never_\(name) BEFORE \(verb) ON event "
                    + "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END")
        }
        _ = try log.checkpoint(.truncate(busyMilliseconds: 1_000))
    }
}
