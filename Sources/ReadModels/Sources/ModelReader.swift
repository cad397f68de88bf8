public import Domain
public import SQLite

/// How far a read model has read, and when it last changed.
public struct ModelState: Equatable, Sendable {
    public let position: Position
    public let changed: Position

    public init(position: Position, changed: Position) {
        self.position = position
        self.changed = changed
    }
}

/// A read model opened for questions.
///
/// An answer and the position it belongs to are read in one ``snapshot(_:)``.
public class ModelReader {
    let connection: Connection
    private let state: Statement

    init(on connection: Connection) throws(SQLiteError) {
        self.connection = connection
        // A long menu is sorted in a temporary file, which the front may not make behind its wall.
        try connection.execute("PRAGMA temp_store = MEMORY")
        state = try connection.prepare("SELECT position, changed FROM projection")
    }

    public func readState() throws(SQLiteError) -> ModelState {
        try snapshot { state throws(SQLiteError) in state }
    }

    private func stateNow() throws(SQLiteError) -> ModelState {
        defer { state.reset() }
        guard try state.step() else { return ModelState(position: .start, changed: .start) }
        return ModelState(
            position: Position(state.integer(0)), changed: Position(state.integer(1)))
    }

    /// Runs the body on one moment of the model.
    public func snapshot<Result>(
        _ body: (ModelState) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try connection.snapshot(first: stateNow, body)
    }
}

func timeText(_ microseconds: Int64) -> String { Time(microseconds: microseconds).description }
