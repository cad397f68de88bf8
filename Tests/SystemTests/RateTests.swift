import Foundation
import Testing

extension WholeBar {
    @Suite("A flood", .serialized) struct RateTests {
        /// The key in the pages, of the plan that has rates.
        private func pageKey(_ bar: Bar) throws -> [String: String] {
            ["X-Api-Key": try String(contentsOfFile: bar.data + "/run/web-key", encoding: .utf8)]
        }

        /// Sends one request after the other for some seconds.
        ///
        /// - Returns: how many had one of these statuses, and how long it took.
        private func flood(
            _ limit: Double, counting statuses: Set<Int>, _ send: (Int) throws -> Answer
        ) throws -> (passed: Int, refused: Int, seconds: Double) {
            let began = seconds()
            var passed = 0
            var refused = 0
            var number = 0
            while seconds() - began < limit {
                let answer = try send(number)
                number += 1
                if answer.status == 429 {
                    refused += 1
                    #expect((answer["Retry-After"].flatMap { Int($0) } ?? 0) >= 1)
                    // To HEAD it says so without a body.
                    #expect(answer.body.isEmpty || answer.code == "too_many_requests")
                } else if statuses.contains(answer.status) {
                    passed += 1
                }
            }
            return (passed, refused, seconds() - began)
        }

        @Test func `of readings gets two hundred at once and a hundred a second`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let client = try Client(bar.port)
            let key = try pageKey(bar)
            let flood = try flood(3, counting: [200]) { _ in
                try client.request("GET", "/drinks?limit=1", key)
            }
            let due = 200 + 100 * flood.seconds
            #expect(Double(flood.passed) <= due + 1)
            #expect(Double(flood.passed) >= due * 0.9)
            #expect(flood.refused > 0)
            // What was refused has cost nothing: one second later a hundred are there again.
            let again = try self.flood(1, counting: [200]) { _ in
                try client.request("GET", "/drinks?limit=1", key)
            }
            #expect(again.passed >= 80)
        }

        /// Each would be another bucket, if buckets were by what is written.
        @Test func `is not let through by other ways to write the same`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let key = try pageKey(bar)
            let client = try Client(bar.port)
            let ways: [(method: String, path: String)] = [
                ("GET", "/drinks"), ("HEAD", "/drinks"), ("GET", "/drinks?limit=1"),
                ("GET", "/%64rinks"), ("GET", "/drinks?q=gin"),
                ("GET", "/dr%69nks?alcohol_free=true"),
                ("GET", "//drinks"), ("GET", "/Drinks"), ("GET", "/x/%2e%2e/drinks"),
                ("GET", "/drinks/"),
            ]
            let flood = try flood(3, counting: [200, 304]) { number in
                let way = ways[number % ways.count]
                var headers = key
                headers["X-Forwarded-For"] = "203.0.113.\(number % 250)"
                headers["Forwarded"] = "for=203.0.113.\(number % 250)"
                headers["X-Real-IP"] = "203.0.113.\(number % 250)"
                return try client.request(way.method, way.path, headers)
            }
            #expect(flood.refused > 0)
            #expect(Double(flood.passed) <= 201 + 100 * flood.seconds)
        }

        @Test func `of orders gets a hundred at once and fifty a second, and a guest a tenth`()
            throws
        {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let key = try pageKey(bar)
            let guests = try (0..<20).map { try bar.door.guest("Guest \($0)") }
            let client = try Client(bar.port)
            func order(_ guest: String) throws -> Answer {
                let headers = key.merging(["Authorization": "Bearer \(guest)"]) { $1 }
                return try client.request("POST", "/orders", headers, "{\"drink_id\":\"\(drink)\"}")
            }
            let greedy = try flood(2, counting: [201]) { _ in try order(guests[0]) }
            #expect(Double(greedy.passed) <= 11 + 5 * greedy.seconds)
            #expect(greedy.passed >= 15)
            // The greedy one has left the others nearly all of the key's.
            let all = try flood(3, counting: [201]) { try order(guests[1 + $0 % 19]) }
            let due = 100 + 50 * all.seconds
            #expect(Double(all.passed) <= due + 1)
            #expect(Double(all.passed) >= due * 0.7)
        }

        @Test func `does not touch keys without rates, and says what is left to others`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let client = try Client(bar)
            for _ in 0..<500 {
                let answer = try client.request("GET", "/bar")
                #expect(answer.status == 200)
                #expect(answer["RateLimit"] == nil)
            }
            let first = try client.request("GET", "/bar", try pageKey(bar))
            #expect(first["RateLimit-Policy"] == "\"GET /bar per key\";q=200;w=2")
            #expect(first["RateLimit"] == "\"GET /bar per key\";r=199;t=1")
        }

        @Test func `of wrong codes holds up nobody who has a right one`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let code = try bar.door.code()
            let key = try pageKey(bar)
            func register(_ code: String, _ name: String) throws -> Answer {
                let headers = key.merging(["X-Registration-Code": code]) { $1 }
                return try Client(bar.port).request(
                    "POST", "/register", headers, "{\"username\":\"\(name)\"}")
            }
            var statuses: [Int] = []
            for number in 0..<100 {
                statuses.append(try register("0000-0000-\(1_000 + number)", "Thief").status)
            }
            #expect(statuses.prefix(20).allSatisfy { $0 == 403 })
            #expect(statuses.filter { $0 == 429 }.count > 60)
            #expect(Set(statuses) == [403, 429])
            #expect(try register("0000-0000-0000", "Thief").code == "too_many_guesses")
            #expect(try register(code, "Ana").status == 201)
        }

        @Test func `of wrong passwords comes to its end for that name alone`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let key = try pageKey(bar)
            func signIn(_ name: String) throws -> Answer {
                try Client(bar.port).request(
                    "POST", "/auth/login", key,
                    "{\"username\":\"\(name)\",\"password\":\"wrong password\"}")
            }
            let began = seconds()
            var refused = try signIn("host")
            var tries = 0
            // A password takes a while to look at, and each six seconds give one more.
            while refused.code == "wrong_credentials", tries < 60 {
                tries += 1
                refused = try signIn("host")
            }
            #expect(tries >= 10)
            #expect(Double(tries) <= 11 + (seconds() - began) / 6)
            #expect(refused.code == "too_many_guesses")
            #expect((1...6).contains(refused["Retry-After"].flatMap { Int($0) } ?? 0))
            #expect(try signIn("nobody").code == "wrong_credentials")
        }
    }
}
