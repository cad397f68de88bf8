import Foundation
import Testing

extension WholeBar {
    @Suite("A bar whose files are removed", .serialized, .openBar) struct RemovedFilesTests {
        @Test func `opens its front again without the bells`() throws {
            let bar = try theBar()
            for name in ["log.bell", "menu.bell", "orders.bell"] {
                try FileManager.default.removeItem(atPath: "\(bar.data)/run/\(name)")
            }
            try bar.replace("front")
            try bar.untilOpen()
            let placed = try bar.order(try bar.anyDrink())
            let id = try #require(placed.data["id"].string)
            let after = ["Barback-After": "\(try #require(placed.position))"]
            #expect(try bar.get("/orders/\(id)", after).status == 200)
        }

        @Test(arguments: [false, true])
        func `shows what is new after its read models were removed`(withDirectory: Bool) throws {
            let bar = try theBar()
            let models = bar.data + "/models"
            if withDirectory {
                try FileManager.default.removeItem(atPath: models)
            } else {
                for file in try FileManager.default.contentsOfDirectory(atPath: models) {
                    try FileManager.default.removeItem(atPath: "\(models)/\(file)")
                }
            }
            try eventually("the read models built anew", within: 30) { () -> Bool? in
                let isThere = ["menu", "orders", "search"].allSatisfy {
                    FileManager.default.fileExists(atPath: "\(models)/\($0)")
                }
                return isThere ? true : nil
            }
            let drink = try eventually("a menu", within: 30) { try? bar.anyDrink() }
            let placed = try eventually("an order taken", within: 30) { () -> Answer? in
                guard let answer = try? bar.order(drink), answer.status == 201 else { return nil }
                return answer
            }
            let id = try #require(placed.data["id"].string)
            // Every thread of the front.
            try eventually("the order", within: 30) { () -> Bool? in
                let answers = (0..<10).map { _ in (try? bar.get("/orders/\(id)"))?.status }
                return answers.allSatisfy { $0 == 200 } ? true : nil
            }
        }
    }
}
