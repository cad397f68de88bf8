public import Domain
public import SQLite

/// One order as the orders read model keeps it.
public struct OrderRow: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
        public let status: String
        public let at: Time
        public let by: String
        public let reason: String?
    }

    public let id: String
    public let ticket: Int64
    public let guest: String
    public let drinkID: String
    public let drinkName: String
    public let quantity: Int64
    public let note: String
    /// 1 for the next to be made; nil once nobody waits for it, or far back in the queue.
    public let queuePosition: Int64?
    /// Oldest first, the placing included.
    public let timeline: [Step]
}

/// The bar as the orders read model keeps it.
public struct BarRow: Equatable, Sendable {
    public let acceptingOrders: Bool
    public let message: String?
    /// The median of the last make times; nil while nothing has been made.
    public let usualWaitSeconds: Int64?
    /// Language tags that the menu is written in, its own first.
    public let languages: [String]
}

/// Answers about orders.
public final class OrdersReader: ModelReader {
    /// Places in the queue are counted this far; behind that the guest is told none.
    public static let longestQueue: Int64 = 1_000

    private let order: Statement
    private let steps: Statement
    private let ahead: Statement
    private let present: Statement
    private let waits: Statement
    private let languages: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        order = try connection.prepare(
            """
            SELECT position, ticket, guest, drink_id, drink_name, quantity, note, status, placed_by,
                created_at
            FROM placed_order WHERE order_id = ?
            """)
        steps = try connection.prepare(
            "SELECT status, at, by, reason FROM order_step WHERE order_id = ? ORDER BY position")
        ahead = try connection.prepare(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM placed_order
                WHERE status IN ('pending', 'in_progress') AND position < ?
                LIMIT \(Self.longestQueue))
            """)
        present = try connection.prepare("SELECT accepting_orders, message FROM bar")
        waits = try connection.prepare(
            "SELECT seconds FROM make_time ORDER BY position DESC LIMIT 15")
        languages = try connection.prepare("SELECT tag FROM language ORDER BY tag <> 'en', tag")
        try super.init(on: connection)
    }

    /// The order with this id; nil when there is none.
    public func order(_ id: String) throws(SQLiteError) -> OrderRow? {
        order.bind(1, id)
        defer { order.reset() }
        guard try order.step() else { return nil }
        var timeline = [
            OrderRow.Step(
                status: OrderStatus.pending.rawValue,
                at: Time(microseconds: order.integer(9)), by: order.text(8), reason: nil)
        ]
        steps.bind(1, id)
        while try steps.step() {
            timeline.append(
                OrderRow.Step(
                    status: steps.text(0), at: Time(microseconds: steps.integer(1)),
                    by: steps.text(2), reason: steps.textOrNil(3)))
        }
        let waits = OrderStatus(rawValue: order.text(7))?.isActive ?? false
        return OrderRow(
            id: id, ticket: order.integer(1), guest: order.text(2), drinkID: order.text(3),
            drinkName: order.text(4), quantity: order.integer(5), note: order.text(6),
            queuePosition: waits ? try place(of: order.integer(0)) : nil, timeline: timeline)
    }

    private func place(of position: Int64) throws(SQLiteError) -> Int64? {
        ahead.bind(1, position)
        defer { ahead.reset() }
        guard try ahead.step(), ahead.integer(0) < Self.longestQueue else { return nil }
        return ahead.integer(0) + 1
    }

    public func bar() throws(SQLiteError) -> BarRow {
        var seconds: [Int64] = []
        while try waits.step() { seconds.append(waits.integer(0)) }
        var tags: [String] = []
        while try languages.step() { tags.append(languages.text(0)) }
        defer { present.reset() }
        let found = try present.step()
        return BarRow(
            acceptingOrders: found && present.integer(0) != 0, message: present.textOrNil(1),
            usualWaitSeconds: seconds.isEmpty ? nil : seconds.sorted()[seconds.count / 2],
            languages: tags)
    }
}
