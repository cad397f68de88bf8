import SQLite
import Testing

extension WholeBar {
    @Suite("A log of the release before", .serialized) struct UpgradeTests {
        /// Orders that count, by the table that limits are decided from.
        private func counted(_ bar: Bar) throws -> [String: Int64] {
            let log = try Connection(path: bar.data + "/log.db", mode: .readOnly)
            let rows = try log.prepare("SELECT guest, count FROM state_active_orders")
            var counts: [String: Int64] = [:]
            while try rows.step() { counts[rows.text(0)] = rows.integer(1) }
            return counts
        }

        @Test func `opens with its orders, which wait for nobody's limit`() throws {
            let scratch = try Scratch()
            let data = scratch("data")
            let old = try OldLog(in: data)
            for words in [["admin", "list"], ["key", "list"]] {
                let said = try barback(words + ["--data", data])
                #expect(said.code == 3)
                #expect(
                    said.errors.contains("of an earlier release; start it once"), "\(said.errors)")
            }
            let bar = try Bar(data: data, flags: ["--max-active-orders", "1"], demo: false)
            defer { bar.close() }
            let queue = try bar.get("/admin/orders?status=pending").data.list
            #expect(queue.map { $0["id"].string } == [old.orders[0], old.orders[2], old.orders[3]])
            #expect(queue.map { $0["username"].string } == ["Ana", "Ana", "Kim"])
            #expect(queue.map { $0["note"].string } == ["no ice", "", "soon"])
            let served = try bar.get("/orders/\(old.orders[1])").data
            #expect(served["status"].string == "completed" && served["username"].string == "Kim")
            #expect(try counted(bar) == ["": 3])

            // Who comes now under the same name is another guest.
            let placed = try bar.order(old.drink, guest: "Ana")
            #expect(placed.status == 201, "\(placed.text)")
            #expect(placed.data["queue_position"].int == 4)
            #expect(try bar.order(old.drink, guest: "Ana").code == "too_many_active_orders")
            #expect(try bar.order(old.drink, guest: "Kim").status == 201)

            for (order, status) in [
                (old.orders[0], "in_progress"), (old.orders[0], "completed"),
                (old.orders[2], "rejected"), (old.orders[1], "pending"),
            ] {
                let moved = try bar.move(order, to: status)
                #expect(moved.status == 200, "\(status): \(moved.text)")
                #expect(moved.data["username"].string == (order == old.orders[1] ? "Kim" : "Ana"))
            }
            #expect(try counted(bar).values.sorted() == [1, 1, 2])
            #expect(try barback("verify", "--data", data).code == 0)
            let check = try barback("rebuild", "all", "--check", "--data", data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }
    }
}
