import Foundation
import SQLite
import Testing

extension WholeBar {
    @Suite(
        "A registration code", .serialized,
        .openBar(flags: "--max-active-orders", "0", "--trusted-proxy", "127.0.0.1"))
    struct CodeTests {
        @Test func `lets a guest in while others guess, and guessing comes to an end`() throws {
            let bar = try theBar()
            let code = try bar.code().text
            let client = try Client(bar)
            // The pages' own key, as a party has it.
            let key = [
                "X-Api-Key": try String(contentsOfFile: bar.data + "/run/web-key", encoding: .utf8)
            ]
            var answers: [Answer] = []
            for guess in 0..<100 {
                answers.append(
                    try client.request(
                        "POST", "/register",
                        key.merging(["X-Registration-Code": "AAAA-BBBB-\(1_000 + guess)"]) { $1 },
                        #"{"username":"Mallory"}"#))
            }
            #expect(Set(answers.map(\.status)) == [403, 429])
            // Twenty at once, then one a second.
            #expect((20...40).contains(answers.filter { $0.status == 403 }.count))
            for answer in answers where answer.status == 429 {
                #expect(answer.code == "too_many_guesses")
                #expect(answer["Retry-After"].flatMap { Int($0) }.map { $0 >= 1 } == true)
                #expect(answer["RateLimit-Policy"] == #""wrong codes per address";q=20;w=20"#)
            }
            // From the same address, at the height of it.
            #expect(answers.last?.status == 429)
            let began = seconds()
            let guest = try client.request(
                "POST", "/register", key.merging(["X-Registration-Code": code]) { $1 },
                #"{"username":"Welcome"}"#)
            #expect(guest.status == 201, "\(guest.text)")
            #expect(seconds() - began < 2)
        }

        @Test func `that is over, used, revoked or was never there gets one answer`() throws {
            let bar = try Bar(flags: ["--trusted-proxy", "127.0.0.1"])
            defer { bar.close() }
            let (over, used, revoked) = try (bar.code(), bar.code(), bar.code())
            #expect(try bar.register("Came in", used.text).status == 201)
            let gone = try Client(bar).request(
                "DELETE", "/admin/registration-codes/\(revoked.text)")
            #expect(gone.status == 200)
            try bar.untilSeen(gone.position ?? 0)
            try bar.stop()
            try end(over.id, bar)
            try bar.start()
            let list = try bar.get("/admin/registration-codes").data.list
            for (id, status) in [
                (over.id, "expired"), (used.id, "used"), (revoked.id, "revoked"),
            ] {
                #expect(list.first { $0["id"].string == id }?["status"].string == status)
            }
            for (number, key) in [nil, "again", "no key at all"].enumerated() {
                var headers = ["X-Forwarded-For": "203.0.113.\(number)"]
                headers["Idempotency-Key"] = key
                let answers = try [over.text, used.text, revoked.text, "AAAA-BBBB-CCCC", "x"].map {
                    try bar.register("Wants in", $0, headers)
                }
                let more = headers.merging(["X-Registration-Code": used.text]) { $1 }
                for body in ["", "{", "[]", #"{"username":"\u0007"}"#] {
                    #expect(try bar.post("/register", body, more).code == "wrong_code")
                }
                #expect(answers[0].code == "wrong_code")
                #expect(Set(answers.map(\.timeless)).count == 1, "\(answers.map(\.timeless))")
            }
        }

        /// Turns the clock on for one code, in what the writer and the front decide from.
        private func end(_ id: String, _ bar: Bar) throws {
            let log = try Connection(path: bar.data + "/log.db", mode: .readWrite)
            try log.execute("UPDATE state_code SET expires_at = 1 WHERE id = '\(id)'")
            let number = try String(contentsOfFile: bar.data + "/models/access", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let model = try Connection(
                path: bar.data + "/models/access.g\(number).db", mode: .readWrite)
            try model.execute(
                "UPDATE code SET expires_at = '2026-01-01T00:00:00.000000Z' WHERE code_id = '\(id)'"
            )
        }

        @Test func `lets exactly one of ten in who race for its last use`() throws {
            let bar = try theBar()
            for round in 1...20 {
                let code = try bar.code(uses: round % 2 + 1)
                if round % 2 == 1 {
                    #expect(try bar.register("First of \(round)", code.text).status == 201)
                }
                let answers = Gathered<Answer>()
                inParallel(10) { number in
                    if let answer = try? bar.register("\(number) of \(round)", code.text) {
                        answers.add(answer)
                    }
                }
                #expect(answers.all.count == 10)
                #expect(answers.all.filter { $0.status == 201 }.count == 1, "round \(round)")
                for answer in answers.all where answer.status != 201 {
                    #expect(["wrong_code", "too_many_guesses"].contains(answer.code))
                }
            }
        }

        @Test func `at the door is renewed when it is used up or revoked`() throws {
            let bar = try theBar()
            let first = try joinCode(bar)
            #expect(first.left == 25)
            for number in 1...first.left {
                #expect(try bar.register("Joins \(number)", first.text).status == 201)
            }
            let second = try joinCode(bar)
            #expect(second.text != first.text)
            #expect(second.left == 25)
            #expect(try bar.register("Joins late", first.text).status != 201)
            #expect(try bar.register("Joins next", second.text).status == 201)
            let gone = try Client(bar).request(
                "DELETE", "/admin/registration-codes/\(second.text)")
            #expect(gone.status == 200)
            let third = try joinCode(bar)
            #expect(![first.text, second.text].contains(third.text))
            #expect(try bar.register("Joins last", third.text).status == 201)
        }

        private func joinCode(_ bar: Bar) throws -> (text: String, left: Int) {
            let answer = try bar.get("/admin/join-code")
            let text = try #require(answer.data["code"].string)
            let url = try #require(answer.data["registration_url"].string)
            #expect(url.hasSuffix("/join/\(text)"))
            #expect((answer.data["qr"]["side"].int ?? 0) >= 29 + 8)
            #expect(answer.data["qr"]["path"].string?.hasPrefix("M4 4h7v1H4z") == true)
            try bar.untilSeen(answer.position ?? 0)
            return (
                text, (answer.data["max_uses"].int ?? 0) - (answer.data["used"].int ?? 0)
            )
        }

        @Test(arguments: [1, 5])
        func `gives the same guest where the answer was lost`(uses: Int) throws {
            let bar = try theBar()
            let code = try bar.code(uses: uses)
            let key = [
                "Idempotency-Key": "phone-\(uses)", "X-Forwarded-For": "203.0.113.\(uses)",
            ]
            let first = try bar.register("Lost it \(uses)", code.text, key)
            #expect(first.status == 201)
            // The front knows by then that the code is used.
            try bar.untilSeen(first.position ?? 0)
            let head = try LogRows.head(data: bar.data)
            let again = try bar.register("Lost it \(uses)", code.text, key)
            #expect(again.status == 201, "\(again.text)")
            for member in ["user_key", "username", "refresh_token"] {
                #expect(again.data[member].string != nil)
                #expect(again.data[member].string == first.data[member].string)
            }
            #expect(try bar.lets(in: Session(again, "the second answer")))
            #expect(try LogRows.head(data: bar.data) == head)
            let reused = try bar.register("Else", code.text, key).code
            #expect(reused == (uses == 1 ? "wrong_code" : "key_reused"))
            let another = key.merging(["Idempotency-Key": "another"]) { $1 }
            let other = try bar.register("Else", code.text, another)
            #expect(other.status == (uses == 1 ? 403 : 201))
            // Who has left gets no new tokens by an old key.
            #expect(
                try bar.post("/auth/logout", "{}", Session(first, "the first").bearer).status == 200
            )
            #expect(try bar.register("Lost it \(uses)", code.text, key).code == "wrong_code")
        }

        @Test func `is read however it is typed`() throws {
            let bar = try theBar()
            let code = try bar.code(uses: 3).text
            let bare = code.filter { $0 != "-" }
            for (number, typed) in [
                code.lowercased(), bare, " \(bare.prefix(6)) \(bare.dropFirst(6))",
            ].enumerated() {
                #expect(try bar.register("Types \(number)", typed).status == 201, "\(typed)")
            }
        }

        @Test(arguments: [
            (#"{"max_uses":0}"#, "max_uses"), (#"{"max_uses":26}"#, "max_uses"),
            (#"{"max_uses":"5"}"#, "max_uses"), (#"{"expires_in_hours":0}"#, "expires_in_hours"),
            (#"{"expires_in_hours":169}"#, "expires_in_hours"),
            (#"{"expires_in_hours":1.5}"#, "expires_in_hours"),
            ("{\"notes\":\"\(String(repeating: "n", count: 201))\"}", "notes"),
        ])
        func `has its bounds`(body: String, field: String) throws {
            let answer = try theBar().post("/admin/registration-codes", body)
            #expect(answer.status == 422)
            #expect(answer.fields.contains(field))
        }
    }
}
