internal import CSQLite

/// Columns of a row, or arguments of a function: both count from 0.
public protocol Row {
    func isNull(_ column: Int32) -> Bool
    func integer(_ column: Int32) -> Int64
    func double(_ column: Int32) -> Double
    /// Empty for NULL.
    func text(_ column: Int32) -> String
    /// The bytes of a text or blob; empty for NULL.
    func bytes(_ column: Int32) -> [UInt8]
}

extension Statement: Row {}

/// What a function made known to SQL answers.
public enum SQLValue: Sendable {
    case null
    case text(String)
    case json([UInt8])
    case blob([UInt8])
}

/// The arguments of one call, valid while it lasts.
public struct Arguments: Row {
    fileprivate let values: UnsafeMutablePointer<OpaquePointer?>

    public func isNull(_ index: Int32) -> Bool {
        sqlite3_value_type(values[Int(index)]) == SQLITE_NULL
    }
    public func integer(_ index: Int32) -> Int64 { sqlite3_value_int64(values[Int(index)]) }
    public func double(_ index: Int32) -> Double { sqlite3_value_double(values[Int(index)]) }

    public func text(_ index: Int32) -> String {
        let value = values[Int(index)]
        guard let text = sqlite3_value_text(value) else { return "" }
        let count = Int(sqlite3_value_bytes(value))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    public func bytes(_ index: Int32) -> [UInt8] {
        let value = values[Int(index)]
        guard let blob = sqlite3_value_blob(value) else { return [] }
        let count = Int(sqlite3_value_bytes(value))
        return [UInt8](UnsafeRawBufferPointer(start: blob, count: count))
    }
}

extension Connection {
    /// Makes a pure function known to SQL.
    public func define(
        _ name: String, arguments count: Int32, _ body: @escaping (Arguments) -> SQLValue
    ) throws(SQLiteError) {
        let function = Unmanaged.passRetained(SQLFunction(body: body))
        functions.append(function)
        try check(
            sqlite3_create_function_v2(
                handle, name, count, SQLITE_UTF8 | SQLITE_DETERMINISTIC, function.toOpaque(),
                callFunction, nil, nil, nil), name)
    }
}

final class SQLFunction {
    let body: (Arguments) -> SQLValue
    init(body: @escaping (Arguments) -> SQLValue) { self.body = body }
}

private func callFunction(
    context: OpaquePointer?, count: Int32, values: UnsafeMutablePointer<OpaquePointer?>?
) {
    guard let context, let values, let function = sqlite3_user_data(context) else { return }
    let body = Unmanaged<SQLFunction>.fromOpaque(function).takeUnretainedValue().body
    switch body(Arguments(values: values)) {
    case .null: sqlite3_result_null(context)
    case .text(var text):
        text.withUTF8 { csqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
    case .json(let bytes):
        bytes.withUnsafeBytes { csqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
    case .blob(let bytes):
        bytes.withUnsafeBytes { csqlite_result_blob(context, $0.baseAddress, Int32($0.count)) }
    }
}
