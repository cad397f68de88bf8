internal import Crypto
internal import SQLite

/// A digest of what a read model holds, whatever way it got there.
enum ContentDigest {
    /// SHA-256 over tables by name, rows by all their columns, each value with its kind and length.
    ///
    /// Folded every 64 kB of whole rows into what came before: small for a model of any size.
    static func of(_ connection: Connection) throws(SQLiteError) -> Digest {
        let hash = SHA256()
        var bytes: [UInt8] = []
        for table in try tables(of: connection) {
            append(Array(table.utf8), to: &bytes)
            let rows = try connection.prepare(try allRows(of: table, connection))
            while try rows.step() {
                for column in 0..<rows.columnCount { append(column, of: rows, to: &bytes) }
                if bytes.count > 65_536 { bytes = hash.digest(of: bytes).bytes }
            }
        }
        return hash.digest(of: bytes)
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
        switch row.kind(column) {
        case .null: bytes.append(0)
        case .integer: append(1, UInt64(bitPattern: row.integer(column)), to: &bytes)
        case .real: append(2, row.double(column).bitPattern, to: &bytes)
        case .text:
            append(3, UInt64(row.length(column)), to: &bytes)
            row.append(column, to: &bytes)
        case .blob:
            append(4, UInt64(row.length(column)), to: &bytes)
            row.append(column, to: &bytes)
        }
    }

    /// A table's name begins what no value begins with.
    private static func append(_ name: [UInt8], to bytes: inout [UInt8]) {
        append(5, UInt64(name.count), to: &bytes)
        bytes.append(contentsOf: name)
    }

    private static func append(_ kind: UInt8, _ number: UInt64, to bytes: inout [UInt8]) {
        bytes.append(kind)
        for place in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
        }
    }
}
