import Foundation
import Glibc
import Testing

extension WholeBar {
    /// BARBACK_SEED repeats the order of moves and shots.
    @Suite("Live events in trouble", .serialized) struct LiveTroubleTests {
        private func seed() -> UInt64 {
            let given = ProcessInfo.processInfo.environment["BARBACK_SEED"].flatMap { UInt64($0) }
            let seed = given ?? .random(in: 1...99_999)
            print("The seed is \(seed): BARBACK_SEED=\(seed) repeats it.")
            return seed
        }

        /// The id of a guest who is in.
        private func id(of guest: String, _ bar: Bar) throws -> String {
            let list = try bar.get("/admin/guests").data.list
            guard let id = list.first(where: { $0["username"].string == guest })?["id"].string
            else { throw Late(description: "\(guest) is not in") }
            return id
        }

        /// What each stream was told, each read by a thread of its own that opens it again whenever it breaks.
        private final class Listeners: Sendable {
            private let heard = Gathered<(name: String, told: [String])>()
            private let errors = Gathered<String>()
            private let group = DispatchGroup()

            var complaints: [String] { errors.all }

            func listen(
                _ name: String, to bar: Bar, _ headers: [String: String], after: Int,
                until isOver: @escaping @Sendable (EventStream.Event) -> Bool
            ) {
                group.enter()
                let thread = Thread {
                    do {
                        let stream = try EventStream(bar, headers, after: after, resumes: true)
                        let told = try stream.events(within: 120, until: isOver).map(\.told)
                        self.heard.add((name, told))
                    } catch {
                        self.errors.add("\(name): \(error)")
                    }
                    self.group.leave()
                }
                thread.start()
            }

            /// Once all of them have heard the end.
            func wait() -> [(name: String, told: [String])] {
                group.wait()
                return heard.all
            }
        }

        private func firstDifference(_ heard: [String], _ told: [String]) -> String {
            let index =
                zip(heard, told).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                ?? min(heard.count, told.count)
            func at(_ list: [String]) -> String { index < list.count ? list[index] : "the end" }
            return
                "\(heard.count) heard, \(told.count) told; at \(index) \(at(heard)), not \(at(told))"
        }

        @Test(.timeLimit(.minutes(3)))
        func `are told once and in order, through ten thousand moves and many kills`() throws {
            var chance = Chance(seed())
            let bar = try Bar()
            defer { bar.close() }
            let guests = ["Ana", "Bo", "Cy", "Di"]
            try bar.letIn(guests)
            let begin = try bar.settledHead()
            let listeners = Listeners()
            listeners.listen("host", to: bar, try bar.asHost, after: begin, until: isTheLast)
            for guest in guests {
                listeners.listen(
                    guest, to: bar, try bar.guest(guest), after: begin, until: isTheLast)
            }
            let began = seconds()
            let moves = try Moves(bar, seed: chance.next(), count: 10_000)
            let party = Thread { moves.make(guests: guests, hands: 4) }
            party.start()
            let victims = ["front", "projector notifications"]
            var shots = (0..<8).map { victims[$0 % 2] }.shuffled(using: &chance)
            let shot = shots.joined(separator: ", ")
            for turn in 1...9 {
                let due = turn * 1_000 + .random(in: -400...400, using: &chance)
                try eventually("\(due) moves", within: 60) {
                    moves.made >= due || !moves.complaints.isEmpty ? true : nil
                }
                if turn == 5 {
                    let rebuilt = try barback("rebuild", "notifications", "--data", bar.data)
                    #expect(rebuilt.code == 0, "\(rebuilt.output)\(rebuilt.errors)")
                    continue
                }
                try bar.replace(shots.removeLast())
            }
            try eventually("the last move", within: 60) {
                party.isFinished ? true : nil
            }
            #expect(moves.complaints.isEmpty, "\(moves.complaints)")
            try bar.untilOpen()
            try bar.announce(theLast)
            let heard = listeners.wait()
            print("Shot \(shot) in \(Int(seconds() - began)) s")
            #expect(listeners.complaints.isEmpty, "\(listeners.complaints)")

            let log = try LogRows(data: bar.data)
            #expect(log.rows.count { $0.type == "OrderStatusChanged" } == 10_000)
            for (name, told) in heard {
                let expected =
                    name == "host"
                    ? log.toldStaff(after: begin)
                    : log.told(guest: try id(of: name, bar), after: begin)
                #expect(
                    told.count > 1_000 && told == expected,
                    "\(name): \(firstDifference(told, expected))")
            }
        }

        @Test(.timeLimit(.minutes(2)))
        func `are never told to somebody else`() throws {
            var chance = Chance(seed())
            let bar = try Bar()
            defer { bar.close() }
            let guests = ["Ana", "Bo", "Cy", "Di", "Ed"]
            try bar.letIn(guests)
            let begin = try bar.settledHead()
            var streams: [(guest: String, after: Int, stream: EventStream)] = []
            func listen(_ guest: String, after: Int? = nil) throws {
                let stream = try bar.nextStream(bar.guest(guest), after: after)
                if let after { #expect(stream.begin.position == after) }
                streams.append((guest, stream.begin.position, stream))
            }
            for guest in guests { for _ in 0..<2 { try listen(guest) } }
            let drinks = try bar.get("/drinks").data.list.compactMap { $0["id"].string }
            let client = try Client(bar)
            var orders: [String] = []
            for _ in 1...600 {
                let guest = try #require(guests.randomElement(using: &chance))
                let drink = try #require(drinks.randomElement(using: &chance))
                switch Int.random(in: 0..<20, using: &chance) {
                case 0..<6:
                    let placed = try client.order(drink, guest: guest, note: "of \(guest)")
                    if let id = placed.data["id"].string { orders.append(id) }
                case 6..<8:
                    let placed = try client.request(
                        "POST", "/admin/orders", [:],
                        "{\"guest_name\":\"\(guest)\",\"drink_id\":\"\(drink)\"}")
                    if let id = placed.data["id"].string { orders.append(id) }
                case 8..<17:
                    guard let order = orders.randomElement(using: &chance) else { continue }
                    let status = ["in_progress", "ready", "completed", "pending", "rejected"]
                        .randomElement(using: &chance)
                    _ = try client.request(
                        "PUT", "/admin/orders/\(order)", [:], "{\"status\":\"\(status ?? "")\"}")
                case 17:
                    _ = try client.request(
                        "PUT", "/admin/ingredients/Campari", [:],
                        "{\"in_stock\":\(Bool.random(using: &chance))}")
                case 18:
                    let head = try LogRows.head(data: bar.data)
                    guard streams.count < 8 * guests.count,
                        streams.count(where: { $0.guest == guest }) < 6
                    else { continue }
                    // The place of whatever it may be, which is mostly somebody else's.
                    try listen(guest, after: .random(in: begin...head, using: &chance))
                default:
                    // A phone that goes and comes back.
                    guard let index = streams.indices.randomElement(using: &chance) else {
                        continue
                    }
                    let (guest, after, _) = streams.remove(at: index)
                    try listen(guest, after: after)
                }
            }
            let last = try bar.announce(theLast)
            let log = try LogRows(data: bar.data)
            let ids = try guests.reduce(into: [String: String]()) { ids, guest in
                ids[guest] = try id(of: guest, bar)
            }
            func check(_ stream: EventStream, of guest: String, after: Int) throws {
                let told = try stream.events(through: last).map(\.told)
                let expected = log.told(guest: ids[guest] ?? "", after: after)
                #expect(told == expected, "\(guest): \(firstDifference(told, expected))")
            }
            for (guest, after, stream) in streams {
                try check(stream, of: guest, after: after)
            }
            streams = []
            let resets = try guests.map { try bar.nextStream(bar.guest($0), after: last + 1_000) }
            for stream in resets { #expect(try stream.next().name == "reset") }
            for guest in guests {
                let others = log.rows.filter {
                    $0.type == "OrderPlaced" && $0.data["guest_id"].string != ids[guest]
                }
                for after in [0, 1] + others.map(\.position).shuffled(using: &chance).prefix(10) {
                    let stream = try bar.nextStream(bar.guest(guest), after: after)
                    try check(stream, of: guest, after: after)
                }
                for forged in [
                    "-1", "9223372036854775807", "9999999999999999999", "1;2", "*", "\(last),0",
                ] {
                    let answer = try bar.get(
                        "/events", bar.guest(guest).merging(["Last-Event-ID": forged]) { $1 })
                    #expect(answer.status == 400, "\(forged)")
                }
            }
        }
    }
}
