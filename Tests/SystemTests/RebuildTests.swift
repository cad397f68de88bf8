import Foundation
import Glibc
import SQLite
import Synchronization
import System
import Testing

extension WholeBar {
    @Suite("A rebuild beside a bar at work", .serialized) struct RebuildTests {
        @Test func `fails no request, and its digests are equal`() throws {
            let bar = try Bar()
            defer { bar.close() }
            try fill(bar, orders: 3_000)
            let load = try Load(bar)
            defer { load.stop() }
            for round in 1...3 {
                for name in ["menu", "search", "orders"] {
                    let said = try barback("rebuild", name, "--data", bar.data)
                    #expect(said.code == 0, "\(said.output)\(said.errors)")
                    #expect(said.output.contains("equal, generation \(round + 1) is live"))
                }
            }
            let seen = load.stop()
            report(seen)
            #expect(seen.failures.isEmpty, "\(seen.failures)")
            #expect(seen.count > 300)
            let check = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
            for name in ["menu", "search", "orders"] {
                let back = try barback("rebuild", name, "--rollback", "--data", bar.data)
                #expect(back.code == 0, "\(back.output)\(back.errors)")
            }
            #expect(try barback("rebuild", "all", "--rollback", "--data", bar.data).code == 2)
            #expect(try pointer(bar, "orders") == "3\n")
            #expect(try bar.anyDrink() != "")
        }

        @Test func `that is killed in the middle leaves the old one serving`() throws {
            let bar = try Bar()
            defer { bar.close() }
            try fill(bar, orders: 10_000)
            let kept = try bar.order(try bar.anyDrink(), note: "kept")
            let path = try #require(kept["Location"])
            #expect(
                try bar.get(path, ["Barback-After": "\(try #require(kept.position))"]).status == 200
            )
            let load = try Load(bar, reading: path)
            defer { load.stop() }
            var kills = 0
            for _ in 0..<5 {
                let scratch = try Scratch()
                let before = try pointer(bar, "orders")
                let request = try Launched(
                    ["rebuild", "orders", "--data", bar.data], notes: scratch("rebuild"))
                defer { request.end() }
                _ = try eventually("a generation that is being built") {
                    unfinished(bar).isEmpty ? nil : true
                }
                try bar.replace("projector orders")
                guard try request.wait() != 0 else { continue }
                kills += 1
                #expect(request.errors.contains("ended before"), "\(request.errors)")
                #expect(try pointer(bar, "orders") == before)
                // The start after the kill has removed what was begun.
                #expect(unfinished(bar).isEmpty)
            }
            #expect(kills > 0)
            let seen = load.stop()
            report(seen)
            #expect(seen.failures.isEmpty, "\(seen.failures)")
            let said = try barback("rebuild", "all", "--data", bar.data)
            #expect(said.code == 0, "\(said.output)\(said.errors)")
        }

        @Test func `happens by itself when a file is garbled, lost, or not pointed at`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            for number in 1...50 { _ = try bar.order(drink, note: "\(number)") }
            let placed = try bar.order(drink, note: "kept")
            let path = try #require(placed["Location"])
            let text = try bar.get(
                path, ["Barback-After": "\(try #require(placed.position))"]
            ).text
            // All copied into the file, so that reading it means reading the garbled part.
            try bar.replace("projector orders")
            try bar.untilOpen()

            try garble("\(bar.data)/models/orders.g1.db")
            try eventually("orders built anew", within: 30) { () -> Bool? in
                _ = try? bar.get(path)
                return try pointer(bar, "orders") == "2\n" ? true : nil
            }
            try untilSeen(bar, path, text)

            try "nine\n".write(
                toFile: "\(bar.data)/models/orders", atomically: true, encoding: .utf8)
            try eventually("a pointer put right") {
                try pointer(bar, "orders") == "2\n" ? true : nil
            }
            try FileManager.default.removeItem(atPath: "\(bar.data)/models/orders.g2.db")
            try eventually("orders built anew") {
                try pointer(bar, "orders") == "3\n" ? true : nil
            }
            try untilSeen(bar, path, text)
            #expect(try bar.order(drink, note: "more").status == 201)
            let check = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }

        @Test func `goes back at once, as often as asked, with orders flowing`() throws {
            let bar = try Bar()
            defer { bar.close() }
            try fill(bar, orders: 400)
            let load = try Load(bar)
            defer { load.stop() }
            for _ in 0..<4 {
                for words in [["rebuild", "orders"], ["rebuild", "orders", "--rollback"]] {
                    let said = try barback(words + ["--data", bar.data])
                    #expect(said.code == 0, "\(said.output)\(said.errors)")
                }
            }
            let seen = load.stop()
            #expect(seen.failures.isEmpty, "\(seen.failures)")
            #expect(!bar.errors.contains("another projector"), "\(bar.errors)")
        }

        @Test func `heals a row that stops an event`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let menu = try Connection(path: bar.data + "/models/menu.g1.db", mode: .readWrite)
            try menu.execute("UPDATE drink SET ingredients = '{'")
            let name = try #require(
                try bar.get("/admin/ingredients").data.list.first?["name"].string)
            let out = try bar.put("/admin/ingredients/\(escaped(name))", #"{"in_stock":false}"#)
            #expect(out.status == 200, "\(out.text)")
            try eventually("a menu built anew") { try pointer(bar, "menu") == "2\n" ? true : nil }
            let check = try barback("rebuild", "menu", "--check", "--data", bar.data)
            #expect(check.code == 0, "\(check.output)\(check.errors)")
        }

        /// Valid SQLite, which `quick_check` finds sound.
        @Test func `heals what a front cannot read of a sound file`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let path = "/drinks/" + (try bar.anyDrink())
            let menu = try Connection(path: bar.data + "/models/menu.g1.db", mode: .readWrite)
            try menu.execute("ALTER TABLE drink RENAME COLUMN garnish TO forgotten")
            try bar.replace("front")
            try eventually("a menu built anew") { () -> Bool? in
                _ = try? bar.get(path)
                return try pointer(bar, "menu") == "2\n" ? true : nil
            }
            try bar.untilOpen()
            #expect(try bar.get(path).status == 200)
        }

        @Test func `that works alone lets a bar open when it is done`() throws {
            let cellar = try Cellar(orders: 5)
            var lock = try FileLock.take(cellar.data + "/models/orders.lock")
            #expect(lock != nil)
            let scratch = try Scratch()
            let port = try freePort()
            let bar = try Launched(
                ["serve", "--data", cellar.data, "--listen", "127.0.0.1:\(port)"],
                notes: scratch("bar"))
            defer { bar.end() }
            // Longer than what is granted to children on their way out.
            let began = seconds()
            try eventually("two seconds") { seconds() - began > 2 ? true : nil }
            #expect(bar.exitCode == nil, "\(bar.errors)")
            lock = nil
            try eventually("a bar that is open", within: 30) { () -> Bool? in
                (try? Client(port).request("GET", "/readyz"))?.status == 200 ? true : nil
            }
            bar.signal(SIGTERM)
            #expect(try bar.wait() == 0)
        }

        @Test func `refuses another wish while one is under way, and hears one behind silent ones`()
            throws
        {
            let bar = try Bar()
            defer { bar.close() }
            #expect(try barback("rebuild", "orders", "--data", bar.data).code == 0)
            let path = bar.data + "/run/orders.sock"
            let silent = try (0..<20).map { _ in Asking(try UnixSocket.connect(path)) }
            let asking = try bar.whileStopped("projector orders") {
                let asking = try (0..<3).map { _ in Asking(try UnixSocket.connect(path)) }
                for (one, wish) in zip(asking, ["rebuild", "roll-back", "rebuild"]) {
                    try one.socket.writeAll(Array("1 \(wish)\n".utf8))
                }
                return asking
            }
            let answers = try asking.map { try $0.lastLine() }
            #expect(answers[0].hasPrefix("1 done"))
            #expect(answers[1] == "1 failed a rebuild is under way; ask again when it is done")
            #expect(answers[2] == answers[0])
            #expect(try pointer(bar, "orders") == "3\n")
            withExtendedLifetime(silent) {}
        }

        // MARK: Helpers

        private func pointer(_ bar: Bar, _ name: String) throws -> String {
            try String(contentsOfFile: "\(bar.data)/models/\(name)", encoding: .utf8)
        }

        private func unfinished(_ bar: Bar) -> [String] {
            let names = try? FileManager.default.contentsOfDirectory(atPath: bar.data + "/models")
            return (names ?? []).filter { $0.contains(".unfinished") }
        }

        private func untilSeen(_ bar: Bar, _ path: String, _ text: String) throws {
            try eventually("the order as it was") {
                let answers = (0..<10).map { _ in try? bar.get(path).text }
                return answers.allSatisfy { $0 == text } ? true : nil
            }
        }

        /// Every page but the first, whose header a process at work does not read again.
        private func garble(_ path: String) throws {
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            let length = try file.seekToEnd()
            try file.seek(toOffset: 4_096)
            try file.write(contentsOf: Data(repeating: 0x5A, count: Int(length) - 4_096))
            try file.close()
        }

        /// Orders in a hurry, from a few connections.
        private func fill(_ bar: Bar, orders: Int) throws {
            let drink = try bar.anyDrink()
            let clients = try (0..<8).map { _ in try Client(bar) }
            for _ in 0..<orders / 8 {
                for client in clients { try client.sendOrder(drink) }
                for client in clients where try client.answer().status != 201 {
                    throw Late(description: "the bar took no order")
                }
            }
        }

        private func report(_ seen: Load.Seen) {
            let sorted = seen.milliseconds.sorted()
            guard let worst = sorted.last else { return }
            print(
                "\(seen.count) orders, each seen after "
                    + "\(sorted[sorted.count / 2]) ms (median), \(sorted[sorted.count * 99 / 100]) ms "
                    + "(p99), \(worst) ms (worst)")
        }
    }
}

/// Somebody at a projector's desk.
private final class Asking {
    let socket: FileDescriptor

    init(_ socket: consuming FileDescriptor) { self.socket = socket }

    /// What it is told before the connection ends.
    func lastLine() throws -> String {
        var bytes: [UInt8] = []
        try eventually("an end of the answers") {
            switch try socket.read(appendingTo: &bytes) {
            case .ended: true
            default: nil
            }
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init)
            ?? ""
    }
}

/// About 500 orders a second, each read at once by who placed it; any answer but the right one is a failure.
private final class Load: Sendable {
    struct Seen {
        var count = 0
        var failures: [String] = []
        /// From the order's answer to its being seen.
        var milliseconds: [Double] = []
    }

    private let isOver = Atomic<Bool>(false)
    private let seen = Mutex(Seen())
    private let group = DispatchGroup()
    private let path: String?

    private static let guests = 8
    private static let ordersASecond = 500

    /// With a path, each guest reads that instead of the own order, which nobody shows while a projector is down.
    init(_ bar: Bar, reading path: String? = nil) throws {
        self.path = path
        let drink = try bar.anyDrink()
        for number in 0..<Self.guests {
            group.enter()
            // Threads of their own, since they block.
            Thread { [self] in
                guest(number, bar, drink)
                group.leave()
            }.start()
        }
    }

    @discardableResult
    func stop() -> Seen {
        isOver.store(true, ordering: .releasing)
        group.wait()
        return seen.withLock { $0 }
    }

    private func guest(_ number: Int, _ bar: Bar, _ drink: String) {
        do {
            let client = try Client(bar, seconds: 5)
            let began = seconds()
            var count = 0
            while !isOver.load(ordering: .acquiring) {
                try order(client, drink, number)
                count += 1
                let due = began + Double(count * Self.guests) / Double(Self.ordersASecond)
                let early = due - seconds()
                if early > 0 { breathe(milliseconds: Int32(early * 1_000)) }
            }
        } catch {
            seen.withLock { $0.failures.append("\(error)") }
        }
    }

    private func order(_ client: Client, _ drink: String, _ number: Int) throws {
        let placed = try client.order(drink, guest: "Guest \(number)")
        let began = seconds()
        guard placed.status == 201, let id = placed.data["id"].string, let at = placed.position
        else { return fail("POST /orders: \(placed.status) \(placed.text)") }
        let read =
            try path.map { try client.request("GET", $0) }
            ?? client.request("GET", "/orders/\(id)", ["Barback-After": "\(at)"])
        let taken = (seconds() - began) * 1_000
        let menu = try client.request("GET", "/drinks", [:])
        guard read.status == 200, path != nil || read.data["id"].string == id, menu.status == 200
        else {
            return fail("GET /orders: \(read.status) \(read.text), GET /drinks: \(menu.status)")
        }
        seen.withLock {
            $0.count += 1
            $0.milliseconds.append((taken * 100).rounded() / 100)
        }
    }

    private func fail(_ what: String) { seen.withLock { $0.failures.append(what) } }
}
