import SQLite
import Testing

@testable import ReadModels

/// What a query that a screen waits for may cost: an index for every step, and no sorting of a whole table.
@Suite("A query that a screen waits for") struct QueryPlanTests {
    @Test(arguments: [
        OrdersReader.ofStatus, OrdersReader.ofGuest, OrdersReader.openOfGuest, OrdersReader.ahead,
        OrdersReader.completedSince, OrdersReader.count,
    ])
    func `finds orders by an index, in their order`(query: String) throws {
        let plan = try plan(of: query, in: .orders)
        #expect(plan.contains { $0.contains("USING") && $0.contains("INDEX") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN placed_order") }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    /// It sorts thirty.
    @Test func `finds what was made last by indexes`() throws {
        let plan = try plan(of: OrdersReader.waits, in: .orders)
        #expect(plan.contains { $0.contains("order_of_status (status=?)") }, "\(plan)")
        #expect(plan.contains { $0.contains("USING INDEX completed_order") }, "\(plan)")
        #expect(plan.contains { $0.contains("step USING PRIMARY KEY (order_id=?)") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN order_step") }, "\(plan)")
        #expect(plan.count { $0.contains("TEMP B-TREE") } == 1, "\(plan)")
    }

    /// It sorts what two runs of an index give, which is as long as a queue may be counted.
    @Test(arguments: [OrdersReader.waiting, OrdersReader.waitingWithDrink])
    func `reads no more than the queue`(query: String) throws {
        let plan = try plan(of: query, in: .orders)
        #expect(!plan.contains { $0.hasPrefix("SCAN placed_order") }, "\(plan)")
        #expect(plan.contains { $0.contains("order_of_status (status=?") }, "\(plan)")
    }

    @Test func `counts the drinks that are served in an index alone`() throws {
        let plan = try plan(of: MenuReader.count, in: .menu)
        #expect(
            plan.contains("SEARCH drink USING COVERING INDEX served_drink (is_active=?)"), "\(plan)"
        )
    }

    @Test(arguments: [MenuReader.servedDrinks, MenuReader.pageOfDrinks, MenuReader.allNeeds])
    func `walks the menu in its order, and sorts nothing`(query: String) throws {
        let plan = try plan(of: query, in: .menu)
        #expect(plan.count == 2, "\(plan)")
        #expect(plan[0].contains("section_in_order"), "\(plan)")
        #expect(plan[1].contains("drink_in_order (section_id=?)"), "\(plan)")
    }

    @Test func `finds the drinks of an ingredient by an index`() throws {
        let plan = try plan(of: MenuReader.needsOfOne, in: .menu)
        #expect(plan.contains { $0.contains("drink_ingredient USING PRIMARY KEY") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN drink") }, "\(plan)")
    }

    @Test func `reads notifications by an index, and sorts nothing`() throws {
        let all = try plan(of: NotificationsReader.all, in: .notifications)
        #expect(all == ["SEARCH notification USING PRIMARY KEY (position>?)"], "\(all)")
        let ofTwo = try plan(of: NotificationsReader.ofTwo, in: .notifications)
        let search =
            "SEARCH notification USING INDEX notification_of_audience (audience=? AND position>?)"
        #expect(ofTwo == ["MERGE (UNION ALL)", "LEFT", search, "RIGHT", search], "\(ofTwo)")
    }

    /// With every order, and in the same transaction as those of others.
    @Test func `removes and forgets notifications by an index`() throws {
        let model = ReadModel.notifications
        let statements = model.afterADay + (model.effects["GuestForgotten"] ?? []).map(\.sql)
        #expect(statements.count == 5)
        for statement in statements where !statement.contains("UPDATE retention") {
            let plan = try plan(of: statement, in: model)
            #expect(!plan.isEmpty && !plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
        }
    }

    private func plan(of query: String, in model: ReadModel) throws -> [String] {
        let bar = try TestModels()
        try bar.build(model)
        let connection = try Connection(path: bar.path(model.name), mode: .readOnly)
        let rows = try connection.prepare("EXPLAIN QUERY PLAN \(query)")
        var plan: [String] = []
        while try rows.step() { plan.append(rows.text(3)) }
        return plan
    }
}
