import Domain
import EventStore
import Foundation
import JSON
import Projectors
import ReadModels
import SQLite
import Testing

@Suite("A read model of people") struct SealedTests {
    /// A guest with an order and a note, sealed as the commands process seals them.
    private func party() throws -> (TestModels, People, GuestID, OrderID) {
        let bar = try TestModels()
        try FileManager.default.createDirectory(
            atPath: bar.directory + "/secrets", withIntermediateDirectories: false)
        let people = try People.writable(path: bar.directory + "/secrets/people.db")
        let (guest, code, session): (GuestID, CodeID, SessionID) = (bar.id(), bar.id(), bar.id())
        let order: OrderID = bar.id()
        let key = try people.add(guest.uuid)
        let drink = try bar.drink(bar.section())
        for event in [
            Event.guest(
                .registered(
                    GuestRegistered(
                        id: guest, code: code, session: session, username: "Sigríður",
                        expires: TestModels.noon))),
            .order(
                .placed(
                    OrderPlaced(
                        id: order, ticket: 1, guest: guest, username: nil,
                        drink: OrderedDrink(id: drink, version: Version(1), name: "Daiquiri"),
                        quantity: 1, note: "an allergy"))),
        ] {
            try bar.append(
                Sealed.seal(EventCoding.encode(event, expecting: .any), under: key))
        }
        return (bar, people, guest, order)
    }

    @Test func `reads what the log keeps sealed`() throws {
        let (bar, _, guest, order) = try party()
        for event in try bar.log.read(after: .start, limit: 10) {
            let text = String(decoding: event.data, as: UTF8.self)
            #expect(!text.contains("Sigr") && !text.contains("allergy"))
        }
        try bar.build(.orders)
        try bar.build(.access)
        let orders = try bar.orders()
        let row = try #require(try orders.order(order.description))
        #expect(row.username == "Sigríður")
        #expect(row.note == "an allergy")
        let rows = try AccessReader(path: bar.path("access")).guests()
        #expect(rows.map(\.username) == ["Sigríður"])
        #expect(rows.map(\.id) == [guest.description])
    }

    @Test(arguments: ["orders", "access", "notifications"])
    func `holds the same after somebody is forgotten, built before or after`(name: String) throws {
        let (bar, people, guest, order) = try party()
        let model = try #require(ReadModel.named(name))
        try bar.build(model, "live")
        try bar.append(.guest(.forgotten(guest)))
        let live = try bar.build(model, "live").contentDigest()
        #expect(try people.forget(guest.uuid))
        #expect(try !people.forget(guest.uuid))
        #expect(try bar.build(model, "anew").contentDigest() == live)
        if name == "notifications" {
            let rows = try bar.notifications("anew").rows(
                after: .start, forGuest: "\(guest)", limit: 9)
            #expect(rows.count == 3)
            for row in rows where row.event == "order_created" {
                let data = try JSONValue(parsing: row.document).object?["data"]?.object
                #expect(data?["id"]?.string == "\(order)")
                #expect(data?["username"]?.string?.isEmpty == true)
                #expect(data?["note"]?.string?.isEmpty == true)
            }
        }
        guard name == "orders" else { return }
        let orders = try OrdersReader(path: bar.path("anew"))
        let row = try #require(try orders.order(order.description))
        #expect(row.username.isEmpty && row.note.isEmpty)
        #expect(row.drinkName == "Daiquiri")
    }

    @Test func `takes no text that was moved from another stream or changed`() throws {
        let (bar, _, _, _) = try party()
        let events = try bar.log.read(after: .start, limit: 10).filter { $0.keyID != nil }
        #expect(events.count == 2)
        for event in events {
            let key = try #require(event.keyID)
            let open = Sealed.open(
                event.data, stream: event.stream, keyID: key, with: bar.log.people)
            #expect(open.count != event.data.count)
            let moved = Sealed.open(
                event.data, stream: "order-x", keyID: key, with: bar.log.people)
            let text = String(decoding: moved, as: UTF8.self)
            #expect(!text.contains("sealed") && !text.contains("Sigr"))
            #expect(!text.contains("allergy"))
        }
    }
}
