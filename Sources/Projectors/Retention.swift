internal import Domain
internal import EventStore
internal import ReadModels
internal import SQLite

/// Where the log's last day begins, and the removal of what a read model keeps no longer than that.
///
/// Measured by the log alone, at the end of a page: what is kept depends on the position and on nothing else.
final class Retention {
    private let log: LogReader
    private let removals: [(statement: Statement, outdated: Int32?)]
    /// As of the last look: mostly it is the same again.
    private var known = Position.start

    /// Nil for a model that keeps everything.
    init?(of model: ReadModel, _ connection: Connection, _ log: LogReader) throws(SQLiteError) {
        guard !model.afterADay.isEmpty else { return nil }
        self.log = log
        removals = try model.afterADay.map { sql throws(SQLiteError) in
            let statement = try connection.prepare(sql)
            return (statement, statement.parameter(":outdated"))
        }
    }

    /// The last position whose day is over when the log ends at `end`, or where it does end before that.
    func outdated(at end: Position) throws -> Position {
        guard let now = try log.recordedAt(upTo: end) else { return .start }
        let time = Time(microseconds: now.microseconds - ReadModel.day - 1)
        if try !isOutdated(known.next, at: time), try known == .start || isOutdated(known, at: time)
        {
            return known
        }
        known = try log.position(at: time)
        return known
    }

    private func isOutdated(_ position: Position, at time: Time) throws(SQLiteError) -> Bool {
        try log.recordedAt(upTo: position).map { $0 <= time } ?? false
    }

    func remove(upTo outdated: Position) throws(SQLiteError) {
        for (statement, parameter) in removals {
            if let parameter { statement.bind(parameter, outdated.number) }
            try statement.run()
        }
    }
}
