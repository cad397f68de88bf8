internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite
internal import Wire

/// Answers for the host: the menu with what guests do not see, and the shelf.
final class HostAnswers {
    private let menu: Model<MenuReader>
    private let orders: Model<OrdersReader>
    /// The whole shelf without orders, which change with every tap; a long menu takes a while to read.
    private var shelfOfMenu: (generation: Int, changed: Position, view: ShelfView)?

    init(menu: Model<MenuReader>, orders: Model<OrdersReader>) {
        self.menu = menu
        self.orders = orders
    }

    /// A menu is listed whole up to so many drinks; a longer one comes in pages.
    private static let mostAtOnce = 10_000
    private static let longestPage = 1_000
    /// Versions a page: each is a whole drink.
    private static let longestHistory = 100

    func drinks(_ items: [QueryItem]) -> Response {
        var query = Query(items)
        let limit = query.integer("limit", 1...Self.longestPage)
        let cursor = query.value("cursor", "must be the next_cursor of an answer before") {
            MenuPlace(cursor: $0)
        }
        return menu.answer(query) { reader, state throws(SQLiteError) in
            let most = limit ?? (cursor == nil ? Self.mostAtOnce : Self.longestPage)
            var next: MenuPlace?
            let body = try list(
                metadata: { $0.member("next_cursor", orNull: next?.cursor) },
                { json throws(SQLiteError) in
                    let page = try reader.writeAllDrinks(after: cursor, limit: most, into: &json)
                    next = page.next
                    return page.count
                })
            return privateAnswer(body, at: state.position)
        }
    }

    func drink(_ id: String) -> Response {
        menu.answer { reader, state throws(SQLiteError) in
            let found = try versioned { json throws(SQLiteError) in
                try reader.writeAnyDrink(id, into: &json)
            }
            guard let found else { return Problem.notFound("drink").response }
            return privateAnswer(found.body, at: state.position, version: found.version)
        }
    }

    /// Every version of a drink, newest first; one that was deleted keeps its own.
    func history(ofDrink id: String, _ items: [QueryItem]) -> Response {
        var query = Query(items)
        let limit = query.integer("limit", 1...Self.longestHistory) ?? Self.longestHistory
        let cursor = query.value("cursor", "must be the next_cursor of an answer before") { text in
            Int64(text).flatMap { $0 > 0 ? Version($0) : nil }
        }
        return menu.answer(query) { reader, state throws(SQLiteError) in
            var page: (count: Int, next: Version?) = (0, nil)
            let body = try list(
                metadata: { $0.member("next_cursor", orNull: page.next?.description) },
                { json throws(SQLiteError) in
                    page = try reader.writeHistory(
                        ofDrink: id, before: cursor ?? Version(.max), limit: limit, into: &json)
                    return page.count
                })
            // Its first version is before every other.
            guard page.count > 0 || cursor != nil else { return Problem.notFound("drink").response }
            return privateAnswer(body, at: state.position)
        }
    }

    func section(_ id: String) -> Response {
        menu.answer { reader, state throws(SQLiteError) in
            let found = try versioned { json throws(SQLiteError) in
                try reader.writeSection(id, into: &json)
            }
            guard let found else { return Problem.notFound("section").response }
            return privateAnswer(found.body, at: state.position, version: found.version)
        }
    }

    // MARK: The shelf

    /// Every ingredient, and what hangs on it: the drinks that can be made with it and not without,
    /// and the orders that wait for one of them.
    func shelf() -> Response {
        answer(about: nil) { shelf, position throws(SQLiteError) in
            let body = try list { json throws(SQLiteError) in
                json.array { json in for row in shelf.rows { shelf.write(row, into: &json) } }
                return shelf.rows.count
            }
            return privateAnswer(body, at: position)
        }
    }

    /// `isKnown` is set by whoever has just marked it: what is in again and on no drink is in no table.
    func ingredient(_ name: String, isKnown: Bool = false) -> Response {
        let key = IngredientKey(name)
        return answer(about: key) { shelf, position throws(SQLiteError) in
            let back = isKnown ? ShelfRow(key: key, name: name, inStock: true) : nil
            guard let row = shelf.rows.first ?? back else {
                return Problem.notFound("ingredient").response
            }
            var json = JSONWriter(reserving: 4_096)
            shelf.write(row, into: &json)
            return privateAnswer(data(json.bytes), at: position)
        }
    }

    /// Menu and orders are two read models: the answer knows what both have reached.
    private func answer(
        about key: IngredientKey?,
        _ body: (ShelfView, Position) throws(SQLiteError) -> Response
    ) -> Response {
        menu.answer { reader, ofMenu throws(SQLiteError) in
            let whole = try key == nil ? wholeShelf(reader, ofMenu) : shelf(key, reader)
            return orders.answer { reader, ofOrders throws(SQLiteError) in
                var shelf = whole
                for order in try reader.waitingOrders(naming: key) { shelf.add(order) }
                return try body(shelf, min(ofMenu.position, ofOrders.position))
            }
        }
    }

    private func wholeShelf(
        _ reader: MenuReader, _ state: ModelState
    ) throws(SQLiteError) -> ShelfView {
        if let known = shelfOfMenu, known.generation == menu.generation,
            known.changed == state.changed
        {
            return known.view
        }
        let view = try shelf(nil, reader)
        shelfOfMenu = (menu.generation, state.changed, view)
        return view
    }

    private func shelf(
        _ key: IngredientKey?, _ reader: MenuReader
    ) throws(SQLiteError) -> ShelfView {
        var shelf = ShelfView(
            rows: try reader.shelf(key), out: try reader.outOfStock(), isWhole: key == nil)
        try reader.forEachNeed(of: key) { shelf.add(drink: $0, $1, $2) }
        return shelf
    }
}

/// The shelf with what hangs on each ingredient.
private struct ShelfView {
    let rows: [ShelfRow]
    private let out: Set<IngredientKey>
    /// Only the first so many are named; the counts say how many there are.
    private let mostNamed: Int
    private var drinks: [IngredientKey: [(id: String, name: String)]] = [:]
    private var orders: [IngredientKey: [WaitingOrder]] = [:]

    init(rows: [ShelfRow], out: Set<IngredientKey>, isWhole: Bool) {
        self.rows = rows
        self.out = out
        mostNamed = isWhole ? 20 : 1_000
    }

    mutating func add(drink id: String, _ name: String, _ need: Need) {
        for key in need.decisive(out: out) {
            drinks[key, default: []].append((id, name))
        }
    }

    mutating func add(_ order: WaitingOrder) {
        for key in order.need.decisive(out: out) {
            orders[key, default: []].append(order)
        }
    }

    func write(_ row: ShelfRow, into json: inout JSONWriter) {
        let drinks = drinks[row.key] ?? []
        let orders = orders[row.key] ?? []
        json.object { json in
            json.member("name", row.name)
            json.member("in_stock", row.inStock)
            json.member("drink_count", Int64(drinks.count))
            json.member("waiting_order_count", Int64(orders.count))
            json.name("drinks")
            json.array { json in
                for drink in drinks.prefix(mostNamed) {
                    json.object {
                        $0.member("id", drink.id)
                        $0.member("name", drink.name)
                    }
                }
            }
            json.name("waiting_orders")
            json.array { json in
                for order in orders.prefix(mostNamed) {
                    json.object { write(order, into: &$0) }
                }
            }
        }
    }

    private func write(_ order: WaitingOrder, into json: inout JSONWriter) {
        json.member("id", order.id)
        json.member("ticket", order.ticket)
        json.member("username", order.username)
        json.member("status", order.status)
        json.name("drink")
        json.object {
            $0.member("id", order.drinkID)
            $0.member("name", order.drinkName)
        }
    }
}
