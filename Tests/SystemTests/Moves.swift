import Foundation
import Synchronization

/// Guests who order, and a bar that moves their orders about, until so many moves are made.
///
/// Now and then a bottle is empty or there is another, which everybody is told of. A broken connection or a 503 means the same request again: the same move twice changes nothing, and an order
/// has an Idempotency-Key.
final class Moves: Sendable {
    private let bar: Bar
    private let drink: String
    private let seed: UInt64
    private let most: Int
    private let state = Mutex((made: 0, complaints: [String]()))

    init(_ bar: Bar, seed: UInt64, count: Int) throws {
        self.bar = bar
        drink = try bar.anyDrink()
        self.seed = seed
        most = count
    }

    /// How many moves are made, or about to be.
    var made: Int { state.withLock { $0.made } }
    /// What nobody at the bar should ever be told.
    var complaints: [String] { state.withLock { $0.complaints } }

    /// Several at work for each guest; returns with the last move.
    func make(guests: [String], hands: Int) {
        inParallel(guests.count * hands) { number in
            do {
                let guest = guests[number % guests.count]
                try Hand(self, number: number, guest: guest).work()
            } catch {
                self.state.withLock { $0.complaints.append("\(error)") }
            }
        }
    }

    private func mayMakeOneMore() -> Bool {
        state.withLock {
            guard $0.made < most, $0.complaints.isEmpty else { return false }
            $0.made += 1
            return true
        }
    }

    /// Orders of one guest, moved over one connection at a time.
    private final class Hand {
        private struct Order {
            let id: String
            /// The statuses a step back would lead through; the last one is the present.
            var path: [String] = ["pending"]
            var moves = 0
        }

        private static let next = [
            "pending": ["in_progress", "ready", "completed", "cancelled", "rejected"],
            "in_progress": ["ready", "completed", "cancelled", "rejected"],
            "ready": ["completed"],
        ]
        /// An order's story is told with each of its events; a short one keeps the work even.
        private static let mostMoves = 8

        private let moves: Moves
        private let name: String
        private let guest: [String: String]
        private var chance: Chance
        private var client: Client?
        private var orders: [Order] = []
        private var placed = 0
        private var isBottleFull = true

        init(_ moves: Moves, number: Int, guest: String) throws {
            self.moves = moves
            name = "\(guest)-\(number)"
            self.guest = try moves.bar.guest(guest)
            chance = Chance(moves.seed &+ UInt64(number))
        }

        func work() throws {
            while moves.mayMakeOneMore() {
                if orders.count < 5 { try place() }
                try move(.random(in: orders.indices, using: &chance))
                if Int.random(in: 0..<20, using: &chance) == 0 { try swapBottle() }
            }
        }

        private func place() throws {
            placed += 1
            let key = "\(name)-\(placed)"
            let answer = try insist(expecting: 201) { client in
                try client.sendOrder(moves.drink, headers: guest, key: key, note: key)
                return try client.answer()
            }
            guard let id = answer.data["id"].string else { return }
            orders.append(Order(id: id))
        }

        private func move(_ index: Int) throws {
            var order = orders[index]
            let back = order.path.count > 1 ? [order.path[order.path.count - 2]] : []
            let open = (Self.next[order.path.last ?? ""] ?? []) + back
            guard let status = open.randomElement(using: &chance) else { return }
            _ = try insist(expecting: 200) { client in
                try client.request(
                    "PUT", "/admin/orders/\(order.id)", [:], "{\"status\":\"\(status)\"}")
            }
            if back == [status] { order.path.removeLast() } else { order.path.append(status) }
            order.moves += 1
            orders[index] = order
            if order.moves == Self.mostMoves { orders.remove(at: index) }
        }

        private func swapBottle() throws {
            isBottleFull.toggle()
            _ = try insist(expecting: 200) { client in
                try client.request(
                    "PUT", "/admin/ingredients/\(escaped(name))", [:],
                    "{\"in_stock\":\(isBottleFull)}")
            }
        }

        private func insist(
            expecting status: Int, _ request: (Client) throws -> Answer
        ) throws -> Answer {
            try eventually("\(name) answered", within: 60) {
                do {
                    let client = try self.client ?? Client(moves.bar, seconds: 5)
                    self.client = client
                    let answer = try request(client)
                    if answer.status == status { return answer }
                    guard answer.status == 503 else {
                        throw Late(description: "\(name): \(answer.status) \(answer.text)")
                    }
                } catch is NoAnswer {
                    client = nil
                }
                return nil
            }
        }
    }
}
