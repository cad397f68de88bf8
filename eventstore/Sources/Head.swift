public import Domain
internal import SQLite

/// Where a log ends.
public struct Head: Equatable, Sendable {
    public let logID: UUID
    public var position: Position
    public var frontier: Frontier

    /// Reads the one row of `head`.
    ///
    /// - Throws: ``LogError/newerFormat(found:known:)`` for a file that this release cannot know,
    ///   ``LogError/damaged(at:reason:)`` for a row that is missing or does not fit itself.
    static func read(from connection: Connection) throws(LogError) -> Head {
        let row: (logID: [UInt8], format: Int64, position: Int64, frontier: [UInt8])?
        do throws(SQLiteError) {
            let statement = try connection.prepare(
                "SELECT log_id, format, position, frontier FROM head")
            if try statement.step() {
                row = (
                    statement.bytes(0), statement.integer(1), statement.integer(2),
                    statement.bytes(3)
                )
            } else {
                row = nil
            }
            statement.reset()
        } catch {
            throw .sqlite(error)
        }
        guard let row else { throw .damaged(at: .start.next, reason: "the head is missing") }
        guard row.format <= Schema.format else {
            throw .newerFormat(found: row.format, known: Schema.format)
        }
        let position = Position(row.position)
        guard let logID = UUID(bytes: row.logID),
            let frontier = Frontier(size: row.position, stored: row.frontier)
        else { throw .damaged(at: position, reason: "the head does not fit its position") }
        return Head(logID: logID, position: position, frontier: frontier)
    }
}
