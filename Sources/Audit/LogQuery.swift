public import Domain
public import EventStore

/// Which events of the log somebody wants to see.
public struct LogQuery: Sendable {
    public var after = Position.start
    /// The first that many of those that fit; nil for all.
    public var limit: Int64?
    public var type: String?
    public var stream: String?
    /// Recorded at this moment or later.
    public var since: Time?
    /// Recorded at this moment or before.
    public var until: Time?

    public init() {}
}

/// Goes through the log page by page, so that no snapshot holds back the copying of the write-ahead log.
public final class LogWalk {
    private let log: LogReader
    private let query: LogQuery
    private let last: Position
    private var position: Position
    private var left: Int64
    private var hasReadStream = false

    private static let pageSize = 500

    public init(_ query: LogQuery, in log: LogReader) throws(LogError) {
        self.query = query
        self.log = log
        left = query.limit ?? .max
        last =
            try query.until.map { time throws(LogError) in try log.position(at: time) }
            ?? Position(.max)
        let since = try query.since.map { time throws(LogError) in
            try log.position(at: Time(microseconds: time.microseconds - 1))
        }
        position = max(query.after, since ?? .start)
    }

    /// Nothing that is written later can be wanted any more.
    public var isFinished: Bool { left == 0 || position >= last }

    /// The next events that fit, oldest first.
    ///
    /// - Returns: Empty where a page held none that fit; nil at the end of what has been written.
    public func next() throws -> [Envelope]? {
        guard !isFinished else { return nil }
        let page = try nextPage()
        guard let end = page.last else { return nil }
        position = max(position, end.position)
        let found = page.filter(fits).prefix(Int(clamping: left))
        left -= Int64(found.count)
        return Array(found)
    }

    private func nextPage() throws -> [Envelope] {
        guard let stream = query.stream, !hasReadStream else {
            return try log.read(after: position, limit: Self.pageSize)
        }
        // The stream has an index: what is there already is read through it, what comes is watched for.
        hasReadStream = true
        let head = try log.head().position
        let found = try log.read(stream: stream, upTo: head).filter { $0.position > position }
        position = max(position, head)
        return found.isEmpty ? try log.read(after: position, limit: Self.pageSize) : found
    }

    private func fits(_ event: Envelope) -> Bool {
        event.position <= last && (query.type ?? event.type) == event.type
            && (query.stream ?? event.stream) == event.stream
    }
}
