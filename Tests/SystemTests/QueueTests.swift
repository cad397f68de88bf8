import System
import Testing

extension WholeBar {
    @Suite("The queue before the writer", .serialized) struct QueueTests {
        @Test func `is bounded: the excess is told to come again, the rest is served`() throws {
            try Limits.raiseOpenFiles()
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            try bar.letIn((0..<50).map { "Guest \($0)" })
            let clients = try (0..<2_600).map { _ in try Client(bar, seconds: 30) }
            var refusedAtOnce = 0
            try bar.whileStopped("commands") {
                for (number, client) in clients.enumerated() {
                    try client.sendOrder(
                        drink, guest: "Guest \(number % 50)", note: "queued-\(number)")
                }
                // Two threads of the front with a thousand each; all else is answered while nobody writes.
                try bar.untilUnderWay(2_000)
                try eventually("the refusal of the excess") { () -> Bool? in
                    refusedAtOnce = clients.count { !$0.isQuiet() }
                    return refusedAtOnce == 600 ? true : nil
                }
                // A writer that stands still does not keep anybody from reading.
                let began = seconds()
                #expect(try bar.get("/drinks").status == 200)
                #expect(try bar.get("/bar").status == 200)
                #expect(seconds() - began < 1)
            }
            let answers = try clients.map { try $0.answer() }
            let placed = answers.indices.filter { answers[$0].status == 201 }
            let busy = answers.filter { $0.status == 503 }
            #expect(placed.count + busy.count == answers.count)
            #expect(busy.allSatisfy { $0.code == "busy" && $0["Retry-After"] != nil })
            #expect(busy.count >= refusedAtOnce)
            #expect(placed.count >= 1_000)
            // An order is in the log if and only if its guest was told so.
            let log = try LogRows(data: bar.data)
            let notes = log.rows.filter { $0.type == "OrderPlaced" }
                .compactMap { $0.data["note"].string }
            #expect(Set(notes) == Set(placed.map { "queued-\($0)" }))
            #expect(notes.count == placed.count)
            #expect(try bar.order(drink).status == 201)
            #expect(bar.children()["commands"]?.restarts == 0)
        }
    }
}
