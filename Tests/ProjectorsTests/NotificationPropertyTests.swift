import Domain
import EventStore
import Foundation
import JSON
import ReadModels
import SQLite
import Testing
import Wire

@testable import Front
@testable import Projectors

/// Evenings at random, and beside each event what it has to tell, made from what GET /orders/{id} would have shown.
private final class RandomEvenings {
    struct Told: Equatable {
        let position: Position
        let audience: NotificationAudience
        let at: Time
        var document: [UInt8]
    }

    let bar: TestModels
    let people: People
    private var chance: SeededRandom
    private let orders: Projection
    private let shown: OrdersReader

    private var guests: [(id: GuestID, key: PersonKey)] = []
    private var forgotten: [GuestID] = []
    private var lastOrders: [(order: Order, version: Version)] = []
    private var drinks: [DrinkID: (facts: DrinkFacts, version: Int64)] = [:]
    private let section: SectionID

    /// Guests by the orders that are theirs.
    private(set) var owners: [OrderID: GuestID] = [:]
    /// All that is still to be told, oldest first.
    private(set) var told: [Told] = []
    private(set) var retainedAfter = Position.start
    /// Of all events.
    private var times: [Time] = []
    /// By position, the document of the order that the rows there show.
    private var documents: [Position: (OrderDocument, OrderStatus?)] = [:]

    static let day: Int64 = 86_400_000_000

    init(seed: UInt64) throws {
        chance = SeededRandom(state: seed)
        bar = try TestModels()
        try FileManager.default.createDirectory(
            atPath: bar.directory + "/secrets", withIntermediateDirectories: false)
        people = try People.writable(path: bar.directory + "/secrets/people.db")
        orders = try bar.projection(.orders)
        shown = try OrdersReader(path: bar.path("orders"))
        section = bar.id()
        try happen(
            .section(.created(section, Section.Facts(name: "Sours", displayOrder: 0))),
            menu: .everyone)
        try addDrink()
        try comeIn()
    }

    /// What a name, a note or a sentence may hold by the rules of the domain.
    private static let texts = [
        "plain", "a \"quoted\" \\ one", "two\nlines\r\nand more", "tab?no", "crème brûlée", "😀👩‍👩‍👧‍👦",
        "</script>&amp;", "data: x\n\nevent: y", "{\"json\":[1]}", "'; DROP TABLE", "日本語", "ẞ ﬁ",
        "\u{FEFF}x",
        "null", "0", "",
    ]

    private func text() -> String { Self.texts.randomElement(using: &chance) ?? "" }

    /// One thing at random, and a pause that may be long.
    func goOn() throws {
        let pause: Int64 =
            switch Int.random(in: 0..<100, using: &chance) {
            case 0..<3: .random(in: 0...2 * Self.day, using: &chance)
            case 3..<20: .random(in: 0...3_600_000_000, using: &chance)
            default: .random(in: 0...60_000_000, using: &chance)
            }
        bar.clock = Time(microseconds: bar.clock.microseconds + pause)
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<4: try comeIn()
        case 4..<6 where guests.count > 1: try forget()
        case 6..<9: try addDrink()
        case 9..<14: try changeDrink()
        case 14..<18: try changeShelf()
        case 18..<20: try happen(.bar(.orderingPaused(message: text())), menu: .everyone)
        case 20..<21: try happen(.apiKey(.disabled(bar.id())))
        case 21..<45: try place()
        default: try move()
        }
    }

    /// What stands in a guest's name and notes, and nowhere else.
    static func word(of guest: GuestID) -> String { "said-by-\(guest)" }

    // MARK: Events

    private func comeIn() throws {
        let guest: GuestID = bar.id()
        let key = try people.add(guest.uuid)
        guests.append((guest, key))
        try happen(
            .guest(
                .registered(
                    GuestRegistered(
                        id: guest, code: bar.id(), session: bar.id(),
                        username: "\(Self.word(of: guest)) \(text())", expires: TestModels.noon))),
            under: key)
    }

    private func forget() throws {
        let index = Int.random(in: guests.indices, using: &chance)
        let guest = guests.remove(at: index).id
        forgotten.append(guest)
        try happen(.guest(.forgotten(guest)))
        for index in told.indices {
            guard case (var document, let before)? = documents[told[index].position],
                owners[try #require(OrderID(document.id))] == guest
            else { continue }
            (document.username, document.note) = ("", "")
            told[index].document = line(document, before, at: told[index].position)
        }
    }

    private func addDrink() throws {
        let drink: DrinkID = bar.id()
        var facts = DrinkFacts(sectionID: section, name: "Drink " + text())
        facts.isActive = Int.random(in: 0..<3, using: &chance) > 0
        facts.ingredients = lines()
        drinks[drink] = (facts, 1)
        try happen(.drink(.created(drink, facts)), menu: facts.isActive ? .everyone : .staff)
    }

    private func changeDrink() throws {
        guard let id = drinks.keys.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &chance),
            let (before, version) = drinks[id]
        else { return }
        var facts = before
        drinks[id]?.version += 1
        switch Int.random(in: 0..<4, using: &chance) {
        case 0:
            let name = ImageName(id: bar.id(), after: "photo.jpg", ending: "jpg")
            try happen(
                .drink(.imageAttached(id, name)), menu: before.isActive ? .everyone : .staff)
        case 1:
            try happen(.drink(.imageRemoved(id)), menu: before.isActive ? .everyone : .staff)
        case 2 where drinks.count > 1:
            drinks[id] = nil
            try happen(.drink(.deleted(id)), menu: before.isActive ? .everyone : .staff)
        default:
            facts.isActive = Bool.random(using: &chance)
            facts.ingredients = lines()
            drinks[id] = (facts, version + 1)
            try happen(
                .drink(.updated(id, facts)),
                menu: before.isActive || facts.isActive ? .everyone : .staff)
        }
    }

    private static let shelf = ["Gin", "gin", "Rum", "Crème", "x\n\"y\"", "Lime", "Mint", "Salt"]

    private func lines() -> [IngredientLine] {
        Self.shelf.shuffled(using: &chance).prefix(.random(in: 0...2, using: &chance)).map {
            IngredientLine(
                name: $0, substitutes: Self.shelf.filter { _ in chance.next() % 12 == 0 })
        }
    }

    private func changeShelf() throws {
        let name = Self.shelf.randomElement(using: &chance) ?? "Gin"
        let isServed = drinks.values.contains { facts, _ in
            facts.isActive
                && facts.ingredients.contains { line in
                    ([line.name] + line.substitutes).map(IngredientKey.init)
                        .contains(IngredientKey(name))
                }
        }
        let isOut = Bool.random(using: &chance)
        try happen(
            .ingredient(isOut ? .ranOut(name: name) : .restocked(name: name)),
            menu: isServed ? .everyone : .staff)
    }

    private func place() throws {
        guard let id = drinks.keys.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &chance),
            let (facts, version) = drinks[id]
        else { return }
        // One in five by hand.
        let guest =
            Int.random(in: 0..<5, using: &chance) == 0
            ? nil : guests.randomElement(using: &chance)
        let order: OrderID = bar.id()
        let note = text()
        let placed = OrderPlaced(
            id: order, ticket: .random(in: 1...99, using: &chance), guest: guest?.id,
            username: guest == nil ? "by hand " + text() : nil,
            // Now and then one that it is no more, as if the order had been on its way.
            drink: OrderedDrink(
                id: id,
                version: Version(.random(in: max(1, version - 1)...version, using: &chance)),
                name: facts.name),
            quantity: .random(in: 1...10, using: &chance),
            // What a guest writes is told from what others write.
            note: note.isEmpty ? "" : note + (guest.map { Self.word(of: $0.id) } ?? ""))
        let caller: Caller = guest.map { .guest($0.id) } ?? .staff("host: \(text())")
        owners[order] = guest?.id
        let key = try guest?.key ?? people.add(order.uuid)
        lastOrders.append((Order(placed, at: bar.clock, by: caller), Version(1)))
        try happen(
            .order(.placed(placed)), by: caller, under: key, order: (order, guest?.id, nil))
    }

    private func move() throws {
        // Mostly one of the last.
        let last = lastOrders.indices.suffix(Bool.random(using: &chance) ? 8 : .max)
        guard let index = last.randomElement(using: &chance) else { return }
        var (order, version) = lastOrders[index]
        let owner = owners[order.id]
        let isOwn = Int.random(in: 0..<10, using: &chance) == 0
        let caller: Caller = isOwn ? owner.map { .guest($0) } ?? .staff("x") : .commandLine("root")
        let reason = Bool.random(using: &chance) ? text() : nil
        let to = OrderStatus.allCases.randomElement(using: &chance) ?? .ready
        let from = order.status
        guard
            let change = try? order.change(
                ChangeOrderStatus(to: to, reason: reason), by: caller)
        else { return }
        order.evolve(change, at: bar.clock, by: caller)
        lastOrders[index] = (order, version.next)
        try happen(.order(.statusChanged(change)), by: caller, order: (order.id, owner, from))
    }

    // MARK: What is told

    private func happen(
        _ event: Event, by caller: Caller = .staff("host"), under key: PersonKey? = nil,
        menu: NotificationAudience? = nil,
        order: (id: OrderID, owner: GuestID?, from: OrderStatus?)? = nil
    ) throws {
        let new = EventCoding.encode(event, expecting: .any)
        try bar.append(key.map { Sealed.seal(new, under: $0) } ?? new, by: "\(caller)")
        while try orders.applyPage() > 0 {}
        let position = orders.position
        let at = try #require(try bar.log.recordedAt(upTo: position))
        if let menu { told.append(Told(position: position, audience: menu, at: at, document: [])) }
        if let (id, owner, from) = order {
            let row = try #require(try shown.order("\(id)"))
            var document = OrderDocument(row, inFull: false)
            document.queuePosition = nil
            documents[position] = (document, from)
            let line = line(document, from, at: position)
            told.append(Told(position: position, audience: .staff, at: at, document: line))
            if let owner {
                told.append(
                    Told(position: position, audience: .guest("\(owner)"), at: at, document: line))
            }
        }
        times.append(at)
        let outdated = times.prefix { $0.microseconds < at.microseconds - Self.day }.count
        retainedAfter = Position(Int64(outdated))
        told.removeFirst(told.prefix { $0.position <= retainedAfter }.count)
    }

    private func line(
        _ document: OrderDocument, _ before: OrderStatus?, at position: Position
    ) -> [UInt8] {
        let event =
            before == nil
            ? "order_created"
            : document.timeline.last?.status == "completed"
                ? "order_completed" : "order_status_changed"
        var json = JSONWriter()
        json.object { json in
            json.member("type", event)
            json.member("position", position.number)
            json.name("data")
            document.write(into: &json)
            if let before { json.member("previous_status", before.rawValue) }
        }
        return json.bytes
    }

    /// Destroys the keys of whoever was forgotten, as the writer does after its event.
    func destroyKeys() throws {
        for guest in forgotten { _ = try people.forget(guest.uuid) }
    }

    var everyGuest: [GuestID] { guests.map(\.id) + forgotten }
    var forgottenGuests: [GuestID] { forgotten }

    func page() -> Int { Int.random(in: 1...60, using: &chance) }
}

@Suite("Notifications of random evenings") struct NotificationPropertyTests {
    /// BARBACK_SEED repeats one.
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["BARBACK_SEED"].flatMap { UInt64($0) }.map { [$0] }
        ?? (0..<4).map { _ in .random(in: 1...99_999) }

    @Test(arguments: seeds)
    func `are what GET shows at each position, to whom it concerns, for a day`(
        seed: UInt64
    ) throws {
        print("The evenings' seed is \(seed): BARBACK_SEED=\(seed) repeats it.")
        let evenings = try RandomEvenings(seed: seed)
        let bar = evenings.bar
        let live = try bar.projection(.notifications)
        let reader = try bar.notifications()
        var forgotten = 0
        for _ in 0..<700 {
            try evenings.goOn()
            while try live.applyPage() > 0 {}
            let position = Position(live.position.number - 1)
            let rows = try reader.rows(after: position, limit: 9)
            let wanted = evenings.told.filter { $0.position > position }
            expect(rows, wanted, "seed \(seed), position \(live.position)")
            // What was told before changes only then.
            guard evenings.forgottenGuests.count > forgotten else { continue }
            forgotten += 1
            expect(
                try reader.rows(after: .start, limit: 9_999), evenings.told,
                "seed \(seed), position \(live.position)")
        }
        #expect(evenings.retainedAfter > Position(20), "no time has passed")
        #expect(evenings.owners.count > 50 && evenings.forgottenGuests.count > 2)
        expect(try reader.rows(after: .start, limit: 9_999), evenings.told, "seed \(seed)")
        #expect(try reader.retainedAfter() == evenings.retainedAfter, "seed \(seed)")

        for guest in evenings.everyGuest {
            try expectOnlyOwn(reader, guest, evenings, seed)
        }

        try expectForgotten(live, evenings, seed)

        // Whatever the pages, and after the keys of the forgotten are gone.
        let digest = try live.contentDigest()
        try evenings.destroyKeys()
        for number in 1...3 {
            let again = try bar.projection(.notifications, "again-\(number)")
            while try again.applyPage(limit: evenings.page()) > 0 {}
            #expect(try again.contentDigest() == digest, "seed \(seed)")
        }
        try Replay.build(
            .notifications, at: live.position, from: bar.log, into: bar.path("replayed"),
            progress: { _, _ in }, goesOn: { true })
        let replayed = try bar.projection(.notifications, "replayed")
        #expect(try replayed.contentDigest() == digest, "seed \(seed)")
    }

    private func expect(
        _ rows: [NotificationRow], _ wanted: [RandomEvenings.Told], _ comment: String
    ) {
        // A guest's row and staff's may stand in either order.
        let place = { (one: (Position, String), other: (Position, String)) in one < other }
        let rows = rows.sorted {
            place(($0.position, $0.audience.text), ($1.position, $1.audience.text))
        }
        let wanted = wanted.sorted {
            place(($0.position, $0.audience.text), ($1.position, $1.audience.text))
        }
        #expect(rows.map(\.position) == wanted.map(\.position), "\(comment)")
        #expect(rows.map(\.audience) == wanted.map(\.audience), "\(comment)")
        for (row, wanted) in zip(rows, wanted) {
            #expect(!row.document.contains { $0 < 0x20 }, "\(comment)")
            #expect(throws: Never.self) { try JSONValue(parsing: row.document) }
            guard !wanted.document.isEmpty else { continue }
            #expect(
                String(decoding: row.document, as: UTF8.self)
                    == String(decoding: wanted.document, as: UTF8.self), "\(comment)")
        }
    }

    /// Not a byte, whether it stood in a row that is there, was removed, or has moved within the file.
    private func expectForgotten(
        _ live: Projection, _ evenings: RandomEvenings, _ seed: UInt64
    ) throws {
        #expect(try live.wipe())
        let path = evenings.bar.path("notifications")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes += try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        let found = evenings.everyGuest.filter {
            bytes.range(of: Data(RandomEvenings.word(of: $0).utf8)) != nil
        }
        #expect(Set(found).isDisjoint(with: evenings.forgottenGuests), "seed \(seed)")
        #expect(!found.isEmpty)
    }

    private func expectOnlyOwn(
        _ reader: NotificationsReader, _ guest: GuestID, _ evenings: RandomEvenings, _ seed: UInt64
    ) throws {
        let rows = try reader.rows(after: .start, forGuest: "\(guest)", limit: 9_999)
        #expect(
            rows.count
                == evenings.told.count {
                    $0.audience == .everyone || $0.audience == .guest("\(guest)")
                })
        // Each name and note holds the id of whose it is.
        let others = evenings.everyGuest.filter { $0 != guest }.map { "\($0)" }
        for row in rows {
            let text = String(decoding: row.document, as: UTF8.self)
            #expect(!others.contains { text.contains($0) }, "seed \(seed), \(row.position)")
            guard row.event.hasPrefix("order_") else { continue }
            let data = try #require(JSONValue(parsing: row.document).object?["data"]?.object)
            let order = try #require(data["id"]?.string.flatMap { OrderID($0) })
            #expect(evenings.owners[order] == guest, "seed \(seed), \(row.position)")
        }
    }
}
