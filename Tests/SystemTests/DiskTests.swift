import Foundation
import Glibc
import Testing

extension WholeBar {
    @Suite("A full disk", .serialized) struct FullDiskTests {
        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk to fill"))
        func `takes no order, forgets none, and goes on when there is room`() throws {
            let disk = try SmallDisk(megabytes: 48)
            defer { disk.remove() }
            let bar = try Bar(data: disk.path + "/data")
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let before = try bar.order(drink, note: "before")
            // Closed in order, the write-ahead log is empty: the next commit needs room.
            try bar.stop()
            try bar.start()
            let writer = try bar.pid(of: "commands")
            try bar.letIn((0..<30).map { "Guest \($0)" })
            let session = try bar.guestSession("Comes back")
            let head = try bar.settledHead()

            func thirty() throws -> [Answer] {
                try bar.inOneBatch(30) { number, client in
                    try client.sendOrder(
                        drink, guest: "Guest \(number)", key: "full-\(number)",
                        note: "full-\(number)")
                }
            }
            try disk.fill()
            for _ in 1...2 {
                let refused = try thirty()
                for answer in refused {
                    #expect(answer.status == 503)
                    #expect(answer.code == "storage_full", "\(answer.text)")
                    #expect(answer["Retry-After"] != nil)
                }
                #expect(try LogRows.head(data: bar.data) == head)
            }
            // A token whose successor could not be remembered is not exchanged, and nobody stops for it.
            let refused = try bar.refresh(session.refresh)
            #expect(refused.status == 503 && refused.code == "storage_full", "\(refused.text)")
            #expect(try bar.pid(of: "commands") == writer)
            // The menu stays open meanwhile.
            #expect(try bar.get("/drinks").status == 200)
            #expect(try bar.get("/bar").status == 200)

            try disk.makeRoom()
            #expect(try bar.refresh(session.refresh).status == 200)
            let placed = try thirty()
            #expect(placed.allSatisfy { $0.status == 201 })
            #expect(try bar.pid(of: "commands") == writer, "the writer was started again")
            let tickets = ([before] + placed).compactMap { $0.data["ticket"].int }
            #expect(isRow(tickets), "a ticket was handed out for an order that is not there")
            let again = try thirty()
            for (one, other) in zip(placed, again) { #expect(one.text == other.text) }
            let log = try LogRows(data: bar.data)
            #expect(log.head == head + 30)
            #expect(log.isDense)
            for number in 0..<30 { #expect(log.orders(note: "full-\(number)").count == 1) }
            try bar.untilOpen()
            try bar.stop()
            #expect(try barback("verify", "--data", bar.data).code == 0)
            #expect(try barback("rebuild", "all", "--check", "--data", bar.data).code == 0)
        }

        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk to fill"))
        func `keeps what it has taken while it was filling`() throws {
            let disk = try SmallDisk(megabytes: 48)
            defer { disk.remove() }
            let bar = try Bar(data: disk.path + "/data")
            defer { bar.close() }
            let drink = try bar.anyDrink()
            try bar.letIn()
            // Copied into the file, the write-ahead log has room for some orders more and no others.
            try eventually("a copied write-ahead log") { () -> Bool? in
                var status = stat()
                stat(bar.data + "/log.db", &status)
                return status.st_size > 50_000 ? true : nil
            }
            let writer = try bar.pid(of: "commands")
            try disk.fill()
            // Longer than a second: the writer signs its log once a second, and cannot now.
            var answers: [Answer] = []
            let end = seconds() + 2.5
            while seconds() < end {
                answers.append(
                    try bar.order(drink, key: "fills-\(answers.count)", note: "\(answers.count)"))
                breathe(milliseconds: 5)
            }
            let taken = answers.indices.filter { answers[$0].status == 201 }
            let refused = answers.filter { $0.status != 201 }
            #expect(!taken.isEmpty)
            #expect(!refused.isEmpty)
            #expect(refused.allSatisfy { $0.code == "storage_full" })
            // Left alone, it copies its write-ahead log into a file that cannot grow.
            let turns = try switches(of: writer)
            try eventually("a writer left alone") {
                try switches(of: writer) >= turns + 5 ? true : nil
            }
            #expect(try bar.pid(of: "commands") == writer)

            try disk.makeRoom()
            for (number, before) in answers.enumerated() {
                let after = try bar.order(drink, key: "fills-\(number)", note: "\(number)")
                #expect(after.status == 201)
                if before.status == 201 { #expect(after.text == before.text) }
            }
            #expect(try bar.pid(of: "commands") == writer)
            let log = try LogRows(data: bar.data)
            #expect(log.isDense)
            for number in answers.indices { #expect(log.orders(note: "\(number)").count == 1) }
            // Projectors that found no room either have caught up.
            try eventually("read models that have caught up", within: 20) {
                let after = ["Barback-After": "\(log.head)"]
                let answers = [try? bar.get("/drinks", after), try? bar.get("/bar", after)]
                return answers.allSatisfy { $0?.status == 200 } ? true : nil
            }
            try bar.stop()
            #expect(try barback("verify", "--data", bar.data).code == 0)
            #expect(try barback("rebuild", "all", "--check", "--data", bar.data).code == 0)
        }

        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk to fill"))
        func `does not keep a new writer from starting, once there is room`() throws {
            let disk = try SmallDisk(megabytes: 48)
            defer { disk.remove() }
            let bar = try Bar(data: disk.path + "/data")
            defer { bar.close() }
            let drink = try bar.anyDrink()
            #expect(try bar.order(drink, key: "early", note: "early").status == 201)
            try disk.fill()
            kill(try bar.pid(of: "commands"), SIGKILL)
            for number in 1...20 {
                let answer = try bar.order(drink, key: "late-\(number)", note: "late")
                let codes = ["writer_unavailable", "storage_full"]
                #expect(answer.status == 201 || codes.contains(answer.code ?? ""))
                breathe(milliseconds: 20)
            }
            #expect(try bar.get("/drinks").status == 200)
            try disk.makeRoom()
            for key in ["early"] + (1...20).map({ "late-\($0)" }) {
                try eventually("an answer to \(key)") {
                    let note = key == "early" ? key : "late"
                    return try bar.order(drink, key: key, note: note).status == 201 ? true : nil
                }
            }
            let log = try LogRows(data: bar.data)
            #expect(log.isDense)
            #expect(log.orders(note: "early").count == 1)
            #expect(log.orders(note: "late").count == 20)
        }
    }
}

/// How often a process has gone to sleep by itself: one that waits for work does so four times a second.
private func switches(of pid: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
    return line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0
}
