internal import Crypto
internal import SQLite

/// A digest of what a read model holds, whatever way it got there.
enum ContentDigest {
    /// SHA-256 over tables by name, rows by all their columns, each value with its kind and length.
    static func of(_ connection: Connection) throws(SQLiteError) -> Digest {
        let hash = SHA256()
        var whole: [UInt8] = []
        for table in try tables(of: connection) {
            whole.append(contentsOf: hash.digest(of: Array(table.utf8)).bytes)
            let rows = try connection.prepare(try allRows(of: table, connection))
            while try rows.step() {
                var row: [UInt8] = []
                for column in 0..<rows.columnCount { append(column, of: rows, to: &row) }
                // Folding rows into one digest keeps this small for a model of any size.
                whole = hash.digest(of: whole + row).bytes
            }
        }
        return hash.digest(of: whole)
    }

    /// Ordered by every column, so that no two orders of the same rows are possible.
    private static func allRows(
        of table: String, _ connection: Connection
    ) throws(SQLiteError) -> String {
        let query = "SELECT * FROM \"\(table)\""
        let columns = try connection.prepare(query).columnCount
        return query + " ORDER BY " + (1...columns).map { "\($0)" }.joined(separator: ", ")
    }

    private static func tables(of connection: Connection) throws(SQLiteError) -> [String] {
        let names = try connection.prepare(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name <> 'projection' AND name NOT LIKE 'sqlite_%' ORDER BY name
            """)
        var tables: [String] = []
        while try names.step() { tables.append(names.text(0)) }
        return tables
    }

    private static func append(_ column: Int32, of row: Statement, to bytes: inout [UInt8]) {
        let kind: UInt8 =
            switch row.kind(column) {
            case .null: 0
            case .integer: 1
            case .real: 2
            case .text: 3
            case .blob: 4
            }
        bytes.append(kind)
        // The length is asked for after the text form is, which is what it then counts.
        let start = bytes.count
        bytes.append(contentsOf: Array(row.text(column).utf8))
        for place in 0..<4 {
            bytes.append(UInt8(truncatingIfNeeded: (bytes.count - start) >> (8 * place)))
        }
    }
}
