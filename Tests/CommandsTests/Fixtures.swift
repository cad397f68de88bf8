import Domain
import EventStore
import Foundation
import JSON
import SQLite
import Testing
import Wire

@testable import Commands

/// A bar with a log of its own, in a directory that goes with the test.
final class TestBar {
    let directory: String
    let maxActiveOrders: Int
    private(set) var handler: CommandHandler
    /// What the bar's clock shows; each look moves it on a little, as clocks do.
    let clock = Clock()

    final class Clock {
        var now = Time(microseconds: 1_800_000_000_000_000)
        func look() -> Time {
            now = Time(microseconds: now.microseconds + 250)
            return now
        }
    }

    init(maxActiveOrders: Int = 3) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("barback-\(Foundation.UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        directory = url.path
        self.maxActiveOrders = maxActiveOrders
        handler = try Self.open(directory, maxActiveOrders, clock)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private static func open(
        _ directory: String, _ maxActiveOrders: Int, _ clock: Clock
    ) throws -> CommandHandler {
        let log = try LogWriter(
            path: directory + "/log.db", now: clock.now, state: CommandHandler.stateSchema)
        let vault = try Vault(dataDirectory: directory, logID: log.head.logID, at: clock.now)
        return try CommandHandler(
            log: log, vault: vault, baseURL: "http://bar.test", maxActiveOrders: maxActiveOrders,
            now: clock.look,
            utcOffsetSeconds: { _ in 0 })
    }

    func reopen() throws { handler = try Self.open(directory, maxActiveOrders, clock) }

    func raw() throws -> Connection {
        try Connection(path: directory + "/log.db", mode: .readWrite)
    }

    /// Refuses every event whose data contains the word, and every act of the guest of that name.
    func poison(_ word: String = "poison") throws {
        try raw().execute(
            """
            CREATE TRIGGER poisoned BEFORE INSERT ON event
            WHEN NEW.data LIKE '%\(word)%' OR NEW.actor = 'guest:\(guest(word))'
            BEGIN SELECT RAISE(ABORT, 'poisoned'); END
            """)
    }

    /// Lets the log's file grow to so many pages, or not at all: for SQLite the disk is full then.
    func limitPages(to count: Int = 1) throws {
        try handler.log.query { connection throws(SQLiteError) in
            // Never under what it has.
            _ = try connection.integer("PRAGMA max_page_count = \(count)")
        }
    }

    /// Writes nonsense over the root of the index that finds an event's stream.
    func ruinIndex() throws {
        let raw = try raw()
        let root = try raw.integer(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_event_1'")
        let size = try raw.integer("PRAGMA page_size")
        let file = try #require(FileHandle(forWritingAtPath: directory + "/log.db"))
        try file.seek(toOffset: UInt64((root - 1) * size))
        try file.write(contentsOf: Data(repeating: 0xFF, count: 64))
        try file.close()
    }

    func events() throws -> [Envelope] {
        try handler.log.reader.read(after: .start, limit: 1_000_000)
    }

    func handle(_ request: CommandRequest) throws -> CommandOutcome {
        try #require(handler.handle([request]).first)
    }

    /// As the command line asks, which shows that it is at the server itself.
    func carryOut(_ requests: [CommandRequest]) throws -> [CommandOutcome] {
        try handler.handle(
            requests.map { request in
                var shown = request
                shown.credential = .local(secret: handler.vault.localKey, .commandLine("root"))
                return shown
            })
    }

    // MARK: Requests

    func make(
        _ route: CommandRoute, _ body: String, by caller: Caller = .staff("host"),
        target: String = "", key: String? = nil
    ) -> CommandRequest {
        CommandRequest(
            route: route, credential: .local(secret: handler.vault.localKey, caller),
            target: target, key: key, body: Array(body.utf8))
    }

    func section(_ name: String = "Sours") throws -> String {
        try accepted(handle(make(.createSection, #"{"name":"\#(name)"}"#))).id
    }

    func drink(_ section: String, _ name: String = "Daiquiri", _ rest: String = "") throws -> String
    {
        let body = #"{"section_id":"\#(section)","name":"\#(name)"\#(rest)}"#
        return try accepted(handle(make(.createDrink, body))).id
    }

    /// The event alone: nobody looks for the file here.
    func photo(_ filename: String = "a.jpg") throws -> ImageName {
        let at = handler.log.stamp(clock.look())
        let id = ImageID(UUID(version7At: at, random: .random(in: .min ... .max)))
        let name = ImageName(id: id, after: filename, ending: "jpg")
        let image = ImageUploaded(
            name: name, contentType: "image/jpeg", bytes: 1, width: 1, height: 1, sha256: "",
            drinkID: nil)
        let event = EventCoding.encode(.image(.uploaded(image)), expecting: .noStream)
        let staged = StagedEvent(event, at: at, random: .random(in: .min ... .max))
        try handler.log.commit([
            StagedCommand(id: staged.id, actor: "staff:host", key: nil, events: [staged], reply: [])
        ])
        return name
    }

    func update(_ drink: String, _ body: String, ifMatch: String? = nil) throws -> CommandOutcome {
        var request = make(.updateDrink, body, target: drink)
        request.ifMatch = ifMatch
        return try handle(request)
    }

    /// What the last event of a stream says now.
    func last(_ stream: String) throws -> Event {
        let event = try #require(handler.log.reader.read(stream: stream).last)
        return try EventCoding.decode(type: event.type, schema: event.schema, data: event.data)
    }

    func order(
        _ drink: String, by guest: String = "Ana", note: String = "", quantity: Int = 1,
        key: String? = nil
    ) -> CommandRequest {
        make(
            .placeOrder, #"{"drink_id":"\#(drink)","note":"\#(note)","quantity":\#(quantity)}"#,
            by: .guest(CommandsTests.guest(guest)), key: key)
    }

    func move(
        _ order: String, to status: String, by caller: Caller = .staff("host"), key: String? = nil
    ) -> CommandRequest {
        make(
            .changeOrderStatus, #"{"status":"\#(status)"}"#, by: caller, target: order, key: key)
    }

    func stock(_ name: String, _ isIn: Bool, key: String? = nil) -> CommandRequest {
        make(.markIngredient, #"{"in_stock":\#(isIn)}"#, target: name, key: key)
    }

    // MARK: State

    /// What the tables beside the log say.
    func tables() throws -> BarState {
        let raw = try raw()
        var state = BarState()
        let out = try raw.prepare("SELECT ingredient FROM state_out_of_stock")
        while try out.step() { state.out.insert(out.text(0)) }
        let guests = try raw.prepare("SELECT guest, count FROM state_active_orders")
        while try guests.step() { state.active[guests.text(0)] = Int(guests.integer(1)) }
        let tickets = try raw.prepare("SELECT day, last FROM state_tickets")
        while try tickets.step() { state.ticket = tickets.integer(1) }
        let drinks = try raw.prepare("SELECT drink_id, section_id FROM state_drink")
        while try drinks.step() { state.drinks[drinks.text(0)] = drinks.text(1) }
        return state
    }

    /// What a fold of all events says.
    func replay() throws -> BarState {
        var state = BarState()
        var orders: [OrderID: Order] = [:]
        for event in try events() {
            switch try EventCoding.decode(
                type: event.type, schema: event.schema, data: event.data)
            {
            case .ingredient(.ranOut(let name)): state.out.insert(IngredientKey(name).text)
            case .ingredient(.restocked(let name)): state.out.remove(IngredientKey(name).text)
            case .order(.placed(let placed)):
                orders[placed.id] = Order(placed, at: event.recordedAt, by: .staff("host"))
                state.ticket = placed.ticket
            case .order(.statusChanged(let change)):
                orders[change.id]?.evolve(change, at: event.recordedAt, by: .staff("host"))
            case .drink(.created(let id, let facts)), .drink(.updated(let id, let facts)):
                state.drinks[id.description] = facts.sectionID.description
            case .drink(.deleted(let id)): state.drinks[id.description] = nil
            default: break
            }
        }
        for order in orders.values where order.status.isActive {
            state.active[order.guest?.description ?? "", default: 0] += 1
        }
        return state
    }
}

struct BarState: Equatable {
    var out: Set<String> = []
    var active: [String: Int] = [:]
    var ticket: Int64 = 0
    /// The section of each drink.
    var drinks: [String: String] = [:]
}

func accepted(
    _ outcome: CommandOutcome
) throws -> CommandOutcome.Accepted {
    guard case .accepted(let accepted) = outcome else {
        throw NotAccepted(outcome: outcome)
    }
    return accepted
}

struct NotAccepted: Error { let outcome: CommandOutcome }

/// A member of an answer's document, such as `status`.
func member(_ name: String, of accepted: CommandOutcome.Accepted) throws -> JSONValue? {
    try JSONValue(parsing: accepted.document).object?[name]
}

/// An id that belongs to a name in these tests; nobody has registered under it.
func guest(_ name: String) -> GuestID {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return GuestID(UUID(high: 7, low: hash))
}
