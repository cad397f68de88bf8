import Foundation
import Testing

extension WholeBar {
    @Suite("barback admin, code and key", .serialized) struct DoorToolsTests {
        /// What stands behind a name at the beginning of a line, such as `code  7KQ2-9VX4-BNTD`.
        private func value(_ name: String, in said: Said) throws -> String {
            let line = said.output.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return try #require(line?.split(separator: " ").last.map(String.init), "\(said.errors)")
        }

        private func tool(_ bar: Bar, _ words: String...) throws -> Said {
            let said = try barback(words + ["--data", bar.data])
            #expect(said.code == 0, "\(words): \(said.errors)")
            return said
        }

        private func signIn(_ bar: Bar, _ password: String) throws -> Int {
            try bar.post(
                "/auth/login", "{\"username\":\"Zoe\",\"password\":\(quoted(password))}"
            ).status
        }

        private func comeIn(_ bar: Bar, _ name: String, _ code: String) throws -> Int {
            try bar.post(
                "/register", "{\"username\":\"\(name)\"}", ["X-Registration-Code": code]
            ).status
        }

        /// What was changed is seen by each thread of the front on its own.
        private func untilAll(_ status: Int, _ what: String, _ ask: () throws -> Int) throws {
            try eventually(what) {
                let all = try (0..<10).map { _ in try ask() }
                return all.allSatisfy { $0 == status } ? true : nil
            }
        }

        @Test(arguments: [true, false])
        func `let people in and keep them out, beside a bar and without one`(isOpen: Bool) throws {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            _ = try bar.door.key()
            if !isOpen { try bar.stop() }
            let added = try tool(bar, "admin", "add", "Zoe", "--role", "bartender")
            let password = try #require(added.output.split(whereSeparator: \.isWhitespace).last)
            #expect(try tool(bar, "admin", "list").output.contains("bartender  'Zoe'"))
            let made = try tool(bar, "code", "new", "--uses", "3", "--note", "Friday")
            let code = try value("code", in: made)
            #expect(try value("link", in: made).hasSuffix("/join/\(code)"))
            let codes = try tool(bar, "code", "list").output
            #expect(codes.contains("\(code)  0 of 3 used") && codes.contains("'Friday'"))
            let issued = try tool(bar, "key", "new", "--name", "A screen", "--plan", "admin")
            let id = try value("id", in: issued)
            let key = ["X-Api-Key": try value("key", in: issued)]
            #expect(try tool(bar, "key", "list").output.contains("\(id)  admin      'A screen'"))
            if !isOpen { try bar.start() }

            #expect(try signIn(bar, String(password)) == 200)
            try untilAll(200, "a key that opens") { try bar.get("/bar", key).status }
            try eventually("a code that opens") {
                try comeIn(bar, "Ana", code) == 201 ? true : nil
            }

            if !isOpen { try bar.stop() }
            let changed = try tool(bar, "admin", "passwd", "Zoe")
            let next = try #require(changed.output.split(whereSeparator: \.isWhitespace).last)
            _ = try tool(bar, "code", "revoke", code)
            _ = try tool(bar, "key", "disable", id)
            _ = try tool(bar, "key", "rotate-signing")
            if !isOpen { try bar.start() }
            #expect(try signIn(bar, String(password)) == 401)
            #expect(try signIn(bar, String(next)) == 200)
            try untilAll(401, "a key that opens nothing") { try bar.get("/bar", key).status }
            #expect(try comeIn(bar, "Kim", code) != 201)

            if !isOpen { try bar.stop() }
            _ = try tool(bar, "admin", "remove", "Zoe")
            #expect(try !tool(bar, "admin", "list").output.contains("Zoe"))
            let last = try barback("admin", "remove", "host", "--data", bar.data)
            #expect(last.code == 3 && last.errors.contains("the last administrator"))
            let unknown = try barback("admin", "passwd", "Nobody", "--data", bar.data)
            #expect(unknown.code == 3 && unknown.errors.contains("there is no such account"))
        }

        @Test(arguments: [
            ["admin", "list"], ["admin", "passwd", "host"], ["admin", "remove", "host"],
            ["code", "list"], ["code", "revoke", "7KQ2-9VX4-BNTD"], ["key", "list"],
            ["key", "disable", "019ac0de-0001-7000-8000-00000000000a"], ["key", "rotate-signing"],
        ])
        func `make no bar where somebody has mistyped its directory`(words: [String]) throws {
            let scratch = try Scratch()
            let said = try barback(words + ["--data", scratch("dta")])
            #expect(said.code == 3)
            #expect(said.errors.contains("there is no bar in \(scratch("dta"))"), "\(said.errors)")
            #expect(!FileManager.default.fileExists(atPath: scratch("dta")))
        }

        @Test(arguments: [
            ["admin", "add", "Zoe"], ["code", "new"], ["key", "new", "--name", "x"],
        ])
        func `make a new bar where there is none, and say so`(words: [String]) throws {
            let scratch = try Scratch()
            let data = scratch("data")
            let said = try barback(words + ["--data", data])
            #expect(said.code == 0, "\(said.errors)")
            #expect(said.errors.contains("barback \(words[0]): made a new bar in \(data);"))
            let again = try barback(words.map { $0 == "Zoe" ? "Kim" : $0 } + ["--data", data])
            #expect(again.code == 0 && !again.errors.contains("new bar"), "\(again.errors)")
        }
    }
}
