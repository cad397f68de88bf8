import Crypto
import Domain
import EventStore
import Foundation
import SQLite
import Testing

/// The log of the release before guests had ids: names and notes in the open, and no table of who may come in.
struct OldLog {
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
    /// The position of its last event.
    let head: Int

    /// Ana has two orders waiting, Kim one, and one of Kim's is served, all of them so many hours ago.
    init(in data: String, hoursAgo: Int = 0) throws {
        try FileManager.default.createDirectory(
            atPath: data + "/keys", withIntermediateDirectories: true)
        let key = SigningKey()
        try Data(key.text.utf8).write(to: URL(fileURLWithPath: data + "/keys/log.key"))
        let seconds = Int64(Date().timeIntervalSince1970) - Int64(hoursAgo * 3_600) - 60
        let now = Time(microseconds: seconds * 1_000_000)
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
        head = Int(log.head.position.number)
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
