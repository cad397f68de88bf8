public import Domain
public import SQLite

/// One order as the orders read model keeps it.
public struct OrderRow: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
        public let status: String
        public let at: Time
        public let by: String
        public let reason: String?

        /// Who did it without the name, such as `guest`.
        public var role: String {
            // By code points: a name's combining mark would make one character with the colon.
            String(by.unicodeScalars.prefix { $0 != ":" })
        }
    }

    public let id: String
    public let ticket: Int64
    /// Nil where staff placed it by hand.
    public let guestID: String?
    public let username: String
    public let drinkID: String
    public let drinkName: String
    public let quantity: Int64
    public let note: String
    public let imageURL: String?
    /// The drink as it was when ordered, JSON.
    public let snapshot: [UInt8]
    /// 1 for the next to be made; nil once nobody waits for it, or far back in the queue.
    public let queuePosition: Int64?
    /// Oldest first, the placing included.
    public let timeline: [Step]
}

/// The bar as the orders read model keeps it.
public struct BarRow: Equatable, Sendable {
    public let acceptingOrders: Bool
    public let message: String?
    public let name: String
    public let showRecipes: Bool
    /// Nil for what barback was started with.
    public let maxActiveOrders: Int64?
    public let waitMinutes: Int64
    public let lateMinutes: Int64
    public let settingsVersion: Version
    /// The median of the last make times; nil while nothing has been made.
    public let usualWaitSeconds: Int64?
    /// Language tags that the menu is written in, its own first.
    public let languages: [String]
}

/// Answers about orders.
public final class OrdersReader: ModelReader {
    let byID: Statement
    let byPosition: Statement
    let steps: Statement
    private let ahead: Statement
    private let present: Statement
    private let waits: Statement
    private let languages: Statement

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        byID = try connection.prepare("\(Self.columns) WHERE order_id = ?")
        byPosition = try connection.prepare("\(Self.columns) WHERE position = ?")
        steps = try connection.prepare(
            "SELECT status, at, by, reason FROM order_step WHERE order_id = ? ORDER BY position")
        ahead = try connection.prepare(Self.ahead)
        present = try connection.prepare(
            """
            SELECT accepting_orders, message, name, show_recipes, max_active_orders,
                settings_version, wait_minutes, late_minutes
            FROM bar
            """)
        waits = try connection.prepare(Self.waits)
        languages = try connection.prepare(
            """
            SELECT 'en' UNION ALL
            SELECT * FROM (SELECT DISTINCT language FROM translation ORDER BY language)
            WHERE language <> 'en'
            """)
        try super.init(on: connection)
    }

    private static let columns = """
        SELECT position, ticket, username, drink_id, drink_name, quantity, note, status, placed_by,
            created_at, order_id, (SELECT document FROM drink_version AS version
                WHERE version.drink_id = placed_order.drink_id
                    AND version.version = placed_order.drink_version), guest_id,
            (SELECT document ->> 'image_url' FROM drink_version AS version
                WHERE version.drink_id = placed_order.drink_id
                    AND version.version = placed_order.drink_version)
        FROM placed_order
        """

    /// How long the last drinks took from the tap to the counter.
    ///
    /// A step back and forth again is no second making, and straight to completed is one.
    static let waits = """
        SELECT (made_at - created_at) / 1000000 FROM (
            SELECT created_at, (
                SELECT min(at) FROM order_step AS step
                WHERE step.order_id = made.order_id AND step.status IN ('ready', 'completed')
            ) AS made_at
            FROM (
                SELECT * FROM (
                    SELECT order_id, created_at FROM placed_order WHERE status = 'ready'
                    ORDER BY position DESC LIMIT 15)
                UNION ALL
                SELECT * FROM (
                    SELECT order_id, created_at FROM placed_order INDEXED BY completed_order
                    WHERE status = 'completed' ORDER BY updated_at DESC LIMIT 15)) AS made)
        ORDER BY made_at DESC LIMIT 15
        """

    static let ahead = """
        SELECT count(*) FROM (
            SELECT 1 FROM placed_order
            WHERE status IN ('pending', 'in_progress') AND position < ?
            LIMIT \(Order.longestQueue))
        """

    /// The order with this id; nil when there is none.
    public func order(_ id: String) throws(SQLiteError) -> OrderRow? {
        byID.bind(1, id)
        return try read(byID) { position throws(SQLiteError) in try place(of: position) }
    }

    /// The order of the row that a statement finds; nil when it finds none.
    func read(
        _ row: Statement, place: (Int64) throws(SQLiteError) -> Int64?
    ) throws(SQLiteError) -> OrderRow? {
        defer { row.reset() }
        guard try row.step() else { return nil }
        var timeline = [
            OrderRow.Step(
                status: OrderStatus.pending.rawValue,
                at: Time(microseconds: row.integer(9)), by: row.text(8), reason: nil)
        ]
        let id = row.text(10)
        steps.bind(1, id)
        while try steps.step() {
            timeline.append(
                OrderRow.Step(
                    status: steps.text(0), at: Time(microseconds: steps.integer(1)),
                    by: steps.text(2), reason: steps.textOrNil(3)))
        }
        let waits = OrderStatus(rawValue: row.text(7))?.isActive ?? false
        return OrderRow(
            id: id, ticket: row.integer(1), guestID: row.textOrNil(12),
            username: row.text(2), drinkID: row.text(3),
            drinkName: row.text(4), quantity: row.integer(5), note: row.text(6),
            imageURL: row.textOrNil(13), snapshot: row.bytes(11),
            queuePosition: waits ? try place(row.integer(0)) : nil, timeline: timeline)
    }

    private func place(of position: Int64) throws(SQLiteError) -> Int64? {
        ahead.bind(1, position)
        defer { ahead.reset() }
        guard try ahead.step(), ahead.integer(0) < Order.longestQueue else { return nil }
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
            name: present.text(2), showRecipes: present.integer(3) != 0,
            maxActiveOrders: present.isNull(4) ? nil : present.integer(4),
            waitMinutes: present.integer(6), lateMinutes: present.integer(7),
            settingsVersion: Version(present.integer(5)),
            usualWaitSeconds: seconds.isEmpty ? nil : seconds.sorted()[seconds.count / 2],
            languages: tags)
    }
}
