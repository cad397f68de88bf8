import Foundation
import Glibc
import SQLite
import Testing

/// What `barback backup` and `barback restore` print alike.
private struct Facts: Equatable {
    let events: String
    let root: String

    init(_ said: Said) throws {
        func value(_ name: String) throws -> String {
            let line = said.output.split(separator: "\n").first { $0.hasPrefix("  \(name) ") }
            guard let word = line?.split(separator: " ").last else {
                throw Late(description: "no \(name) in: \(said.output)\(said.errors)")
            }
            return String(word)
        }
        events = try value("events")
        root = try value("root")
    }
}

private func digests(_ data: String) throws -> [String] {
    let said = try barback("rebuild", "all", "--check", "--data", data)
    guard said.code == 0 else { throw Late(description: said.output + said.errors) }
    return said.output.split(separator: "\n").filter { $0.hasPrefix("  live") }.map(String.init)
}

/// Each event's leaf hash: the same leaves are the same events.
private func leaves(_ data: String, upTo last: Int) throws -> [[UInt8]] {
    let log = try Connection(path: data + "/log.db", mode: .readOnly)
    let rows = try log.prepare(
        "SELECT leaf FROM event WHERE position <= \(last) ORDER BY position")
    var leaves: [[UInt8]] = []
    while try rows.step() { leaves.append(rows.bytes(0)) }
    return leaves
}

extension WholeBar {
    @Suite("A backup of a whole bar", .serialized) struct BackupTests {
        let scratch: Scratch

        init() throws { scratch = try Scratch() }

        @Test func `under load is one moment of the log, and opens elsewhere as it was`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let crowd = try Crowd(bar, drink: try bar.anyDrink())
            let party = Thread { crowd.party(guests: 6) }
            party.start()
            var backups: [(path: String, facts: Facts)] = []
            for number in 1...4 {
                let path = scratch("backup-\(number)")
                let before = try LogRows.head(data: bar.data)
                try eventually("more orders") {
                    try LogRows.head(data: bar.data) > before + 20 ? true : nil
                }
                let said = try barback("backup", path, "--data", bar.data)
                #expect(said.code == 0, "\(said.errors)")
                backups.append((path, try Facts(said)))
            }
            crowd.goHome()
            try eventually("an empty bar") { crowd.isEmpty ? true : nil }
            #expect(crowd.complaints.isEmpty)

            for (path, facts) in backups {
                let log = try LogRows(data: path)
                #expect(log.isDense)
                #expect(facts.events.replacing(",", with: "") == "\(log.head)")
                #expect(try leaves(path, upTo: log.head) == leaves(bar.data, upTo: log.head))
                #expect(try barback("verify", "--data", path).code == 0)
                try expectStateOfItsEvents(path, log)
                let restored = scratch("restored-\(log.head)")
                let said = try barback("restore", path, "--data", restored)
                #expect(said.code == 0, "\(said.errors)")
                #expect(try Facts(said) == facts)
                #expect(try barback("verify", "--data", restored).code == 0)
            }
            // The last of them serves, and its orders are as they were at that moment.
            let last = try #require(backups.last)
            let other = try Bar(data: scratch("restored-\(LogRows(data: last.path).head)"))
            defer { other.close() }
            let rows = try LogRows(data: last.path).rows
            let order = try #require(rows.last { $0.type == "OrderPlaced" })
            let id = try #require(order.data["order_id"].string)
            let there = try other.get("/orders/\(id)")
            let status = rows.last {
                $0.stream == order.stream && $0.type == "OrderStatusChanged"
            }
            #expect(there.data["status"].string == status?.data["to"].string ?? "pending")
            #expect(there.data["ticket"].int == order.data["ticket"].int)
            #expect(try other.order(other.anyDrink()).status == 201)
            try other.stop()
            _ = try digests(other.data)
        }

        /// The writer's own tables in a backup are those that its events lead to.
        private func expectStateOfItsEvents(_ path: String, _ log: LogRows) throws {
            var waiting: [String: Int] = [:]
            var guests: [String: String] = [:]
            for row in log.rows {
                if row.type == "OrderPlaced", let guest = row.data["guest_id"].string {
                    guests[row.stream] = guest
                    waiting[guest, default: 0] += 1
                }
            }
            let tickets = log.rows.compactMap { $0.data["ticket"].int }
            let state = try Connection(path: path + "/log.db", mode: .readOnly)
            let rows = try state.prepare("SELECT guest, count FROM state_active_orders")
            var found: [String: Int] = [:]
            while try rows.step() { found[rows.text(0)] = Int(rows.integer(1)) }
            #expect(found == waiting)
            #expect(Int(try state.integer("SELECT last FROM state_tickets")) == tickets.last)
            #expect(
                Int(try state.integer("SELECT max(last_position) FROM command")) <= log.head)
        }

        @Test func `restored into its own place brings back menu and read models`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            #expect(try bar.order(drink, note: "kept").status == 201)
            try bar.stop()
            let before = try digests(bar.data)
            let backup = scratch("backup")
            #expect(try barback("backup", backup, "--data", bar.data).code == 0)
            let head = try LogRows.head(data: bar.data)

            try bar.start()
            #expect(try bar.post("/admin/sections", #"{"name":"Too late"}"#).status == 201)
            for number in 1...3 {
                #expect(try bar.order(drink, note: "late \(number)").status == 201)
            }
            let running = try barback("restore", backup, "--data", bar.data, "--replace")
            #expect(running.code == 3)
            #expect(running.errors.contains("stop it first"))
            try bar.stop()
            let late = try LogRows.head(data: bar.data)
            let careful = try barback("restore", backup, "--data", bar.data)
            #expect(careful.code == 3)
            #expect(careful.errors.contains("--replace"))
            #expect(try LogRows.head(data: bar.data) == late)

            #expect(try barback("restore", backup, "--data", bar.data, "--replace").code == 0)
            let log = try LogRows(data: bar.data)
            #expect(log.head == head + 1)
            #expect(log.rows.last?.type == "LogRestored")
            try bar.start()
            #expect(bar.errors.contains("the read model is rebuilt"))
            let sections = try bar.get("/sections").data.list.compactMap { $0["name"].string }
            #expect(!sections.isEmpty)
            #expect(!sections.contains("Too late"))
            try bar.stop()
            #expect(try digests(bar.data) == before)
            let aside = try FileManager.default.contentsOfDirectory(atPath: bar.data)
                .first { $0.hasPrefix("replaced-") }
            #expect(try LogRows.head(data: "\(bar.data)/\(aside ?? "")") == late)
            // And back again to the bar that was set aside.
            let back = scratch("back")
            let saved = try barback("backup", back, "--data", "\(bar.data)/\(aside ?? "")")
            #expect(saved.code == 0, "\(saved.errors)")
            #expect(try barback("restore", back, "--data", bar.data, "--replace").code == 0)
            #expect(try LogRows.head(data: bar.data) == late + 1)
        }

        /// The kernel kills it at its Nth call of a kind, N from 1 until it gets through.
        @Test(
            .enabled(if: hasStrace, "strace kills at a system call"),
            arguments: ["rename", "fsync", "mkdir", "unlink", "openat"])
        func `that is killed while it is restored leaves one bar or the other`(
            call: String
        ) throws {
            let cellar = try Cellar(orders: 3)
            let backup = scratch("backup")
            #expect(try barback("backup", backup, "--data", cellar.data).code == 0)
            let old = cellar.head
            // So that old and new can be told apart by their heads.
            let step = call == "openat" ? 7 : 1
            var number = 1
            var sawInterrupted = false
            while true {
                let data = try cellar.copy("\(call)-\(number)") { _ in }
                let killed = try Launched(
                    [
                        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                        "inject=\(call):signal=KILL:when=\(number)", Launched.barback, "restore",
                        backup, "--data", data, "--replace",
                    ], program: "strace", notes: scratch("strace"))
                let code = try killed.wait(within: 60)
                if code == 0 { break }
                let decided = FileManager.default.fileExists(atPath: data + "/restored")
                if decided, !sawInterrupted {
                    let bar = try barback(
                        "serve", "--data", data, "--listen", "127.0.0.1:\(freePort())")
                    #expect(bar.code == 3)
                    #expect(bar.errors.contains("run barback restore again"))
                    #expect(bar.errors.split(separator: "\n").count == 1, "\(bar.errors)")
                }
                if decided {
                    sawInterrupted = true
                    let writer = try barback("commands", "--data", data)
                    #expect(writer.code == 3)
                    #expect(writer.errors.contains("run barback restore again"))
                    let again = try barback("restore", backup, "--data", data)
                    #expect(again.code == 0, "\(again.errors)")
                }
                let head = try LogRows.head(data: data)
                #expect(head == old || head == old + 1)
                #expect(!decided || head == old + 1)
                #expect(try barback("verify", "--data", data).code == 0, "\(call) \(number)")
                let start = try Launched(["commands", "--data", data], notes: scratch("start"))
                try eventually("a writer") {
                    if let code = start.exitCode {
                        throw Late(description: "it ended with \(code): \(start.errors)")
                    }
                    return FileManager.default.fileExists(atPath: data + "/run/commands.sock")
                        ? true : nil
                }
                start.signal(SIGTERM)
                #expect(try start.wait() == 0)
                let next = try barback("restore", backup, "--data", data, "--replace")
                #expect(next.code == 0, "\(next.errors)")
                try FileManager.default.removeItem(atPath: data)
                number += step
            }
            #expect(number > 1)
            #expect(sawInterrupted || call == "mkdir" || call == "unlink" || call == "openat")
        }

        /// The system calls on one file fail, from the first or a later one on.
        @Test(
            .enabled(if: hasStrace, "strace has system calls fail"),
            arguments: [
                ("b.unfinished/log.db", "pwrite64:error=ENOSPC:when=1+", "the disk is full"),
                ("b.unfinished/log.db", "pwrite64:error=ENOSPC:when=9+", "the disk is full"),
                ("b.unfinished/log.db", "pwrite64:error=EIO:when=9+", "does not read or write"),
                ("b.unfinished/log.db", "fsync:error=EIO:when=1+", "cannot sync"),
                ("d/restoring/log.db", "write:error=ENOSPC:when=1+", "make room"),
                ("d/restoring/log.db", "fsync:error=EIO:when=1+", "cannot sync"),
                ("d/restoring/log.db-wal", "pwrite64:error=ENOSPC:when=1+", "the disk is full"),
                ("d/restoring/log.db-wal", "fdatasync:error=EIO:when=1+", "does not read or write"),
            ])
        func `says in one sentence that the disk fails, and leaves nothing`(
            file: String, failure: String, sentence: String
        ) throws {
            let cellar = try Cellar(orders: 3)
            let backup = scratch("backup")
            #expect(try barback("backup", backup, "--data", cellar.data).code == 0)
            let isBackup = file.hasPrefix("b.")
            let words =
                isBackup
                ? ["backup", scratch("b"), "--data", cellar.data]
                : ["restore", backup, "--data", scratch("d")]
            let call = failure.prefix { $0 != ":" }
            let failing = try Launched(
                [
                    "-f", "-qq", "-o", "/dev/null", "-P", scratch(file), "-e", "trace=\(call)",
                    "-e", "inject=\(failure)", Launched.barback,
                ] + words, program: "strace", notes: scratch("failing"))
            #expect(try failing.wait(within: 60) == 3)
            #expect(failing.errors.contains(sentence), "\(failing.errors)")
            // strace says that the file is not there yet.
            let said = failing.errors.split(separator: "\n").filter { $0.hasPrefix("barback") }
            #expect(said.count == 1, "\(failing.errors)")
            for left in ["b", "b.unfinished", "d/restoring", "d/restored", "d/log.db", "d/keys"] {
                #expect(!FileManager.default.fileExists(atPath: scratch(left)), "\(left)")
            }
            #expect(try Launched(words, notes: scratch("again")).wait(within: 60) == 0)
        }

        @Test func `that is left unfinished is not taken for one`() throws {
            let cellar = try Cellar(orders: 3)
            let unfinished = scratch("b.unfinished")
            try FileManager.default.createDirectory(
                atPath: unfinished, withIntermediateDirectories: false)
            let refused = try barback("backup", scratch("b"), "--data", cellar.data)
            #expect(refused.code == 3)
            #expect(refused.errors.contains("remove it if no backup is running"))
            #expect(try barback("restore", unfinished, "--data", scratch("x")).code == 3)
        }

        @Test(arguments: [SIGHUP, SIGINT, SIGTERM])
        func `that is stopped leaves nothing`(signal: Int32) throws {
            let cellar = try Cellar(orders: 3)
            try cellar.lengthen(by: 3_000)
            let process = try Launched(
                ["backup", scratch("b"), "--data", cellar.data], notes: scratch("stopped"))
            defer { process.end() }
            try eventually("a copy") {
                FileManager.default.fileExists(atPath: scratch("b.unfinished/log.db")) ? true : nil
            }
            process.signal(signal)
            #expect(try process.wait() == 3)
            #expect(process.errors.contains("stopped; there is no backup"))
            for left in ["b", "b.unfinished"] {
                #expect(!FileManager.default.fileExists(atPath: scratch(left)))
            }
        }

        /// At the first moment that each of these can be seen, and once it is done.
        @Test(arguments: [
            "", "/log.db", "/log.db grows", "/log.db-wal", "/keys", "/media", "/manifest.json",
            "/manifest.sha256",
        ])
        func `that is killed while it is made is whole or not taken for one`(
            sight: String
        ) throws {
            let cellar = try Cellar(orders: 3)
            try cellar.lengthen(by: 3_000)
            let whole = scratch("whole")
            let unfinished = whole + ".unfinished"
            let place = unfinished + sight.split(separator: " ").prefix(1).joined()
            let least = sight.hasSuffix("grows") ? 100_000 : 0
            let process = try Launched(
                ["backup", whole, "--data", cellar.data], notes: scratch("killed"))
            defer { process.end() }
            try eventually("\(sight) or the end") { () -> Bool? in
                var status = stat()
                let isSeen = stat(place, &status) == 0 && status.st_size >= least
                return isSeen || process.exitCode != nil ? true : nil
            }
            process.end()
            let isEarly = sight == "" || sight == "/log.db"
            #expect(!isEarly || process.exitCode == 128 + SIGKILL)
            let data = scratch("restored")
            if FileManager.default.fileExists(atPath: whole) {
                #expect(try barback("verify", "--data", whole).code == 0)
                #expect(try barback("restore", whole, "--data", data).code == 0)
            } else {
                #expect(FileManager.default.fileExists(atPath: unfinished))
                let said = try barback("restore", unfinished, "--data", data)
                #expect(
                    said.code == 3
                        || FileManager.default.fileExists(
                            atPath: unfinished + "/manifest.sha256"),
                    "\(said.output)")
                let again = try barback("backup", whole, "--data", cellar.data)
                #expect(again.code == 3)
                #expect(again.errors.contains("is in the way"))
                try FileManager.default.removeItem(atPath: unfinished)
                #expect(try barback("backup", whole, "--data", cellar.data).code == 0)
            }
        }

        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk to fill"))
        func `needs room, and says how much`() throws {
            let cellar = try Cellar(orders: 3)
            let disk = try SmallDisk(megabytes: 8)
            defer { disk.remove() }
            try disk.fill()
            let said = try barback("backup", disk.path + "/b", "--data", cellar.data)
            #expect(said.code == 3)
            #expect(said.errors.contains("is too full"))
            #expect(!FileManager.default.fileExists(atPath: disk.path + "/b.unfinished"))

            let backup = scratch("backup")
            #expect(try barback("backup", backup, "--data", cellar.data).code == 0)
            try disk.makeRoom()
            mkdir(disk.path + "/data", 0o700)
            mkdir(disk.path + "/data/run", 0o700)
            for lock in ["supervisor.lock", "run/commands.lock"] {
                try Data("0000000\n".utf8).write(
                    to: URL(fileURLWithPath: "\(disk.path)/data/\(lock)"))
            }
            try disk.fill()
            let full = try barback("restore", backup, "--data", disk.path + "/data")
            #expect(full.code == 3)
            #expect(full.errors.split(separator: "\n").count == 1, "\(full.errors)")
            #expect(!FileManager.default.fileExists(atPath: disk.path + "/data/log.db"))
            try disk.makeRoom()
            let again = try barback("restore", backup, "--data", disk.path + "/data")
            #expect(again.code == 0, "\(again.errors)")
        }
    }
}

private let hasStrace = access("/usr/bin/strace", X_OK) == 0
