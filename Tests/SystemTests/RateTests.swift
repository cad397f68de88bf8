import Foundation
import Testing

extension Bar {
    /// An API key of a plan, known to the whole front.
    func key(plan: String = "public") throws -> [String: String] {
        let answer = try post("/admin/api-keys", "{\"name\":\"Rates\",\"plan\":\"\(plan)\"}")
        guard let key = answer.data["key"].string else {
            throw Late(description: "POST /admin/api-keys: \(answer.status) \(answer.text)")
        }
        try untilSeen(answer.position ?? 0)
        return ["X-Api-Key": key]
    }
}

extension WholeBar {
    @Suite("The rates", .serialized, .openBar) struct RateTests {
        @Test func `let two hundred readings through, then a hundred a second`() throws {
            let bar = try theBar()
            let key = try bar.key()
            let flood = Flood(for: 3, at: bar) { client, _, _ in
                ("GET /drinks", try client.request("GET", "/drinks", key))
            }
            #expect(flood.wentThrough(200, burst: 200, perSecond: 100), "\(flood)")
            #expect(flood.count(200) + flood.count(429) == flood.total)
            // Neither another key nor another address of the same key has to do with it.
            #expect(try bar.get("/drinks", bar.key()).status == 200)
            #expect(try bar.get("/sections", key).status == 200)
            // What was refused has cost nothing: a second later a hundred are there again.
            let again = Flood(for: 1, at: bar) { client, _, _ in
                ("GET /drinks", try client.request("GET", "/drinks", key))
            }
            #expect(again.count(200) >= 80, "\(again)")
        }

        @Test func `do not touch a key of plan unlimited`() throws {
            let bar = try theBar()
            let client = try Client(bar)
            for _ in 0..<500 {
                let answer = try client.request("GET", "/bar")
                #expect(answer.status == 200)
                #expect(answer["RateLimit"] == nil)
            }
        }

        @Test func `are the same however the address is written, and whoever it claims to be from`()
            throws
        {
            let bar = try theBar()
            let key = try bar.key()
            let same: [(method: String, path: String, more: [String: String])] = [
                ("GET", "/drinks", [:]), ("HEAD", "/drinks", [:]), ("GET", "/%64rinks", [:]),
                ("GET", "/drinks?x=1", [:]), ("GET", "/drinks?limit=1", [:]),
                ("GET", "/drinks?q=rum", [:]), ("GET", "/drinks?alcohol_free=true", [:]),
                ("GET", "/drinks", ["X-Forwarded-For": "203.0.113.1"]),
                ("GET", "/drinks", ["Forwarded": "for=203.0.113.2"]),
                ("GET", "/drinks", ["X-Real-IP": "203.0.113.3", "Client-IP": "203.0.113.3"]),
                ("GET", "/drinks", ["User-Agent": "another phone"]),
                ("GET", "/drinks", ["Cache-Control": "no-cache", "If-None-Match": "\"x\""]),
            ]
            let none = [
                "/DRINKS", "/Drinks", "//drinks", "/drinks/", "/./drinks", "/%2e/drinks",
                "/x/../drinks", "/x/%2e%2e/drinks", "/drinks/%2e", "/drinks%2f", "/drinks;x",
                "/drinks%20", "/%2564rinks",
            ]
            let flood = Flood(for: 3, at: bar) { client, _, turn in
                let place = turn % (same.count + none.count)
                if place < same.count {
                    let (method, path, more) = same[place]
                    let headers = key.merging(more) { $1 }
                    return (
                        "\(method) \(path) \(more)", try client.request(method, path, headers)
                    )
                }
                let path = none[place - same.count]
                return (path, try client.request("GET", path, key))
            }
            let open = flood.statuses.filter { !none.contains($0.key) }
            let through = open.values.reduce(0) { sum, counts in
                sum + counts.filter { $0.key != 429 }.values.reduce(0, +)
            }
            let most = 200 + 100 * flood.seconds + 1
            #expect(Double(through) <= most, "\(through) of \(most)")
            #expect(through >= 200)
            #expect(open.count == same.count)
            for (name, counts) in open { #expect((counts[429] ?? 0) > 0, "\(name): \(counts)") }
            for path in none {
                let counts = flood.statuses[path] ?? [:]
                #expect(!counts.isEmpty && counts[200] == nil, "\(path): \(counts)")
            }
        }

        @Test func `let a hundred orders through, then fifty a second`() throws {
            let bar = try theBar()
            let key = try bar.key()
            let drink = try bar.anyDrink()
            let guests = try (0..<25).map {
                try bar.guest("Thirsty \($0)").merging(key) { $1 }
            }
            let flood = Flood(for: 3, threads: 5, at: bar) { client, thread, turn in
                // Each thread has five guests of its own.
                try client.sendOrder(drink, headers: guests[thread * 5 + turn % 5])
                return ("POST /orders", try client.answer())
            }
            #expect(flood.wentThrough(201, burst: 100, perSecond: 50), "\(flood)")
            #expect(flood.count(201) + flood.count(429) == flood.total)
        }

        @Test func `leave a tenth to a guest alone`() throws {
            let bar = try theBar()
            let key = try bar.key()
            let drink = try bar.anyDrink()
            let guest = try bar.guest("Very thirsty").merging(key) { $1 }
            let orders = Flood(for: 2, at: bar) { client, _, _ in
                try client.sendOrder(drink, headers: guest)
                return ("POST /orders", try client.answer())
            }
            #expect(orders.wentThrough(201, burst: 10, perSecond: 5), "\(orders)")
            let readings = Flood(for: 2, at: bar) { client, _, _ in
                ("GET /drinks", try client.request("GET", "/drinks", guest))
            }
            #expect(readings.wentThrough(200, burst: 20, perSecond: 10), "\(readings)")
            // The next guest at the same table orders, and this one with another key does not.
            let other = try bar.guest("Thirsty 0").merging(key) { $1 }
            #expect(try bar.post("/orders", "{\"drink_id\":\"\(drink)\"}", other).status == 201)
            let refused = try bar.get("/drinks", guest)
            let evading = try bar.get("/drinks", guest.merging(bar.key()) { $1 })
            #expect([refused.status, evading.status].contains(429))
        }

        @Test func `are said in every answer, and true`() throws {
            let bar = try theBar()
            let key = try bar.key()
            let client = try Client(bar)
            var before = 200
            var refused: Answer?
            for _ in 1...2_000 where refused == nil {
                let answer = try client.request("GET", "/drinks", key)
                #expect(answer["RateLimit-Policy"] == #""GET /drinks per key";q=200;w=2"#)
                let left = try left(answer)
                if answer.status == 429 {
                    refused = answer
                    #expect(left == 0)
                    #expect(answer.code == "too_many_requests")
                } else {
                    #expect(left < 200 && abs(left - before) <= 20, "\(before), \(left)")
                    #expect(answer["Retry-After"] == nil)
                    before = left
                }
            }
            let wait = try #require(refused?["Retry-After"].flatMap { Int32($0) })
            #expect(wait == 1)
            breathe(milliseconds: wait * 1_000)
            #expect(try client.request("GET", "/drinks", key).status == 200)

            let guest = try bar.guest("Counts").merging(bar.key()) { $1 }
            let own = try bar.get("/orders", guest)
            #expect(own["RateLimit-Policy"] == #""GET /orders per guest";q=20;w=2"#)
            #expect(try left(own) == 19)
            let stream = try bar.stream(guest)
            #expect(stream.head["RateLimit-Policy"] == #""GET /events per guest";q=20;w=2"#)
            #expect(try left(stream.head) == 19)
            let entry = try bar.signIn("host", "wrong-wrong-wrong", bar.key())
            #expect(entry["RateLimit-Policy"] == #""POST /auth/login per key";q=20;w=2"#)
            let host = try bar.get("/admin/drinks", bar.key(plan: "admin"))
            #expect(host["RateLimit-Policy"] == #""GET /admin/drinks per key";q=1000;w=2"#)
            #expect(try bar.get("/drinks")["RateLimit"] == nil, "a key without rates")
        }

        private func left(_ answer: Answer) throws -> Int {
            let field = try #require(answer["RateLimit"])
            let match = try #require(field.firstMatch(of: /^"[^"]+";r=(\d+);t=(\d+)$/))
            #expect((Int(match.2) ?? 0) >= 1)
            return try #require(Int(match.1))
        }
    }

    @Suite(
        "The rates behind a proxy", .serialized,
        .openBar(flags: "--max-active-orders", "0", "--trusted-proxy", "127.0.0.1"))
    struct ProxyRateTests {
        @Test func `leave half to an address, and to a network of IPv6`() throws {
            let bar = try theBar()
            let key = try bar.key()
            for addresses in [
                ["203.0.113.5"], ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"],
                ["198.51.100.1, 203.0.113.6", "198.51.100.2, 203.0.113.6", "203.0.113.6"],
            ] {
                let flood = Flood(for: 2, at: bar) { client, _, turn in
                    let address = addresses[turn % addresses.count]
                    let headers = key.merging(["X-Forwarded-For": address]) { $1 }
                    return (address, try client.request("GET", "/drinks", headers))
                }
                #expect(flood.wentThrough(200, burst: 100, perSecond: 50), "\(flood)")
                let headers = key.merging(["X-Forwarded-For": addresses[0]]) { $1 }
                let answer = try bar.get("/drinks", headers)
                #expect(
                    answer["RateLimit-Policy"] == #""GET /drinks per address";q=100;w=2"#)
                // Whoever else is there, and whoever has shown who they are.
                let elsewhere = key.merging(["X-Forwarded-For": "192.0.2.77"]) { $1 }
                #expect(try bar.get("/drinks", elsewhere).status == 200)
                let host = ["Authorization": "Bearer \(try bar.door.host())"]
                #expect(try bar.get("/drinks", headers.merging(host) { $1 }).status == 200)
            }
        }
    }
}
