import Foundation
import Glibc
import SQLite
import Testing

extension WholeBar {
    @Suite("A bar in trouble", .serialized, .openBar) struct TroubleTests {
        @Test func `outlives another program's hold on its log`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let writer = try bar.pid(of: "commands")
            // The second is not signed yet, since a second has not gone by: the writer wants to write
            // while it is kept from it, whether or not orders come.
            for _ in 0..<2 { #expect(try bar.order(drink).status == 201) }
            let other = try Connection(path: bar.data + "/log.db", mode: .readWrite)
            try other.execute("BEGIN IMMEDIATE")
            let held = seconds()
            try eventually("a writer that has tried to sign") {
                seconds() - held > 4 ? true : nil
            }
            let refused = try bar.order(drink)
            #expect(refused.status == 503)
            #expect(refused.code == "busy")
            try other.execute("ROLLBACK")
            #expect(try bar.order(drink).status == 201)
            #expect(try bar.pid(of: "commands") == writer)
        }

        @Test func `says in its log what broke, and to the guest that it did`() throws {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let other = try Connection(path: bar.data + "/log.db", mode: .readWrite)
            try other.execute(
                """
                CREATE TRIGGER poisoned BEFORE INSERT ON event WHEN NEW.data ->> 'quantity' = 7
                BEGIN SELECT RAISE(ABORT, 'nobody drinks that'); END
                """)
            try bar.letIn()
            let failed = try bar.order(drink, note: "arsenic", quantity: 7)
            try other.execute("DROP TRIGGER poisoned")
            #expect(failed.status == 500)
            #expect(failed.code == "failed")
            #expect(!failed.text.contains("nobody drinks that"))
            try eventually("the reason in the bar's log") {
                bar.errors.contains("nobody drinks that") ? true : nil
            }
            #expect(try bar.order(drink, note: "sugar").status == 201)
        }

        @Test func `ends its writer when the disk fails, and loses nothing that was promised`()
            throws
        {
            let bar = try theBar()
            let drink = try bar.anyDrink()
            let promised = try bar.order(drink, key: "before", note: "before the disk")
            #expect(promised.status == 201)
            let writer = try bar.pid(of: "commands")
            let scratch = try Scratch()
            // Past this size the kernel refuses to write: EFBIG, for SQLite an input/output error.
            let limit = try Launched(
                ["--pid", "\(writer)", "--fsize=4096"], program: "prlimit",
                notes: scratch("prlimit"))
            #expect(try limit.wait() == 0)
            let first = try bar.order(drink, key: "during", note: "during the disk")
            #expect(first.status == 503)
            #expect(first.code == "writer_unavailable")
            // The next writer has a disk that works.
            let again = try eventually("an answer") { () -> Answer? in
                let answer = try bar.order(drink, key: "during", note: "during the disk")
                return answer.status == 503 ? nil : answer
            }
            #expect(again.status == 201)
            #expect(try bar.pid(of: "commands") != writer)
            #expect(bar.errors.contains("SQLite error 778"))
            let rows = try LogRows(data: bar.data)
            #expect(rows.orders(note: "before the disk").count == 1)
            #expect(rows.orders(note: "during the disk").count == 1)
        }

        @Test func `stops its front without leaving those who wait for the menu`() throws {
            let bar = try theBar()
            let front = try bar.pid(of: "front")
            let client = try Client(bar)
            // So that the host has signed in.
            #expect(try bar.get("/admin/bar").status == 200)
            // Whoever ended the writer before has another: each thread of the front finds it by itself.
            let drink = try bar.anyDrink()
            try eventually("a writer") {
                try client.order(drink, key: "late", note: "late").status == 201 ? true : nil
            }
            try bar.whileStopped("projector menu") {
                try client.send("POST", "/admin/sections", [:], #"{"name":"Late drinks"}"#)
                let log = try Connection(path: bar.data + "/log.db", mode: .readOnly)
                try eventually("the section in the log") {
                    try log.integer(
                        "SELECT count(*) FROM event WHERE data LIKE '%Late drinks%'") == 1
                        ? true : nil
                }
                kill(front, SIGTERM)
                // Its place is free once it listens no more.
                try eventually("a front that stops") {
                    (try? Client(bar).request("GET", "/healthz")) == nil ? true : nil
                }
            }
            let answer = try client.answer()
            #expect(answer.status == 201)
            #expect(answer.data["name"].string == "Late drinks")
            try bar.untilOpen()
        }

        @Test func `lets its front come first`() throws {
            let scratch = try Scratch()
            let port = try freePort()
            let front = try Launched(
                ["front", "--data", scratch("data"), "--listen", "127.0.0.1:\(port)"],
                notes: scratch("front"))
            defer { front.end() }
            let answer = try eventually("an answer") { () -> Answer? in
                if let code = front.exitCode {
                    throw Late(description: "it ended with \(code): \(front.errors)")
                }
                return try? Client(port).request("GET", "/drinks")
            }
            #expect(answer.code == "not_ready")
        }
    }
}
