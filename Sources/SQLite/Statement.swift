internal import CSQLite
internal import Glibc

/// A prepared statement: bind, step, read, reset.
///
/// Parameters count from 1, columns from 0, as in SQLite.
public final class Statement {
    private let handle: OpaquePointer
    // The connection must outlive its statements.
    private let connection: Connection
    private let sql: String

    init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        var raw: OpaquePointer?
        try connection.check(
            sqlite3_prepare_v3(
                connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, nil), sql)
        guard let raw else {
            throw SQLiteError(code: SQLITE_MISUSE, message: "an empty statement", subject: sql)
        }
        handle = raw
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Bind

    public func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }
    public func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(handle, index, value) }
    public func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

    public func bind(_ index: Int32, _ value: String) {
        var value = value
        value.withUTF8 { text in
            // An empty text may have no address, and no address means NULL.
            withUnsafePointer(to: 0 as UInt8) { nothing in
                _ = csqlite_bind_text(
                    handle, index, text.baseAddress ?? nothing, UInt64(text.count))
            }
        }
    }

    public func bind(_ index: Int32, text bytes: [UInt8]) {
        bytes.withUnsafeBytes {
            _ = csqlite_bind_text(handle, index, $0.baseAddress, UInt64($0.count))
        }
    }

    public func bind(_ index: Int32, blob bytes: [UInt8]) {
        bytes.withUnsafeBytes {
            _ = csqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
        }
    }

    public func bind(_ index: Int32, orNull value: String?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    /// Binds every column of another statement's row, in order, with kind and bytes as they are.
    public func bind(row: Statement) {
        for column in 0..<row.columnCount {
            sqlite3_bind_value(handle, column + 1, sqlite3_column_value(row.handle, column))
        }
    }

    /// The index of a named parameter, such as `:data`; nil where the statement has none.
    public func parameter(_ name: String) -> Int32? {
        let index = sqlite3_bind_parameter_index(handle, name)
        return index == 0 ? nil : index
    }

    // MARK: Step

    /// Moves to the next row; false after the last one, and then the statement is reset.
    public func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = SQLiteError(
                code: sqlite3_extended_errcode(connection.handle),
                message: String(cString: sqlite3_errmsg(connection.handle)), subject: sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that returns no rows.
    public func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Runs a statement that returns no rows, with texts that SQLite reads where they lie.
    ///
    /// `places` are the parameters and where each one's text stands in `bytes`; afterwards every
    /// parameter is NULL again. Copying an event's
    /// JSON for each statement that looks at it is a tenth of a rebuild.
    public func run(
        lending bytes: [UInt8], _ places: [(parameter: Int32, range: Range<Int>)]
    ) throws(SQLiteError) {
        let failure = bytes.withUnsafeBytes { bytes -> SQLiteError? in
            withUnsafePointer(to: 0 as UInt8) { nothing in
                for (parameter, range) in places {
                    // An empty text may have no address, and no address means NULL.
                    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
                    let start = text.baseAddress ?? UnsafeRawPointer(nothing)
                    _ = csqlite_lend_text(handle, parameter, start, UInt64(text.count))
                }
                // The bytes are only lent: nothing may point at them once this returns.
                defer { sqlite3_clear_bindings(handle) }
                do throws(SQLiteError) {
                    try run()
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
    }

    /// Ends reading before the last row; a statement left open would hold its snapshot.
    public func reset() { sqlite3_reset(handle) }

    // MARK: Read

    public enum Kind: Sendable { case null, integer, real, text, blob }

    public func kind(_ column: Int32) -> Kind {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    public func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
    public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    public func text(_ column: Int32) -> String {
        guard let text = sqlite3_column_text(handle, column) else { return "" }
        return String(
            decoding: UnsafeBufferPointer(start: text, count: length(column)), as: UTF8.self)
    }

    public func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a text or blob; empty for NULL.
    public func bytes(_ column: Int32) -> [UInt8] {
        guard let blob = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: blob, count: length(column)))
    }

    /// The first eight bytes of a blob as one number, most significant first; nil where there are fewer.
    public func bigEndian(_ column: Int32) -> UInt64? {
        guard let blob = sqlite3_column_blob(handle, column), length(column) >= 8 else {
            return nil
        }
        return UInt64(bigEndian: blob.loadUnaligned(as: UInt64.self))
    }

    /// Appends the bytes of a text or blob without an array of their own.
    public func append(_ column: Int32, to bytes: inout [UInt8]) {
        guard let blob = sqlite3_column_blob(handle, column) else { return }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: blob, count: length(column)))
    }

    /// Whether a text or blob is exactly these bytes.
    public func holds(_ bytes: [UInt8], in column: Int32) -> Bool {
        guard let blob = sqlite3_column_blob(handle, column) else { return bytes.isEmpty }
        return bytes.withUnsafeBytes { wanted in
            guard let start = wanted.baseAddress else { return length(column) == 0 }
            return wanted.count == length(column) && memcmp(start, blob, wanted.count) == 0
        }
    }

    public func length(_ column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }
    public var columnCount: Int32 { sqlite3_column_count(handle) }
}
