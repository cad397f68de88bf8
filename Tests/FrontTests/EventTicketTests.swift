import Testing
import Tokens

@testable import Front

private let now: UInt64 = 5_000_000_000_000
private let second: UInt64 = 1_000_000_000
private let ana = EventListener.guest("ana")

@Suite("A ticket for events") struct EventTicketTests {
    private let tickets = EventTickets()
    private let pass: Pass

    init() throws {
        let keys = KeySet(json: Array(#"{"issuer":"bar","keys":[]}"#.utf8))
        pass = Pass(
            key: "k", session: "s", issuedAt: 1, expires: 2, issuer: .own(try #require(keys)))
    }

    @Test func `is 24 bytes of chance, and another each time`() {
        let some = (0..<1_000).map { _ in tickets.issue(to: ana, pass, at: now) }
        #expect(Set(some).count == 1_000)
        #expect(some.allSatisfy { $0.utf8.count == 32 })
    }

    @Test func `is good once`() throws {
        let text = tickets.issue(to: ana, pass, at: now)
        let holder = try #require(tickets.holder(of: text, at: now + second))
        #expect(holder.listener == ana)
        #expect(holder.pass.session == "s")
        #expect(tickets.holder(of: text, at: now + second) != nil)
        #expect(tickets.use(text))
        #expect(tickets.holder(of: text, at: now + second) == nil)
        #expect(!tickets.use(text))
    }

    @Test func `is good again where it was used for nothing, for the rest of its time`() throws {
        let text = tickets.issue(to: ana, pass, at: now)
        let holder = try #require(tickets.holder(of: text, at: now))
        #expect(tickets.use(text))
        tickets.putBack(text, holder)
        #expect(tickets.holder(of: text, at: now + 30 * second) == nil)
        #expect(tickets.holder(of: text, at: now + 29 * second) != nil)
        #expect(tickets.use(text))
        #expect(!tickets.use(text))
    }

    @Test func `opens one stream to whoever come with it at once`() async {
        for _ in 0..<200 {
            let text = tickets.issue(to: ana, pass, at: now)
            let uses = await withTaskGroup(of: Bool.self) { [tickets] group in
                for _ in 0..<4 { group.addTask { tickets.use(text) } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(uses == 1)
        }
    }

    @Test func `is over after thirty seconds`() {
        let early = tickets.issue(to: ana, pass, at: now)
        let late = tickets.issue(to: ana, pass, at: now)
        #expect(tickets.holder(of: early, at: now + 29 * second) != nil)
        #expect(tickets.holder(of: late, at: now + 30 * second) == nil)
    }

    @Test func `is good for nobody who guesses`() {
        _ = tickets.issue(to: ana, pass, at: now)
        #expect(tickets.holder(of: "", at: now) == nil)
        #expect(tickets.holder(of: String(repeating: "A", count: 32), at: now) == nil)
    }

    @Test func `is good as it is written only`() throws {
        let text = try #require(
            (0..<1_000).lazy.map { _ in tickets.issue(to: ana, pass, at: now) }
                .first { $0.contains("K") })
        // Unicode's sign of the kelvin is the letter, to Unicode.
        let alike = text.replacing("K", with: "\u{212A}")
        #expect(alike == text)
        #expect(tickets.holder(of: alike, at: now) == nil)
        #expect(tickets.holder(of: text, at: now) != nil)
    }

    @Test func `goes first where ten thousand are older than it, and others stay`() {
        let first = tickets.issue(to: ana, pass, at: now)
        let rest = (0..<10_000).map { _ in tickets.issue(to: ana, pass, at: now) }
        #expect(tickets.holder(of: first, at: now) == nil)
        #expect(rest.allSatisfy { tickets.holder(of: $0, at: now) != nil })
    }

    @Test func `leaves nothing behind when it was used or is over`() {
        for round in 0..<30 as Range<UInt64> {
            for index in 0..<1_000 {
                let text = tickets.issue(to: ana, pass, at: now + round * 31 * second)
                if index % 2 == 0 { #expect(tickets.use(text)) }
            }
        }
        #expect(tickets.count <= 1_000)
    }
}

@Suite("Places for event streams") struct EventPlaceTests {
    private func takes(_ places: EventPlaces, _ listener: EventListener, _ tries: Int) -> Int {
        (0..<tries).filter { _ in (try? places.take(listener)) != nil }.count
    }

    @Test func `are eight for a guest and thirty-two for an account`() {
        let places = EventPlaces(descriptors: 10_000)
        #expect(takes(places, ana, 10) == 8)
        #expect(takes(places, .guest("bo"), 10) == 8)
        #expect(takes(places, .staff("ana"), 40) == 32)
    }

    @Test func `are given back one by one`() {
        let places = EventPlaces(descriptors: 10_000)
        #expect(takes(places, ana, 10) == 8)
        places.giveBack(ana)
        places.giveBack(ana)
        #expect(takes(places, ana, 10) == 2)
    }

    @Test func `leave descriptors for those who order`() {
        let places = EventPlaces(descriptors: 1_024)
        let guests = (0..<1_000).map { EventListener.guest("\($0)") }
        let some = guests.reduce(0) { $0 + takes(places, $1, 1) }
        #expect(some == 1_024 - 128 - 256)
        #expect(throws: Problem.self) { try places.take(.staff("late")) }
        places.giveBack(guests[0])
        #expect(takes(places, .staff("late"), 1) == 1)
    }
}
