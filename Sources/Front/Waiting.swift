internal import Domain
internal import HTTP

/// Requests that wait until a read model has reached a position.
struct Waiting {
    struct Entry {
        let ticket: Ticket
        let position: Position
        /// Monotonic nanoseconds.
        let deadline: UInt64
        /// Called once: true when the position was reached, false when the time was up.
        let done: (Bool) -> Void
    }

    /// More are answered at once that they have to try again.
    static let most = 1_000
    static let nanoseconds: UInt64 = 2_000_000_000

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var isFull: Bool { entries.count >= Self.most }
    var count: Int { entries.count }

    mutating func add(_ entry: Entry) { entries.append(entry) }

    /// Its client has left; nobody waits any more.
    mutating func remove(_ ticket: Ticket) { entries.removeAll { $0.ticket == ticket } }

    /// Takes out those whose position was reached, or whose time is up.
    mutating func due(at position: Position, now: UInt64) -> [(Entry, reached: Bool)] {
        guard !entries.isEmpty else { return [] }
        var due: [(Entry, reached: Bool)] = []
        entries.removeAll { entry in
            let reached = entry.position <= position
            guard reached || entry.deadline <= now else { return false }
            due.append((entry, reached))
            return true
        }
        return due
    }
}
