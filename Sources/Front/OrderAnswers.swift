internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite
internal import System
internal import Wire

/// Answers about orders and the bar, read when asked: they change with every tap.
struct OrderAnswers {
    let model: Model<OrdersReader>
    let maxActiveOrders: Int

    private static let usualPage = 100
    private static let longestPage = 1_000
    private static let dayMicroseconds: Int64 = 24 * 3_600 * 1_000_000

    /// One order; a guest sees only the own.
    func order(_ id: String, for guest: String?, inFull: Bool = false) -> Response {
        model.answer { reader, state throws(SQLiteError) in
            guard let row = try reader.order(id), guest == nil || guest == row.guestID else {
                return Problem.notFound("order").response
            }
            var json = JSONWriter(reserving: 1_024)
            OrderDocument(row, inFull: inFull).write(into: &json)
            return privateAnswer(data(json.bytes), at: state.position)
        }
    }

    /// A guest's own orders, newest first.
    func ownOrders(_ guest: String, _ items: [QueryItem]) -> Response {
        var query = Query(items)
        let closed = query.flag("include_completed") ?? false
        let limit = query.integer("limit", 1...Self.longestPage) ?? Self.usualPage
        let cursor = query.position("cursor")
        return model.answer(query) { reader, state throws(SQLiteError) in
            let page = try reader.orders(
                of: guest, before: cursor ?? Position(.max), closed: closed, limit: limit)
            return try answer(page, at: state.position, inFull: false)
        }
    }

    /// The queue, or orders of other statuses, oldest first, each with the drink as it was ordered.
    func queue(_ items: [QueryItem]) -> Response {
        var query = Query(items)
        let names = OrderStatus.allCases.map(\.rawValue)
        var statuses: [OrderStatus] = []
        for text in query.texts("status", atMost: names.count) {
            if let status = OrderStatus(rawValue: text) {
                statuses.append(status)
            } else {
                query.refuse("status", "must be one of \(names.joined(separator: ", "))")
            }
        }
        if statuses.isEmpty { statuses = [.pending, .inProgress, .ready] }
        let limit = query.integer("limit", 1...Self.longestPage) ?? Self.usualPage
        let cursor = query.position("cursor")
        return model.answer(query) { reader, state throws(SQLiteError) in
            let yesterday = Clock.wallMicroseconds() - Self.dayMicroseconds
            let counts = try reader.counts(completedSince: Time(microseconds: yesterday))
            let page = try reader.orders(of: statuses, after: cursor ?? .start, limit: limit)
            return try answer(page, at: state.position, inFull: true) { json in
                json.member("pending_count", counts.pending)
                json.member("in_progress_count", counts.inProgress)
                json.member("ready_count", counts.ready)
                json.member("completed_24h_count", counts.completed)
            }
        }
    }

    private func answer(
        _ page: OrderPage, at position: Position, inFull: Bool,
        metadata: (inout JSONWriter) -> Void = { _ in }
    ) throws(SQLiteError) -> Response {
        let body = try list(
            metadata: { json in
                json.member("next_cursor", orNull: page.next?.description)
                metadata(&json)
            },
            { json throws(SQLiteError) in
                json.array { json in
                    for row in page.orders {
                        OrderDocument(row, inFull: inFull).write(into: &json)
                    }
                }
                return page.orders.count
            })
        return privateAnswer(body, at: position)
    }

    func bar() -> Response {
        model.answer { reader, state throws(SQLiteError) in
            let bar = try reader.bar()
            var json = JSONWriter()
            json.object { write(bar, into: &$0) }
            return privateAnswer(data(json.bytes), at: state.position)
        }
    }

    func settings() -> Response {
        model.answer { reader, state throws(SQLiteError) in
            let bar = try reader.bar()
            var json = JSONWriter()
            json.object { json in
                json.member("name", bar.name)
                json.member("show_recipes", bar.showRecipes)
                json.member("max_active_orders", orNull: bar.maxActiveOrders)
                json.member("wait_minutes", bar.waitMinutes)
                json.member("late_minutes", bar.lateMinutes)
            }
            return privateAnswer(data(json.bytes), at: state.position, version: bar.settingsVersion)
        }
    }

    private func write(_ bar: BarRow, into json: inout JSONWriter) {
        json.member("name", bar.name)
        json.member("accepting_orders", bar.acceptingOrders)
        json.member("message", orNull: bar.message)
        json.member("languages", texts: bar.languages)
        json.member("show_recipes", bar.showRecipes)
        json.member("max_active_orders", bar.maxActiveOrders ?? Int64(maxActiveOrders))
        json.member("wait_minutes", bar.waitMinutes)
        json.member("late_minutes", bar.lateMinutes)
        json.member("usual_wait_seconds", orNull: bar.usualWaitSeconds)
        json.member(
            "server_time", Time(microseconds: Clock.wallMicroseconds()).description)
    }
}

extension Query {
    fileprivate mutating func position(_ name: String) -> Position? {
        value(name, "must be the next_cursor of an answer before") { text in
            Int64(text).flatMap { $0 > 0 ? Position($0) : nil }
        }
    }
}

extension OrderDocument {
    init(_ row: OrderRow, inFull: Bool) {
        self.init(
            id: row.id, ticket: row.ticket, drinkID: row.drinkID, drinkName: row.drinkName,
            imageURL: row.imageURL, quantity: row.quantity, note: row.note, username: row.username,
            queuePosition: row.queuePosition,
            timeline: row.timeline.map {
                Step(status: $0.status, at: $0.at, by: $0.role, reason: $0.reason)
            })
        // A drink that no version is kept of is shown by its name.
        if inFull, !row.snapshot.isEmpty { snapshot = row.snapshot }
    }
}
