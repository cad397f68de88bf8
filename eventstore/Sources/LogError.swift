public import Domain
public import SQLite

/// Why the log could not do what it was asked.
public enum LogError: Error, CustomStringConvertible {
    case sqlite(SQLiteError)
    /// The file was written by a newer barback.
    case newerFormat(found: Int64, known: Int64)
    /// What is stored is not what was written; `at` is the first bad position.
    case damaged(at: Position, reason: String)
    /// The stream is not where the append expected it.
    case conflict(stream: String, expected: ExpectedVersion, present: Version)
    /// The type, or this schema of it, is not in the catalogue.
    case notInCatalogue(type: String, schema: Int)
    /// A stored event does not follow its schema.
    case undecodable(type: String, schema: Int, reason: String)
    /// There is no log where one was expected.
    case missing(path: String)

    public var description: String {
        switch self {
        case .sqlite(let error): error.description
        case .newerFormat(let found, let known):
            "the log has format \(found) and this barback knows up to \(known); "
                + "start the newer barback that wrote it, or restore a backup made before"
        case .damaged(let position, let reason):
            "the log is damaged at position \(position): \(reason); "
                + "stop barback and restore a backup"
        case .conflict(let stream, let expected, let present):
            "stream \(stream) is at version \(present), expected \(expected)"
        case .notInCatalogue(let type, let schema):
            "the catalogue has no event type \(type) with schema \(schema)"
        case .undecodable(let type, let schema, let reason):
            "a \(type) event of schema \(schema) cannot be read: \(reason)"
        case .missing(let path):
            "there is no log at \(path); start barback there once, or name another --data"
        }
    }
}

/// Runs SQLite work inside the log: its errors are the log's.
func stored<Result>(
    _ body: () throws(SQLiteError) -> Result
) throws(LogError) -> Result {
    do throws(SQLiteError) { return try body() } catch { throw .sqlite(error) }
}
