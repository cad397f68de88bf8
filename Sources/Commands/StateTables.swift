internal import Domain
internal import EventStore
internal import SQLite

/// What rules across streams are decided from, beside the log and in its transactions.
///
/// Ingredients that are out, guests with active orders and the last ticket are few and kept in memory;
/// which drink stands in which section is asked of its table. After a COMMIT that failed the memory
/// over them is thrown away.
struct StateTables {
    static let schema = """
        CREATE TABLE state_out_of_stock (ingredient TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE state_active_orders (
            guest TEXT PRIMARY KEY, count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state_tickets (
            one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL, last INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state_tickets VALUES (1, 0, 0);
        """ + drinkTable + AccessTables.schema + AccessTables.forgottenSchema

    private static let drinkTable = """
        CREATE TABLE state_drink (
            drink_id TEXT PRIMARY KEY, section_id TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX state_drink_of_section ON state_drink (section_id);
        """

    /// Adds the tables that logs of earlier releases do not have.
    static func upgrade(_ connection: Connection) throws(SQLiteError) {
        try add("state_drink", connection) { () throws(SQLiteError) in
            try connection.execute(drinkTable)
            try connection.execute(
                """
                INSERT INTO state_drink SELECT data ->> 'drink_id', data ->> 'section_id'
                FROM event WHERE type = 'DrinkCreated'
                """)
        }
        try add("state_guest", connection) { () throws(SQLiteError) in
            try connection.execute(AccessTables.schema)
            // Orders of guests who had a name and no id belong to nobody now, and still wait.
            try connection.execute(
                """
                INSERT OR REPLACE INTO state_active_orders
                SELECT '', sum(count) FROM state_active_orders HAVING sum(count) > 0;
                DELETE FROM state_active_orders WHERE guest <> '';
                """)
        }
        try add("state_forgotten", connection) { () throws(SQLiteError) in
            try connection.execute(AccessTables.forgottenSchema)
        }
    }

    private static func add(
        _ table: String, _ connection: Connection, _ make: () throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = '\(table)'"
        guard try connection.integer(tables) == 0 else { return }
        try connection.transaction(make)
    }

    private(set) var outOfStock: Set<IngredientKey> = []
    private(set) var tickets = Tickets()
    /// By the guest's id; those placed by hand under nothing.
    private var activeOrders: [String: Int] = [:]
    var access: AccessTables
    /// The length of the queue.
    private(set) var waitingOrders = 0

    private var changedIngredients: Set<IngredientKey> = []
    private var changedGuests: Set<String> = []
    private var ticketsChanged = false
    /// Where drinks stand after this batch; nil for one that is deleted.
    private var movedDrinks: [DrinkID: SectionID?] = [:]

    init(from connection: Connection) throws(SQLiteError) {
        access = try AccessTables(from: connection)
        let out = try connection.prepare("SELECT ingredient FROM state_out_of_stock")
        while try out.step() { outOfStock.insert(IngredientKey(out.text(0))) }
        let guests = try connection.prepare("SELECT guest, count FROM state_active_orders")
        while try guests.step() {
            activeOrders[guests.text(0)] = Int(guests.integer(1))
            waitingOrders += Int(guests.integer(1))
        }
        let last = try connection.prepare("SELECT day, last FROM state_tickets")
        while try last.step() { tickets = Tickets(day: last.integer(0), last: last.integer(1)) }
    }

    func activeOrders(of guest: GuestID?) -> Int { activeOrders[Self.text(guest)] ?? 0 }

    private static func text(_ guest: GuestID?) -> String { guest?.description ?? "" }

    mutating func setTickets(_ tickets: Tickets) {
        self.tickets = tickets
        ticketsChanged = true
    }

    mutating func addActiveOrders(_ difference: Int, of guest: GuestID?) {
        guard difference != 0 else { return }
        let text = Self.text(guest)
        activeOrders[text, default: 0] += difference
        waitingOrders += difference
        changedGuests.insert(text)
    }

    /// Nil takes the drink off the menu.
    mutating func move(_ drink: DrinkID, to section: SectionID?) {
        movedDrinks[drink] = .some(section)
    }

    /// Drinks that stand in a section, served or not.
    func drinkCount(
        in section: SectionID, _ connection: Connection
    ) throws(SQLiteError) -> Int {
        let stored = try connection.prepare(
            "SELECT count(*) FROM state_drink WHERE section_id = ?1 AND (?2 IS NULL OR drink_id = ?2)"
        )
        func count(_ drink: DrinkID?) throws(SQLiteError) -> Int {
            stored.bind(1, section.description)
            stored.bind(2, orNull: drink?.description)
            defer { stored.reset() }
            return try stored.step() ? Int(stored.integer(0)) : 0
        }
        var drinks = try count(nil)
        for (drink, place) in movedDrinks {
            drinks += (place == section ? 1 : 0) - (try count(drink))
        }
        return drinks
    }

    mutating func mark(_ ingredient: IngredientKey, inStock: Bool) {
        if inStock { outOfStock.remove(ingredient) } else { outOfStock.insert(ingredient) }
        changedIngredients.insert(ingredient)
    }

    /// Writes what changed since the last COMMIT, inside the transaction of the append.
    func write(to connection: Connection) throws(SQLiteError) {
        if ticketsChanged {
            let statement = try connection.prepare("UPDATE state_tickets SET day = ?, last = ?")
            statement.bind(1, tickets.day)
            statement.bind(2, tickets.last)
            try statement.run()
        }
        for ingredient in changedIngredients {
            let statement = try connection.prepare(
                outOfStock.contains(ingredient)
                    ? "INSERT OR IGNORE INTO state_out_of_stock VALUES (?)"
                    : "DELETE FROM state_out_of_stock WHERE ingredient = ?")
            statement.bind(1, ingredient.text)
            try statement.run()
        }
        for (drink, section) in movedDrinks {
            let statement = try connection.prepare(
                section == nil
                    ? "DELETE FROM state_drink WHERE drink_id = ?1"
                    : "INSERT OR REPLACE INTO state_drink VALUES (?1, ?2)")
            statement.bind(1, drink.description)
            if let section { statement.bind(2, section.description) }
            try statement.run()
        }
        try access.write(to: connection)
        guard !changedGuests.isEmpty else { return }
        let upsert = try connection.prepare(
            "INSERT INTO state_active_orders VALUES (?, ?) "
                + "ON CONFLICT (guest) DO UPDATE SET count = excluded.count")
        let remove = try connection.prepare("DELETE FROM state_active_orders WHERE guest = ?")
        for guest in changedGuests {
            let count = activeOrders[guest] ?? 0
            if count == 0 {
                remove.bind(1, guest)
                try remove.run()
            } else {
                upsert.bind(1, guest)
                upsert.bind(2, Int64(count))
                try upsert.run()
            }
        }
    }

    /// After the COMMIT: nothing is left to write, and guests without orders are forgotten.
    mutating func written() {
        for guest in changedGuests where activeOrders[guest] == 0 { activeOrders[guest] = nil }
        changedIngredients.removeAll(keepingCapacity: true)
        changedGuests.removeAll(keepingCapacity: true)
        movedDrinks.removeAll(keepingCapacity: true)
        ticketsChanged = false
        access.written()
    }
}
