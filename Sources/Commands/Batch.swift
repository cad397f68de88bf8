internal import Domain
internal import EventStore
internal import Wire

/// The commands that one COMMIT will carry, while they are being decided.
struct Batch {
    private(set) var staged: [StagedCommand] = []
    /// The log's last position once this batch is committed.
    private(set) var last: Position
    private var keyed: [UUID: (fingerprint: [UInt8], outcome: CommandOutcome)] = [:]

    init(after head: Position) { last = head }

    mutating func add(_ command: StagedCommand, outcome: (Position) -> CommandOutcome)
        -> CommandOutcome
    {
        staged.append(command)
        last = Position(last.number + Int64(command.events.count))
        let outcome = outcome(last)
        if let key = command.key { keyed[key.id] = (key.fingerprint, outcome) }
        return outcome
    }

    /// The answer to a request that stands earlier in this very batch with the same key.
    func repeated(_ key: CommandKey) -> CommandOutcome? {
        keyed[key.id].map {
            $0.fingerprint == key.fingerprint ? $0.outcome : .refused(.keyReused)
        }
    }
}
