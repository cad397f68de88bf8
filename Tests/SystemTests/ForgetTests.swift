import Foundation
import Testing

extension WholeBar {
    @Suite("A guest who is forgotten", .serialized) struct ForgetTests {
        /// Guests with notes, of whom some had their orders moved: rows that grow move within their file.
        private func party(at bar: Bar) throws -> (guest: String, order: String) {
            let drink = try bar.anyDrink()
            for number in 1...20 {
                let name = number == 10 ? "Zebediah" : "Guest \(number)"
                for _ in 1...5 {
                    let order = try bar.order(drink, guest: name, note: "for \(name): no egg white")
                    #expect(order.status == 201)
                    guard number != 10 else { continue }
                    let id = try #require(order.data["id"].string)
                    for status in ["in_progress", "ready"] {
                        #expect(try bar.move(id, to: status).status == 200)
                    }
                }
            }
            let last = try bar.order(drink, guest: "Zebediah", note: "for Zebediah: last")
            let after = ["Barback-After": "\(try #require(last.position))"]
            let guest = try bar.get("/admin/guests", after).data.list
                .first { $0["username"].string == "Zebediah" }
            return (
                try #require(guest?["id"].string), try #require(last.data["id"].string)
            )
        }

        private func files(holding name: String, at bar: Bar) throws -> [String] {
            let models = bar.data + "/models"
            return try FileManager.default.contentsOfDirectory(atPath: models).filter {
                FileManager.default.contents(atPath: "\(models)/\($0)")?
                    .range(of: Data(name.utf8)) != nil
            }
        }

        @Test(arguments: [false, true])
        func `is in no file of a read model two seconds later`(isRebuilt: Bool) throws {
            let bar = try Bar()
            defer { bar.close() }
            let (guest, order) = try party(at: bar)
            if isRebuilt {
                let rebuilt = try barback("rebuild", "all", "--data", bar.data)
                #expect(rebuilt.code == 0, "\(rebuilt.errors)")
            }
            // Each of two generations has a file and a write-ahead log.
            #expect(try files(holding: "Zebediah", at: bar).count >= (isRebuilt ? 4 : 2))
            let gone = try Client(bar).request("DELETE", "/admin/guests/\(guest)")
            #expect(gone.status == 200, "\(gone.text)")
            var left: [String] = []
            do {
                try eventually("no file with the name", within: 2) {
                    left = try files(holding: "Zebediah", at: bar)
                    return left.isEmpty ? true : nil
                }
            } catch { Issue.record("\(error): \(left)") }

            // What they ordered is made all the same, for nobody by name.
            let queue = try bar.get(
                "/admin/orders?status=pending",
                ["Barback-After": "\(try #require(gone.position))"])
            let row = queue.data.list.first { $0["id"].string == order }
            #expect(row?["username"].string?.isEmpty == true, "\(queue.text)")
            #expect(row?["note"].string?.isEmpty == true)
            #expect(try bar.move(order, to: "ready").status == 200)
            let check = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }

        @Test func `leaves no generation that holds them, also when the projector was dead`() throws
        {
            let bar = try Bar()
            defer { bar.close() }
            let (guest, _) = try party(at: bar)
            #expect(try barback("rebuild", "all", "--data", bar.data).code == 0)
            try bar.whileStopped("projector orders") {
                let gone = try Client(bar).request("DELETE", "/admin/guests/\(guest)")
                #expect(gone.status == 200, "\(gone.text)")
                kill(try bar.pid(of: "projector orders"), SIGKILL)
            }
            try eventually("no file with the name") {
                try files(holding: "Zebediah", at: bar).isEmpty ? true : nil
            }
            let back = try barback("rebuild", "orders", "--rollback", "--data", bar.data)
            #expect(back.code == 3, "\(back.output)")
            #expect(back.errors.contains("no other generation"), "\(back.errors)")
        }
    }
}
