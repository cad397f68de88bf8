import Domain
import EventStore
import Foundation
import JSON
import Projectors
import ReadModels
import SQLite
import Testing

/// A log, and read models built from it, in a directory that goes with the test.
final class TestModels {
    static let noon = Time(microseconds: 1_800_000_000_000_000)

    let directory: String
    let writer: LogWriter
    let log: LogReader
    private var ids: UInt64 = 0
    /// What the next event's time is taken from.
    var clock = TestModels.noon

    /// The catalogue decides what the writer takes; one of tomorrow may know more.
    init(catalogue: Catalogue = .current) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("barback-\(Foundation.UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        directory = url.path
        writer = try LogWriter(path: directory + "/log.db", now: Self.noon, catalogue: catalogue)
        log = try LogReader(path: directory + "/log.db")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { "\(directory)/\(name).db" }

    func projection(_ model: ReadModel, _ name: String? = nil) throws -> Projection {
        try Projection(model, path: path(name ?? model.name), log: log)
    }

    /// Builds a read model up to the end of the log.
    @discardableResult
    func build(_ model: ReadModel, _ name: String? = nil, page: Int = 2_000) throws -> Projection {
        let projection = try projection(model, name)
        while try projection.applyPage(limit: page) > 0 {}
        return projection
    }

    // MARK: Events

    func append(_ event: NewEvent, by actor: String = "staff:host") throws {
        ids += 1
        let staged = StagedEvent(event, at: writer.stamp(clock), random: ids)
        try writer.commit([
            StagedCommand(id: staged.id, actor: actor, key: nil, events: [staged], reply: [])
        ])
    }

    func append(_ event: Event, by actor: String = "staff:host") throws {
        try append(EventCoding.encode(event, expecting: .any), by: actor)
    }

    /// All in one transaction.
    func append(_ events: [Event], by actor: String = "staff:host") throws {
        try writer.commit(
            events.map { event in
                ids += 1
                let staged = StagedEvent(
                    EventCoding.encode(event, expecting: .any), at: writer.stamp(Self.noon),
                    random: ids)
                return StagedCommand(
                    id: staged.id, actor: actor, key: nil, events: [staged], reply: [])
            })
    }

    /// Data that no writer of this house would write.
    func append(_ type: String, _ data: String, stream: String = "odd", schema: Int = 1) throws {
        try append(
            NewEvent(
                stream: stream, expected: .any, type: type, schema: schema, data: Array(data.utf8)))
    }

    func id<Kind>() -> ID<Kind> {
        ids += 1
        return ID(UUID(version7At: Self.noon, random: ids))
    }

    func section(_ name: String = "Sours", order: Int64 = 0) throws -> SectionID {
        let id: SectionID = id()
        let facts = Section.Facts(name: name, displayOrder: order)
        try append(.section(Section.create(facts, id: id)))
        return id
    }

    func drink(
        _ section: SectionID, _ name: String = "Daiquiri",
        _ change: (inout DrinkFacts) -> Void = { _ in }
    ) throws -> DrinkID {
        let id: DrinkID = id()
        var facts = DrinkFacts(sectionID: section, name: name)
        change(&facts)
        try append(.drink(Drink.create(facts, id: id, sectionExists: true)))
        return id
    }

    func order(
        _ drink: DrinkID, _ name: String = "Daiquiri", ticket: Int64 = 1, by guest: String = "Ana",
        note: String = ""
    ) throws -> OrderID {
        let id: OrderID = id()
        try append(
            .order(
                .placed(
                    OrderPlaced(
                        id: id, ticket: ticket, guest: TestModels.guest(guest),
                        username: guest,
                        drink: OrderedDrink(id: drink, version: Version(1), name: name),
                        quantity: 1, note: note))), by: "guest:\(TestModels.guest(guest))")
        return id
    }

    /// An id that belongs to a name in these tests.
    static func guest(_ name: String) -> GuestID {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return GuestID(UUID(high: 7, low: hash))
    }

    /// `seconds` are from noon.
    func move(
        _ order: OrderID, _ from: OrderStatus, _ to: OrderStatus, after seconds: Int64
    ) throws {
        clock = Time(microseconds: Self.noon.microseconds + seconds * 1_000_000)
        defer { clock = Self.noon }
        try move(order, from, to)
    }

    func move(
        _ order: OrderID, _ from: OrderStatus, _ to: OrderStatus, reason: String? = nil
    ) throws {
        try append(
            .order(
                .statusChanged(OrderStatusChanged(id: order, from: from, to: to, reason: reason))))
    }

    /// A code, keys, an account with two sessions, and three guests of whom one is here.
    func letPeopleIn() throws {
        let (code, key, webKey): (CodeID, APIKeyID, APIKeyID) = (id(), id(), id())
        let (account, phone, laptop): (AccountID, SessionID, SessionID) = (id(), id(), id())
        let hash = [UInt8](repeating: 7, count: 32)
        let later = Time(microseconds: Self.noon.microseconds + 1_000_000_000)
        try append([
            .code(
                .issued(
                    RegistrationCodeIssued(
                        id: code, hash: hash, expires: later, maxUses: 25, notes: "",
                        isJoinCode: true))),
            .apiKey(
                .issued(
                    APIKeyIssued(id: key, name: "till", plan: .admin, hash: hash, isWebKey: false))),
            .apiKey(.disabled(key)),
            .apiKey(
                .issued(
                    APIKeyIssued(
                        id: webKey, name: "web app", plan: .public, hash: hash.map { $0 + 1 },
                        isWebKey: true))),
            .account(.added(AccountAdded(id: account, username: "host", role: .admin))),
            .session(
                .signedIn(AccountSignedIn(session: phone, account: account, expires: later))),
            .session(
                .signedIn(AccountSignedIn(session: laptop, account: account, expires: later))),
            .account(.passwordChanged(account, keeping: laptop)),
        ])
        for name in ["Ana", "Bo", "Eve"] {
            let (guest, session): (GuestID, SessionID) = (id(), id())
            try append(
                .guest(
                    .registered(
                        GuestRegistered(
                            id: guest, code: code, session: session, username: name,
                            expires: later))))
            if name == "Bo" { try append(.guest(.left(guest))) }
            if name == "Eve" { try append(.guest(.disabled(guest))) }
        }
        try append(.code(.revoked(code)))
    }

    func out(_ name: String) throws { try append(.ingredient(.ranOut(name: name))) }
    func restock(_ name: String) throws { try append(.ingredient(.restocked(name: name))) }

    // MARK: Answers

    func menu(_ name: String = "menu") throws -> MenuReader { try MenuReader(path: path(name)) }
    func search() throws -> SearchReader { try SearchReader(path: path("search")) }
    func notifications(_ name: String = "notifications") throws -> NotificationsReader {
        try NotificationsReader(path: path(name))
    }
    func orders() throws -> OrdersReader { try OrdersReader(path: path("orders")) }

    func drinks(_ name: String = "menu") throws -> [JSONObject] {
        var json = JSONWriter()
        _ = try menu(name).writeDrinks(into: &json)
        return try #require(JSONValue(parsing: json.bytes).array).compactMap(\.object)
    }

    func found(_ query: SearchQuery) throws -> (drinks: [JSONObject], next: MenuPlace?) {
        try search().find(query)
    }

    /// The names of what the first drink misses; nil when it is available.
    func missing() throws -> [String]? {
        try build(.menu)
        let drink = try #require(drinks().first)
        let names = (drink["missing"]?.array ?? []).compactMap(\.string)
        #expect(drink["available"]?.bool == names.isEmpty)
        return names.isEmpty ? nil : names
    }
}

/// Chance that can be had again from its seed. Source: SplitMix64
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SearchReader {
    func find(_ query: SearchQuery) throws -> (drinks: [JSONObject], next: MenuPlace?) {
        var json = JSONWriter()
        let (count, next) = try writeDrinks(query, into: &json)
        let drinks = try #require(JSONValue(parsing: json.bytes).array).compactMap(\.object)
        #expect(drinks.count == count)
        return (drinks, next)
    }
}
