import Foundation
import Testing

extension WholeBar {
    @Suite("A read model", .serialized) struct ReadModelTests {
        @Test(arguments: ["menu", "orders", "search", "notifications"])
        func `that is garbled is built anew from the log`(name: String) throws {
            try afterAccident { data in
                for file in try models(data) where file.hasPrefix("\(name).g") {
                    let path = "\(data)/models/\(file)"
                    let length = try Data(contentsOf: URL(fileURLWithPath: path)).count
                    try Data(repeating: 0x5A, count: length).write(to: URL(fileURLWithPath: path))
                }
            }
        }

        @Test func `that is lost is built anew from the log`() throws {
            try afterAccident { data in
                try FileManager.default.removeItem(atPath: "\(data)/models")
            }
        }

        @Test func `whose pointer is nonsense is built anew from the log`() throws {
            try afterAccident { data in
                try "nine\n".write(toFile: "\(data)/models/menu", atomically: true, encoding: .utf8)
                try "999\n".write(
                    toFile: "\(data)/models/orders", atomically: true, encoding: .utf8)
            }
        }

        @Test func `that is ahead of a restored log forgets what the log forgot`() throws {
            let cellar = try Cellar(orders: 5)
            let backup = try cellar.copy("backup") { _ in }
            let bar = try Bar(data: cellar.data)
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let lost = try bar.order(drink, note: "after the backup")
            let path = try #require(lost["Location"])
            let seen = try bar.get(path, ["Barback-After": "\(try #require(lost.position))"])
            #expect(seen.status == 200)
            try bar.stop()
            try cellar.putBack(backup)
            try bar.start()
            // The same position again, with another event in it.
            let placed = try bar.order(drink, note: "instead")
            #expect(placed.position == lost.position)
            let after = ["Barback-After": "\(try #require(placed.position))"]
            #expect(try bar.get(try #require(placed["Location"]), after).status == 200)
            #expect(try bar.get(path, after).status == 404)
            try bar.stop()
            #expect(try barback("rebuild", "all", "--check", "--data", cellar.data).code == 0)
        }

        /// Something happens to the models of a bar that is closed; it opens again and shows the same.
        private func afterAccident(_ accident: (String) throws -> Void) throws {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let placed = try bar.order(drink, note: "kept")
            let path = try #require(placed["Location"])
            let after = ["Barback-After": "\(try #require(placed.position))"]
            let menu = try bar.get("/drinks", after)
            let order = try bar.get(path, after)
            try bar.stop()
            try accident(bar.data)
            try bar.start()
            #expect(try bar.get("/drinks", after)["ETag"] == menu["ETag"])
            #expect(try bar.get(path, after).text == order.text)
            let last = try #require(placed.position)
            let told = try bar.stream(bar.asHost, after: 0).events(through: last).map(\.told)
            #expect(try told == LogRows(data: bar.data).toldStaff())
            try bar.stop()
            let check = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }

        private func models(_ data: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: data + "/models")
        }
    }
}
