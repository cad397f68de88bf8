import Foundation
import Glibc
import SQLite
import Testing

extension Bar {
    /// Sends requests on connections of their own to a writer that stands still: they meet in one batch.
    func inOneBatch(_ count: Int, _ send: (Int, Client) throws -> Void) throws -> [Answer] {
        let clients = try (0..<count).map { _ in try Client(self, seconds: 20) }
        try whileStopped("commands") {
            for (number, client) in clients.enumerated() { try send(number, client) }
            try untilUnderWay(count)
        }
        return try clients.map { try $0.answer() }
    }

    /// Waits until the front has passed on so many commands that are not answered yet.
    func untilUnderWay(_ count: Int) throws {
        try eventually("\(count) commands under way") { () -> Bool? in
            let line = try get("/metrics").text.split(separator: "\n")
                .first { $0.hasPrefix("barback_commands_under_way ") }
            return line?.hasSuffix(" \(count)") == true ? true : nil
        }
    }
}

/// Whether tickets are handed out without a gap.
func isRow(_ tickets: [Int]) -> Bool {
    guard let first = tickets.min() else { return false }
    return tickets.sorted() == Array(first..<(first + tickets.count))
}

extension WholeBar {
    @Suite("A batch of orders", .serialized) struct BatchTests {
        @Test(arguments: ["ABORT", "FAIL", "ROLLBACK"])
        func `loses only the one that cannot be stored`(how: String) throws {
            let cellar = try Cellar(orders: 1)
            let log = try Connection(path: cellar.data + "/log.db", mode: .readWrite)
            try log.execute(
                "CREATE TRIGGER poison BEFORE INSERT ON event "
                    + "WHEN new.data ->> 'quantity' = 7 BEGIN SELECT RAISE(\(how), 'poisoned'); END"
            )
            let bar = try Bar(data: cellar.data)
            defer { bar.close() }
            let drink = try bar.anyDrink()
            try bar.letIn((0..<40).map { "Guest \($0)" })
            let head = try LogRows.head(data: bar.data)
            let answers = try bar.inOneBatch(40) { number, client in
                try client.sendOrder(
                    drink, guest: "Guest \(number)", key: "key-\(number)",
                    note: number == 17 ? "hemlock" : "water-\(number)",
                    quantity: number == 17 ? 7 : 1)
            }
            #expect(answers[17].status == 500)
            #expect(answers[17].code == "failed")
            #expect(!answers[17].text.contains("poison"))
            for (number, answer) in answers.enumerated() where number != 17 {
                #expect(answer.status == 201, "\(number)")
            }
            let after = try LogRows(data: bar.data)
            #expect(after.head == head + 39)
            #expect(after.isDense)
            #expect(after.orders(note: "hemlock").isEmpty)
            #expect(isRow(answers.compactMap { $0.data["ticket"].int }))
            // The writer lives, and the poison is as refused as before; the others are remembered.
            #expect(
                try bar.order(
                    drink, guest: "Guest 17", key: "key-17", note: "hemlock", quantity: 7
                ).status == 500)
            let again = try bar.order(drink, guest: "Guest 3", key: "key-3", note: "water-3")
            #expect(again.text == answers[3].text)
            #expect(try LogRows.head(data: bar.data) == head + 39)
            #expect(bar.children()["commands"]?.restarts == 0)
            try bar.stop()
            #expect(try barback("verify", "--data", bar.data).code == 0)
        }

        @Test func `is one COMMIT`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            try bar.letIn()
            let answers = try bar.inOneBatch(30) { number, client in
                try client.sendOrder(drink, key: "batch-\(number)", note: "batch")
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(isRow(answers.compactMap { $0.data["ticket"].int }))
            #expect(try LogRows(data: bar.data).orders(note: "batch").count == 30)
        }
    }
}
