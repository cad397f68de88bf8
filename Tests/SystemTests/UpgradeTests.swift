import Crypto
import Domain
import EventStore
import Foundation
import SQLite
import Testing

/// The log of the release before guests had ids: names and notes in the open, and no table of who may come in.
private struct OldLog {
    /// As that release made them.
    private static let tables = """
        CREATE TABLE state_out_of_stock (ingredient TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE state_active_orders (
            guest TEXT PRIMARY KEY, count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_tickets (
            one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL, last INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state_tickets VALUES (1, 0, 0);
        CREATE TABLE state_drink (
            drink_id TEXT PRIMARY KEY, section_id TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX state_drink_of_section ON state_drink (section_id);
        """

    let drink: String
    let orders: [String]

    /// Ana has two orders waiting, Kim one, and one of Kim's is served.
    init(in data: String) throws {
        try FileManager.default.createDirectory(
            atPath: data + "/keys", withIntermediateDirectories: true)
        let key = SigningKey()
        try Data(key.text.utf8).write(to: URL(fileURLWithPath: data + "/keys/log.key"))
        let now = Time(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000) - 60_000_000)
        let catalogue = Catalogue([
            .init("SectionCreated"), .init("DrinkCreated"), .init("OrderPlaced"),
            .init("OrderStatusChanged"),
        ])
        let log = try LogWriter(
            path: data + "/log.db", now: now, catalogue: catalogue, publicKey: key.publicKey,
            state: Self.tables)
        var made: UInt64 = 0
        func id<Kind>() -> ID<Kind> {
            made += 1
            return ID(UUID(version7At: log.stamp(now), random: made))
        }
        func append(_ event: NewEvent, by actor: String) throws {
            made += 1
            let staged = StagedEvent(event, at: log.stamp(now), random: made)
            try log.commit([
                StagedCommand(id: staged.id, actor: actor, key: nil, events: [staged], reply: [])
            ])
        }
        func append(_ event: Event) throws {
            try append(EventCoding.encode(event, expecting: .any), by: "staff:host")
        }
        let section: SectionID = id()
        let drink: DrinkID = id()
        try append(
            .section(Section.create(Section.Facts(name: "Sours", displayOrder: 0), id: section)))
        try append(
            .drink(
                Drink.create(
                    DrinkFacts(sectionID: section, name: "Daiquiri"), id: drink,
                    sectionExists: true)))
        var orders: [String] = []
        for (guest, note) in [("Ana", "no ice"), ("Kim", ""), ("Ana", ""), ("Kim", "soon")] {
            let order: OrderID = id()
            let text = """
                {"order_id":"\(order)","ticket":\(orders.count + 1),"guest":"\(guest)",\
                "drink":{"id":"\(drink)","version":1,"name":"Daiquiri"},"quantity":1,"note":"\(note)"}
                """
            let placed = NewEvent(
                stream: "order-\(order)", expected: .noStream, type: "OrderPlaced", schema: 1,
                data: Array(text.utf8))
            try append(placed, by: "guest:\(guest)")
            orders.append("\(order)")
        }
        let served = try #require(OrderID(orders[1]))
        try append(
            .order(
                .statusChanged(
                    OrderStatusChanged(id: served, from: .pending, to: .completed, reason: nil))))
        try log.signCheckpoint(with: key)
        try log.close()
        let raw = try Connection(path: data + "/log.db", mode: .readWrite)
        try raw.execute(
            """
            INSERT INTO state_active_orders VALUES ('Ana', 2), ('Kim', 1);
            INSERT INTO state_drink VALUES ('\(drink)', '\(section)');
            """)
        self.drink = "\(drink)"
        self.orders = orders
    }
}

extension WholeBar {
    @Suite("A log of the release before", .serialized) struct UpgradeTests {
        /// Orders that count, by the table that limits are decided from.
        private func counted(_ bar: Bar) throws -> [String: Int64] {
            let log = try Connection(path: bar.data + "/log.db", mode: .readOnly)
            let rows = try log.prepare("SELECT guest, count FROM state_active_orders")
            var counts: [String: Int64] = [:]
            while try rows.step() { counts[rows.text(0)] = rows.integer(1) }
            return counts
        }

        @Test func `opens with its orders, which wait for nobody's limit`() throws {
            let scratch = try Scratch()
            let data = scratch("data")
            let old = try OldLog(in: data)
            for words in [["admin", "list"], ["key", "list"]] {
                let said = try barback(words + ["--data", data])
                #expect(said.code == 3)
                #expect(
                    said.errors.contains("of an earlier release; start it once"), "\(said.errors)")
            }
            let bar = try Bar(data: data, flags: ["--max-active-orders", "1"], demo: false)
            defer { bar.close() }
            let queue = try bar.get("/admin/orders?status=pending").data.list
            #expect(queue.map { $0["id"].string } == [old.orders[0], old.orders[2], old.orders[3]])
            #expect(queue.map { $0["username"].string } == ["Ana", "Ana", "Kim"])
            #expect(queue.map { $0["note"].string } == ["no ice", "", "soon"])
            let served = try bar.get("/orders/\(old.orders[1])").data
            #expect(served["status"].string == "completed" && served["username"].string == "Kim")
            #expect(try counted(bar) == ["": 3])

            // Who comes now under the same name is another guest.
            let placed = try bar.order(old.drink, guest: "Ana")
            #expect(placed.status == 201, "\(placed.text)")
            #expect(placed.data["queue_position"].int == 4)
            #expect(try bar.order(old.drink, guest: "Ana").code == "too_many_active_orders")
            #expect(try bar.order(old.drink, guest: "Kim").status == 201)

            for (order, status) in [
                (old.orders[0], "in_progress"), (old.orders[0], "completed"),
                (old.orders[2], "rejected"), (old.orders[1], "pending"),
            ] {
                let moved = try bar.move(order, to: status)
                #expect(moved.status == 200, "\(status): \(moved.text)")
                #expect(moved.data["username"].string == (order == old.orders[1] ? "Kim" : "Ana"))
            }
            #expect(try counted(bar).values.sorted() == [1, 1, 2])
            #expect(try barback("verify", "--data", data).code == 0)
            let check = try barback("rebuild", "all", "--check", "--data", data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }
    }
}
