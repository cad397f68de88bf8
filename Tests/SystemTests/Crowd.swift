import Foundation
import Synchronization

/// Guests who do not give up: a broken connection or a 503 means the same request again, with the same
/// Idempotency-Key, until there is an answer.
final class Crowd: Sendable {
    struct Order {
        /// Idempotency-Key and note: what the log knows it by.
        let key: String
        let id: String
        /// Whether the bar was told to begin with it.
        let isMade: Bool
    }

    private let bar: Bar
    private let drink: String
    private let code: String
    private let seen = Mutex(Seen())

    private struct Seen {
        var orders: [Order] = []
        var complaints: [String] = []
        var repeats = 0
        var isOver = false
        var guests = 0
    }

    /// At most 25 come to the party: as many as one code lets in.
    init(_ bar: Bar, drink: String) throws {
        self.bar = bar
        self.drink = drink
        code = try bar.door.code()
    }

    /// Every order that was acknowledged.
    var orders: [Order] { seen.withLock { $0.orders } }
    /// What no guest should ever see.
    var complaints: [String] { seen.withLock { $0.complaints } }
    /// Requests that were sent again.
    var repeats: Int { seen.withLock { $0.repeats } }
    var isEmpty: Bool { seen.withLock { $0.isOver && $0.guests == 0 } }

    func goHome() { seen.withLock { $0.isOver = true } }

    /// Returns when the last guest has gone home.
    func party(guests: Int) {
        seen.withLock { $0.guests = guests }
        inParallel(guests) { index in
            Guest(self, number: index).drink()
            self.seen.withLock { $0.guests -= 1 }
        }
    }

    private func complain(_ what: String) { seen.withLock { $0.complaints.append(what) } }

    /// One guest with one connection at a time.
    private final class Guest {
        private let crowd: Crowd
        private let number: Int
        private var client: Client?
        private var token = ""

        init(_ crowd: Crowd, number: Int) {
            self.crowd = crowd
            self.number = number
        }

        func drink() {
            guard let token = register()?.data["access_token"].string else { return }
            self.token = token
            var count = 0
            while !crowd.seen.withLock({ $0.isOver }) {
                count += 1
                let key = "guest-\(number)-order-\(count)"
                guard let first = order(key), let id = first.data["id"].string else { return }
                // Some ask again although they were told, as a phone does that lost the answer.
                if count % 4 == 0 {
                    crowd.seen.withLock { $0.repeats += 1 }
                    guard let again = order(key) else { return }
                    if again.data["id"].string != id || again.position != first.position {
                        crowd.complain("\(key) was \(first.text), then \(again.text)")
                    }
                }
                if count % 3 == 0 { begin(id) }
                crowd.seen.withLock {
                    $0.orders.append(Order(key: key, id: id, isMade: count % 3 == 0))
                }
            }
        }

        private func register() -> Answer? {
            let headers = ["X-Registration-Code": crowd.code, "Idempotency-Key": "guest-\(number)"]
            let body = "{\"username\":\"Crowd \(number)\"}"
            return insist("POST /register \(number)", expecting: 201) { client in
                try client.request("POST", "/register", headers, body)
            }
        }

        private func order(_ key: String) -> Answer? {
            insist("POST /orders \(key)", expecting: 201) { [drink = crowd.drink, token] client in
                try client.sendOrder(
                    drink, headers: ["Authorization": "Bearer \(token)"], key: key, note: key)
                return try client.answer()
            }
        }

        /// The same status again is no event, so this needs no key.
        private func begin(_ id: String) {
            _ = insist("PUT /admin/orders/\(id)", expecting: 200) { client in
                try client.request(
                    "PUT", "/admin/orders/\(id)", [:], #"{"status":"in_progress"}"#)
            }
        }

        private func insist(
            _ what: String, expecting status: Int, _ request: (Client) throws -> Answer
        ) -> Answer? {
            let end = seconds() + 60
            var attempts = 0
            while seconds() < end {
                attempts += 1
                if attempts > 1 { crowd.seen.withLock { $0.repeats += 1 } }
                do {
                    let client = try self.client ?? Client(crowd.bar, seconds: 5)
                    self.client = client
                    let answer = try request(client)
                    if answer.status == status { return answer }
                    if answer.status != 503 {
                        crowd.complain("\(what): \(answer.status) \(answer.text)")
                        return nil
                    }
                } catch {
                    client = nil
                }
                breathe(milliseconds: 20)
            }
            crowd.complain("\(what): not answered in a minute")
            return nil
        }
    }
}
