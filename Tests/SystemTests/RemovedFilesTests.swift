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
    }
}
