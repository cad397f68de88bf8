public import Domain
public import SQLite

/// A page of orders.
public struct OrderPage: Sendable {
    public let orders: [OrderRow]
    /// Where the next page begins; nil at the end.
    public let next: Position?
}

/// How many orders there are, as a bartender asks.
public struct OrderCounts: Equatable, Sendable {
    public let pending: Int64
    public let inProgress: Int64
    public let ready: Int64
    /// Completed since a moment.
    public let completed: Int64
}

/// An order that somebody waits for, and what it needs.
public struct WaitingOrder: Sendable {
    public let id: String
    public let ticket: Int64
    public let username: String
    public let status: String
    public let drinkID: String
    public let drinkName: String
    public let need: Need
}

// Lists for the host and for guests. Each status has its own run in an index; a list of several is
// merged here, so that no list sorts all orders there ever were.
extension OrdersReader {
    /// Orders of these statuses, oldest first, after a position; at most `limit`.
    public func orders(
        of statuses: [OrderStatus], after position: Position, limit: Int
    ) throws(SQLiteError) -> OrderPage {
        let query = try connection.prepare(Self.ofStatus)
        var positions: [Int64] = []
        for status in Set(statuses) {
            query.bind(1, status.rawValue)
            query.bind(2, position.number)
            query.bind(3, Int64(limit) + 1)
            while try query.step() { positions.append(query.integer(0)) }
        }
        return try page(positions.sorted(), limit)
    }

    static let ofStatus = """
        SELECT position FROM placed_order WHERE status = ? AND position > ?
        ORDER BY position LIMIT ?
        """

    /// A guest's own orders, newest first, before a position; at most `limit`.
    ///
    /// Without `closed` only those that are still to be fetched.
    public func orders(
        of guest: String, before position: Position, closed: Bool, limit: Int
    ) throws(SQLiteError) -> OrderPage {
        let query = try connection.prepare(closed ? Self.ofGuest : Self.openOfGuest)
        query.bind(1, guest)
        query.bind(2, position.number)
        query.bind(3, Int64(limit) + 1)
        var positions: [Int64] = []
        while try query.step() { positions.append(query.integer(0)) }
        return try page(positions, limit)
    }

    static let ofGuest = """
        SELECT position FROM placed_order WHERE guest_id = ? AND position < ?
        ORDER BY position DESC LIMIT ?
        """
    static let openOfGuest = """
        SELECT position FROM placed_order WHERE guest_id = ? AND position < ?
            AND +status IN ('pending', 'in_progress', 'ready')
        ORDER BY position DESC LIMIT ?
        """

    private func page(_ positions: [Int64], _ limit: Int) throws(SQLiteError) -> OrderPage {
        let queue = try waitingPositions()
        var orders: [OrderRow] = []
        for position in positions.prefix(limit) {
            byPosition.bind(1, position)
            let row = try read(byPosition) { position throws(SQLiteError) in queue[position] }
            if let row { orders.append(row) }
        }
        let next = positions.count > limit ? positions.prefix(limit).last : nil
        return OrderPage(orders: orders, next: next.map { Position($0) })
    }

    /// The first places of the queue, by position.
    private func waitingPositions() throws(SQLiteError) -> [Int64: Int64] {
        let query = try connection.prepare(Self.waiting)
        var places: [Int64: Int64] = [:]
        while try query.step() { places[query.integer(0)] = Int64(places.count) + 1 }
        return places
    }

    static let waiting = """
        SELECT position FROM (
            SELECT * FROM (
                SELECT position FROM placed_order WHERE status = 'pending'
                ORDER BY position LIMIT \(Order.longestQueue))
            UNION ALL
            SELECT * FROM (
                SELECT position FROM placed_order WHERE status = 'in_progress'
                ORDER BY position LIMIT \(Order.longestQueue)))
        ORDER BY position LIMIT \(Order.longestQueue)
        """

    /// Counted in an index of the statuses: who waits or is to be served, as long as the queue is.
    public func counts(completedSince moment: Time) throws(SQLiteError) -> OrderCounts {
        let ofStatus = try connection.prepare(Self.count)
        func count(_ status: OrderStatus) throws(SQLiteError) -> Int64 {
            ofStatus.bind(1, status.rawValue)
            defer { ofStatus.reset() }
            return try ofStatus.step() ? ofStatus.integer(0) : 0
        }
        let done = try connection.prepare(Self.completedSince)
        done.bind(1, moment.microseconds)
        defer { done.reset() }
        return OrderCounts(
            pending: try count(.pending), inProgress: try count(.inProgress),
            ready: try count(.ready), completed: try done.step() ? done.integer(0) : 0)
    }

    static let count = "SELECT count(*) FROM placed_order WHERE status = ?"
    static let completedSince =
        "SELECT count(*) FROM placed_order WHERE status = 'completed' AND updated_at >= ?"

    /// The first of the queue whose drink, as it was ordered, names the ingredient; nil for all.
    public func waitingOrders(
        naming key: IngredientKey?
    ) throws(SQLiteError) -> [WaitingOrder] {
        let rows = try connection.prepare(Self.waitingWithDrink)
        rows.bind(1, orNull: key?.text)
        var needs: [[UInt8]: Need] = [:]
        var orders: [WaitingOrder] = []
        while try rows.step() {
            let json = rows.bytes(6)
            let need = needs[json] ?? Need(json: json)
            needs[json] = need
            orders.append(
                WaitingOrder(
                    id: rows.text(0), ticket: rows.integer(1), username: rows.text(2),
                    status: rows.text(3), drinkID: rows.text(4), drinkName: rows.text(5),
                    need: need))
        }
        return orders
    }

    static let waitingWithDrink = """
        SELECT order_id, ticket, username, status, drink_id, drink_name,
            (SELECT document -> 'ingredients' FROM drink_version AS version
             WHERE version.drink_id = placed_order.drink_id
                AND version.version = placed_order.drink_version)
        FROM placed_order
        WHERE position IN (\(waiting)) AND (?1 IS NULL OR EXISTS (
            SELECT 1 FROM version_ingredient AS named
            WHERE named.ingredient = ?1 AND named.drink_id = placed_order.drink_id
                AND named.version = placed_order.drink_version))
        ORDER BY position
        """
}
