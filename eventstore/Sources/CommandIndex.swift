public import Domain
internal import SQLite

/// The keyed commands of the last 24 hours, by the first eight bytes of their id.
///
/// Eight bytes find the row, the row decides: an id is 16 bytes of SHA-256, so two that begin alike
/// are not expected in the life of the universe, and then only the later one is found. Two
/// generations of a day each are kept, and the older is dropped whole.
struct CommandIndex {
    static let windowMicroseconds: Int64 = 24 * 3_600 * 1_000_000

    private var recent: [UInt64: Int64] = [:]
    private var older: [UInt64: Int64] = [:]
    private var turnedAt: Time

    /// Loads what the window holds.
    init(from connection: Connection, at now: Time) throws(SQLiteError) {
        turnedAt = now
        let bounds = try connection.prepare(
            "SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM command")
        guard try bounds.step() else { return }
        let first = bounds.integer(0)
        let last = bounds.integer(1)
        bounds.reset()
        let cutoff = now.microseconds - Self.windowMicroseconds
        let start = try Self.firstNumber(after: cutoff, in: first...max(first, last), connection)
        recent.reserveCapacity(Int(max(0, last - start + 1)))
        let rows = try connection.prepare("SELECT number, id FROM command WHERE number >= ?")
        rows.bind(1, start)
        while try rows.step() {
            if let high = rows.bigEndian(1) { recent[high] = rows.integer(0) }
        }
    }

    /// The number of the command that may have this id.
    func number(of id: UUID) -> Int64? { recent[id.high] ?? older[id.high] }

    mutating func insert(_ id: UUID, number: Int64, at now: Time) {
        if now.microseconds - turnedAt.microseconds > Self.windowMicroseconds {
            older = recent
            recent = [:]
            turnedAt = now
        }
        recent[id.high] = number
    }

    /// Times rise with numbers, so halving finds the first row of the window without an index.
    private static func firstNumber(
        after cutoff: Int64, in numbers: ClosedRange<Int64>, _ connection: Connection
    ) throws(SQLiteError) -> Int64 {
        let recorded = try connection.prepare("SELECT recorded_at FROM command WHERE number = ?")
        var low = numbers.lowerBound
        var high = numbers.upperBound + 1
        while low < high {
            let middle = low + (high - low) / 2
            recorded.bind(1, middle)
            let isOld = try recorded.step() && recorded.integer(0) < cutoff
            recorded.reset()
            if isOld { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a keyed command led to.
public struct StoredCommand: Equatable, Sendable {
    public let fingerprint: [UInt8]
    public let first: Position
    public let last: Position
    public let reply: [UInt8]
}
