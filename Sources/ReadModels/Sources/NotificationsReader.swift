public import Domain
public import SQLite

/// Whom a notification is for.
public enum NotificationAudience: Hashable, Sendable {
    /// Guests and staff.
    case everyone
    case staff
    /// The one guest with this id.
    case guest(String)

    /// `everyone`, `staff`, or a guest's id.
    public init(_ text: String) {
        self =
            switch text {
            case "everyone": .everyone
            case "staff": .staff
            default: .guest(text)
            }
    }

    public var text: String {
        switch self {
        case .everyone: "everyone"
        case .staff: "staff"
        case .guest(let id): id
        }
    }
}

/// One change as one audience is told of it.
public struct NotificationRow: Equatable, Sendable {
    /// Of the event that made the change.
    public let position: Position
    public let audience: NotificationAudience
    /// `order_created`, `order_status_changed`, `order_completed`, `menu_changed` or `bar_changed`.
    public let event: String
    /// One line of JSON: `type`, `position`, `data` and, where an order moved, `previous_status`.
    public let document: [UInt8]
}

/// What there was to tell in the last day of the log, oldest first.
public final class NotificationsReader: ModelReader {
    private let all: Statement
    private let ofTwo: Statement
    private let retained: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        all = try connection.prepare(Self.all)
        ofTwo = try connection.prepare(Self.ofTwo)
        retained = try connection.prepare("SELECT retained_after FROM retention")
        try super.init(on: connection)
    }

    static let all = """
        SELECT position, audience, event, document FROM notification
        WHERE position > ?1 ORDER BY position LIMIT ?2
        """

    static let ofTwo = """
        SELECT position, audience, event, document FROM notification
        WHERE audience = 'everyone' AND position > ?1
        UNION ALL
        SELECT position, audience, event, document FROM notification
        WHERE audience = ?3 AND position > ?1
        ORDER BY position LIMIT ?2
        """

    /// Of every audience.
    ///
    /// At most `limit` (1 or more) rows, or as many as it takes for `bytes` of documents, and one more where the last
    /// position would be cut in two.
    public func rows(
        after position: Position, limit: Int, bytes: Int = .max
    ) throws(SQLiteError) -> [NotificationRow] {
        try rows(all, after: position, limit, bytes)
    }

    /// What a guest may see, one row a position: at most `limit`, or as many as it takes for `bytes` of documents.
    public func rows(
        after position: Position, forGuest id: String, limit: Int, bytes: Int = .max
    ) throws(SQLiteError) -> [NotificationRow] {
        // Whatever an id may be, it is nobody else's rows that it opens.
        guard case .guest = NotificationAudience(id) else { return [] }
        ofTwo.bind(3, id)
        return try rows(ofTwo, after: position, limit, bytes)
    }

    /// What staff may see, which is every change, one row a position: at most `limit`, or as many as it takes for
    /// `bytes` of documents.
    public func rows(
        after position: Position, forStaff limit: Int, bytes: Int = .max
    ) throws(SQLiteError) -> [NotificationRow] {
        ofTwo.bind(3, NotificationAudience.staff.text)
        return try rows(ofTwo, after: position, limit, bytes)
    }

    private func rows(
        _ statement: Statement, after position: Position, _ limit: Int, _ bytes: Int
    ) throws(SQLiteError) -> [NotificationRow] {
        defer { statement.reset() }
        statement.bind(1, position.number)
        // A position has two rows at most.
        statement.bind(2, Int64(limit + 1))
        var rows: [NotificationRow] = []
        var size = 0
        while try statement.step() {
            let position = Position(statement.integer(0))
            let isFull = rows.count >= limit || size >= bytes
            if isFull, position != rows.last?.position { break }
            rows.append(
                NotificationRow(
                    position: position, audience: NotificationAudience(statement.text(1)),
                    event: statement.text(2), document: statement.bytes(3)))
            size += rows[rows.count - 1].document.count
        }
        return rows
    }

    /// The last position whose notifications are gone; ``Position/start`` while none are.
    ///
    /// Who has seen all up to there or farther misses nothing.
    public func retainedAfter() throws(SQLiteError) -> Position {
        defer { retained.reset() }
        return try retained.step() ? Position(retained.integer(0)) : .start
    }
}
