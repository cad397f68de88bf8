import Foundation
import Glibc
import Synchronization
import Testing

extension WholeBar {
    @Suite("A repeated order", .serialized, .openBar) struct RepeatTests {
        @Test func `is one order with the same answer`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let first = try bar.order(drink, key: "twice", note: "twice")
            let again = try bar.order(drink, key: "twice", note: "twice")
            #expect(first.status == 201)
            #expect(again.status == 201)
            #expect(again.text == first.text)
            #expect(again["Location"] == first["Location"])
            #expect(again.position == first.position)
            #expect(try LogRows(data: bar.data).orders(note: "twice").count == 1)
        }

        @Test func `is one order when forty connections send it at once`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let clients = try (0..<40).map { _ in try Client(bar) }
            try bar.letIn()
            // All of them wait in front of a writer that stands still: they meet in its batches.
            try bar.whileStopped("commands") {
                for client in clients {
                    try client.sendOrder(drink, key: "at-once", note: "at-once")
                }
            }
            let seen = Set(try clients.map { try $0.answer().text })
            #expect(seen.count == 1)
            #expect(try LogRows(data: bar.data).orders(note: "at-once").count == 1)
        }

        @Test func `is one order when its writer was killed before it could answer`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            try bar.letIn()
            for number in 0..<5 {
                let key = "killed-\(number)"
                let pid = try bar.pid(of: "commands")
                let client = try Client(bar)
                kill(pid, SIGSTOP)
                try client.sendOrder(drink, key: key, note: key)
                // What stopped: whether the order is written before the end is left to chance.
                if number % 2 == 1 { kill(pid, SIGCONT) }
                kill(pid, SIGKILL)
                let first = try client.answer()
                #expect(first.status == 201 || first.code == "writer_unavailable")
                let again = try eventually("an answer to \(key)") { () -> Answer? in
                    let answer = try bar.order(drink, key: key, note: key)
                    return answer.status == 503 ? nil : answer
                }
                #expect(again.status == 201)
                if first.status == 201 { #expect(again.text == first.text) }
                #expect(try LogRows(data: bar.data).orders(note: key).count == 1)
                // A kill in a row makes the next start wait longer.
                try bar.untilOpen()
            }
        }

        @Test func `gets its old answer from a writer that was started since`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let first = try bar.order(drink, key: "before", note: "before")
            _ = try bar.move(try #require(first.data["id"].string), to: "ready")
            try bar.replace("commands")
            try bar.untilOpen()
            let again = try bar.order(drink, key: "before", note: "before")
            // As it was answered then, although the order has moved on.
            #expect(again.text == first.text)
            #expect(again.position == first.position)
        }

        @Test func `with another body is refused`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            #expect(try bar.order(drink, key: "other", quantity: 1).status == 201)
            let head = try LogRows.head(data: bar.data)
            let other = try bar.order(drink, key: "other", quantity: 2)
            #expect(other.status == 422)
            #expect(other.code == "key_reused")
            #expect(try LogRows.head(data: bar.data) == head)
        }

        @Test func `from another guest is another order`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let first = try bar.order(drink, guest: "Ana", key: "shared", note: "shared")
            let second = try bar.order(drink, guest: "Bo", key: "shared", note: "shared")
            #expect(second.status == 201)
            #expect(second.data["id"].string != first.data["id"].string)
            #expect(second.data["username"].string == "Bo")
        }

        @Test func `without a key is a second order`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let first = try bar.order(drink)
            let second = try bar.order(drink)
            #expect(first.status == 201 && second.status == 201)
            #expect(first.data["id"].string != second.data["id"].string)
        }

        @Test func `that was refused is decided anew`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            _ = try bar.put("/admin/bar", #"{"accepting_orders":false}"#)
            #expect(try bar.order(drink, key: "paused").status == 409)
            _ = try bar.put("/admin/bar", #"{"accepting_orders":true}"#)
            #expect(try bar.order(drink, key: "paused").status == 201)
        }

        @Test(arguments: ["", " ", String(repeating: "k", count: 256), "tab\tbed"])
        func `needs a key of visible characters`(key: String) throws {
            let bar = try theBar()
            let answer = try bar.order(try bar.anyDrink(), key: key)
            #expect(answer.status == 422)
            #expect(answer.fields == ["Idempotency-Key"])
        }
    }
}
