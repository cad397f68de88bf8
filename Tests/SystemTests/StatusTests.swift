import Foundation
import Testing

extension WholeBar {
    @Suite("How the bar is", .serialized, .openBar) struct StatusTests {
        private func status() throws -> JSON {
            let answer = try theBar().get("/admin/status")
            #expect(answer.status == 200, "\(answer.text)")
            return answer.data
        }

        private func model(_ name: String, of status: JSON) -> JSON? {
            status["models"].list.first { $0["name"].string == name }
        }

        @Test func `is told as barback status tells it`() throws {
            let bar = try theBar()
            let told = try eventually("a bar at rest") { () -> JSON? in
                let status = try status()
                return status["models"].list.allSatisfy { $0["lag_events"].int == 0 }
                    ? status : nil
            }
            let said = try barback("status", "--json", "--data", bar.data)
            let shown = JSON(try JSONSerialization.jsonObject(with: Data(said.output.utf8)))
            for name in ["id", "position", "last_recorded_at", "writer", "damaged_at", "problem"] {
                let (one, other) = (told["log"].members[name], shown["log"].members[name])
                #expect(one as? NSObject == other as? NSObject && one != nil, "\(name)")
            }
            #expect(told["log"].members.keys.sorted() == shown["log"].members.keys.sorted())
            for (one, other) in zip(told["models"].list, shown["models"].list) {
                #expect(one.members as NSDictionary == other.members as NSDictionary)
            }
            #expect(told["models"].list.count == shown["models"].list.count)
            #expect(told["log"]["position"].int == (try LogRows(data: bar.data).head))
            let version = try barback("--version").output
            #expect(version.contains(" \(told["version"].string ?? "none") "))
            #expect(told["started_at"].string != nil)
            #expect((0..<600).contains(told["uptime_seconds"].int ?? -1))
        }

        @Test func `names the processes, and how much the log holds`() throws {
            let bar = try theBar()
            let told = try status()
            let size = try FileManager.default.attributesOfItem(atPath: bar.data + "/log.db")
            #expect(told["log"]["bytes"].int == size[.size] as? Int)
            let rows = told["processes"].list
            #expect(rows.first?["name"].string == "supervisor")
            let children = bar.children()
            #expect(rows.count == children.count + 1)
            for row in rows.dropFirst() {
                let child = try #require(children[row["name"].string ?? ""])
                #expect(row["pid"].int == Int(child.pid) && row["state"].string == child.state)
            }
        }

        @Test func `counts the open streams`() throws {
            let before = try #require(try status()["event_streams"].int)
            let bar = try theBar()
            let stream = try bar.stream(bar.asHost)
            try withExtendedLifetime(stream) {
                _ = try eventually("one more") {
                    try status()["event_streams"].int == before + 1 ? true : nil
                }
            }
        }

        @Test func `says which read model is behind, and for how long`() throws {
            let bar = try theBar()
            try bar.whileStopped("projector menu") {
                let order = try bar.order(try bar.anyDrink())
                #expect(order.status == 201)
                let behind = try eventually("a menu that is behind") { () -> JSON? in
                    let menu = try model("menu", of: status())
                    return (menu?["lag_events"].int ?? 0) > 0 ? menu : nil
                }
                #expect(behind["problem"].isNull)
                try eventually("a lag that grows") {
                    let seconds = try model("menu", of: status())?.members["lag_seconds"]
                    return (seconds as? Double ?? 0) > 0.5 ? true : nil
                }
            }
            try eventually("a menu that is not") {
                try model("menu", of: status())?["lag_seconds"].int == 0 ? true : nil
            }
        }

        @Test func `is told while nobody speaks for the log`() throws {
            let bar = try theBar()
            try bar.whileStopped("commands") {
                let began = seconds()
                let told = try status()
                #expect(seconds() - began < 3)
                #expect(told["log"]["writer"].string == "silent")
                #expect(told["log"]["position"].isAbsent && told["log"]["problem"].string != nil)
                let menu = try #require(model("menu", of: told))
                #expect(menu["position"].int != nil && menu["lag_events"].isNull)
                #expect(told["processes"].list.count == bar.children().count + 1)
            }
            try eventually("a writer that answers") {
                try status()["log"]["writer"].string == "writing" ? true : nil
            }
        }
    }
}
