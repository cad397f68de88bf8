import Crypto
import Foundation
import Glibc
import TestSamples
import Testing

extension WholeBar {
    @Suite("What nobody may read", .serialized) struct SecretTests {
        /// A busy evening, and everything that was secret in it.
        private struct Evening {
            /// By what they are.
            var secrets: [String: String] = [:]
            /// Of the first start: `serve` shows them once.
            var shown: [String: String] = [:]
            /// Names and notes of guests.
            var personal: [String: String] = [:]
        }

        @Test func `stands in no file, no log, no metric and no process's arguments`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let evening = try spend(bar)
            #expect(evening.secrets.count > 40)
            try search(bar, for: evening)
            try searchProcesses(bar, for: evening)
            let metrics = Data(try bar.get("/metrics").body)
            #expect(found(evening, in: metrics).isEmpty)
            // Also after everything was written to its end, and after it was all built anew.
            let rebuilt = try barback("rebuild", "all", "--data", bar.data)
            #expect(rebuilt.code == 0, "\(rebuilt.errors)")
            #expect(found(evening, in: Data((rebuilt.output + rebuilt.errors).utf8)).isEmpty)
            try bar.stop()
            try search(bar, for: evening)
            for words in [["log"], ["log", "--format", "jsonl"], ["status"], ["verify"]] {
                let said = try barback(words + ["--data", bar.data])
                let text = Data((said.output + said.errors).utf8)
                #expect(found(evening, in: text).isEmpty, "\(words)")
            }
        }

        /// Without it, an evening in which nothing was found would prove nothing.
        @Test func `would be found where it stood`() throws {
            let bar = try Bar()
            defer { bar.close() }
            var evening = try spend(bar)
            evening.secrets["what the page carries"] = try String(
                contentsOfFile: bar.data + "/run/web-key", encoding: .utf8)
            #expect(found(evening, in: Data(try bar.get("/").body)) == ["what the page carries"])
            evening.personal = ["a drink": "Daiquiri"]
            #expect(
                try named(evening.personal, in: files(bar, "log.db")).contains("a drink"))
        }

        // MARK: The evening

        private func spend(_ bar: Bar) throws -> Evening {
            var evening = Evening()
            func hide(_ what: String, _ text: String?) throws {
                let text = try #require(text, "\(what)")
                try #require(text.utf8.count >= 10, "\(what)")
                evening.secrets["\(what) \(evening.secrets.count)"] = text
            }
            let first = try Door.firstRun(bar.data)
            evening.shown["the first password"] = first["admin"]["password"].string
            evening.shown["the first code"] = first["registration_code"].string
            for name in ["master.key", "local.key"] {
                let text = try String(
                    contentsOfFile: "\(bar.data)/keys/\(name)", encoding: .utf8)
                try hide(name, text.trimmingCharacters(in: .newlines))
            }
            let file = try Data(contentsOf: URL(fileURLWithPath: bar.data + "/keys/token.json"))
            let keys = JSON(try JSONSerialization.jsonObject(with: file))
            for key in keys["keys"].list { try hide("a signing key", key["pkcs8"].string) }
            try hide("an API key", bar.door.key())
            try hide("the host's token", bar.door.host())
            for plan in ["public", "admin"] {
                try hide("an API key", bar.key(plan: plan)["X-Api-Key"])
            }

            let drink = try bar.anyDrink()
            for number in 1...5 {
                let name = "Quetzalcoatlina \(number)"
                let code = try bar.code(uses: 2)
                try hide("a code", code.text)
                try hide("a code", code.text.filter { $0 != "-" })
                let key = ["Idempotency-Key": "evening-\(number)"]
                for _ in 1...2 {
                    let answer = try bar.register(name, code.text, key)
                    let session = try Session(answer, "POST /register")
                    try hide("a guest's token", session.access)
                    try hide("a guest's refresh token", session.refresh)
                    let next = try Session(bar.refresh(session.refresh), "POST /auth/refresh")
                    try hide("a guest's token", next.access)
                    try hide("a guest's refresh token", next.refresh)
                    let note = "Nichts mit Kokos, Tisch \(number)"
                    evening.personal["a note \(number)"] = note
                    let order = try bar.post(
                        "/orders", "{\"drink_id\":\"\(drink)\",\"note\":\(quoted(note))}",
                        next.bearer.merging(key) { $1 })
                    #expect(order.status == 201)
                    let id = order.data["id"].string ?? ""
                    #expect(try bar.move(id, to: "in_progress").status == 200)
                }
                evening.personal["a name \(number)"] = name
            }
            let name = "Xochipilli vom Tresen"
            evening.personal["a name at the counter"] = name
            let order = try bar.post(
                "/admin/orders", "{\"guest_name\":\"\(name)\",\"drink_id\":\"\(drink)\"}")
            #expect(order.status == 201, "\(order.text)")
            let staff = try bar.staff("Nora", role: "bartender", password: "first-horse-battery")
            try hide("a password", staff.password)
            try hide("a token", staff.session.access)
            try hide("a refresh token", staff.session.refresh)
            let fresh = "second-horse-staple"
            try hide("a password", fresh)
            let changed = try bar.post(
                "/auth/password",
                "{\"current_password\":\"\(staff.password)\",\"new_password\":\"\(fresh)\"}",
                staff.session.bearer)
            #expect(changed.status == 200)
            try hide("a password", "third-horse-given")
            let given = try Client(bar).request(
                "PUT", "/admin/accounts/\(staff.id)/password",
                ["Idempotency-Key": "given"], #"{"password":"third-horse-given"}"#)
            #expect(given.status == 200)
            for wrong in ["mistyped-horse-1", "mistyped-horse-2"] {
                try hide("a wrong password", wrong)
                #expect(try bar.signIn("Nora", wrong).status == 401)
            }
            try hide("a wrong code", "ZZZZ-YYYY-XXXX")
            #expect(try bar.register("Mallory", "ZZZZ-YYYY-XXXX").status == 403)
            #expect(try bar.get("/join/ZZZZ-YYYY-XXXX").status == 200)
            let host = try bar.hostSession()
            try hide("the host's token", host.access)
            try hide("the host's refresh token", host.refresh)
            #expect(try bar.post("/auth/logout", "{}", host.bearer).status == 200)
            // Reused, so that somebody has something to say about it.
            #expect(try bar.refresh(host.refresh).status == 401)
            let grant = try bar.post("/admin/images/upload-url", #"{"content_type":"image/jpeg"}"#)
            let url = try #require(grant.data["upload_url"].string)
            try hide("a grant", url.split(separator: "=").last.map { String($0) })
            let photo = SamplePictures.jpeg
            let client = try Client(bar.port)
            try client.send(
                Array(
                    ("PUT \(url) HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
                        + "Content-Length: \(photo.count)\r\n\r\n").utf8) + photo)
            #expect(try client.answer().status == 201)
            let shown = try bar.get("/admin/join-code").data["code"].string
            if shown != evening.shown["the first code"] { try hide("the join code", shown) }
            try bar.replace("commands")
            try bar.replace("front")
            try bar.untilOpen()
            return evening
        }

        // MARK: The search

        private func search(_ bar: Bar, for evening: Evening) throws {
            let files = try files(bar)
            #expect(files.contains { $0.path == "log.db-wal" })
            #expect(files.contains { $0.path.hasPrefix("models/access.g") })
            for (path, bytes) in files {
                #expect(found(evening, in: bytes).isEmpty, "\(path)")
                if path.hasPrefix("log.db") {
                    #expect(named(evening.personal, in: bytes).isEmpty, "\(path)")
                }
            }
            #expect(found(evening, in: Data(bar.errors.utf8)).isEmpty)
            #expect(named(evening.personal, in: Data(bar.errors.utf8)).isEmpty)
            let output = Data(bar.supervisor.output.utf8)
            #expect(named(evening.secrets, in: output).isEmpty)
            #expect(named(evening.personal, in: output).isEmpty)
        }

        /// Everything in the data directory that is not there to hold secrets.
        private func files(_ bar: Bar) throws -> [(path: String, bytes: Data)] {
            let own = ["keys/", "secrets/", "first-run.json", "run/web-key"]
            return try FileManager.default.subpathsOfDirectory(atPath: bar.data)
                .filter { path in !own.contains { path.hasPrefix($0) } }
                .compactMap { path in
                    var status = stat()
                    guard stat("\(bar.data)/\(path)", &status) == 0,
                        status.st_mode & S_IFMT == S_IFREG
                    else { return nil }
                    let url = URL(fileURLWithPath: "\(bar.data)/\(path)")
                    return (path, try Data(contentsOf: url))
                }
        }

        private func files(_ bar: Bar, _ prefix: String) throws -> Data {
            try files(bar).filter { $0.path.hasPrefix(prefix) }.reduce(into: Data()) {
                $0 += $1.bytes
            }
        }

        private func searchProcesses(_ bar: Bar, for evening: Evening) throws {
            // So that the password helper is there.
            #expect(try bar.signIn("Nora", "mistyped-horse-1").status == 401)
            let all = try processes(of: bar)
            #expect(all.count >= 7)
            #expect(all.contains { $0.words.contains("passwords") })
            for process in all {
                for file in ["cmdline", "environ"] {
                    let path = "/proc/\(process.pid)/\(file)"
                    guard let bytes = FileManager.default.contents(atPath: path) else { continue }
                    #expect(found(evening, in: bytes).isEmpty, "\(process.words)")
                    #expect(named(evening.personal, in: bytes).isEmpty, "\(process.words)")
                }
            }
        }

        /// The supervisor and all that come of it.
        private func processes(of bar: Bar) throws -> [(pid: Int32, words: String)] {
            var parents: [Int32: Int32] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
                guard let pid = Int32(name),
                    let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                    let end = text.lastIndex(of: ")"),
                    let parent = Int32(text[end...].split(separator: " ")[2])
                else { continue }
                parents[pid] = parent
            }
            let root = bar.supervisor.pid
            func isOurs(_ pid: Int32) -> Bool {
                pid == root || parents[pid].map { $0 > 1 && isOurs($0) } ?? false
            }
            return parents.keys.filter(isOurs).map { pid in
                let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
                return (pid, String(decoding: bytes, as: UTF8.self))
            }
        }

        /// What of the evening's secrets stands in these bytes.
        private func found(_ evening: Evening, in bytes: Data) -> [String] {
            named(evening.secrets.merging(evening.shown) { $1 }, in: bytes)
        }

        private func named(_ texts: [String: String], in bytes: Data) -> [String] {
            texts.filter { bytes.range(of: Data($0.value.utf8)) != nil }.keys.sorted()
        }
    }
}
