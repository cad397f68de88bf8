import Domain
import HTTP
import Testing
import Wire

@testable import Front

private let now: UInt64 = 5_000_000_000_000
private let second: UInt64 = 1_000_000_000
private let menu = Reading.drinks.limited
private let ordering = CommandRoute.placeOrder.limited

private func address(_ text: String) throws -> Address { try #require(Address(text)) }

extension Limiter {
    /// How many of `tries` at one moment pass.
    fileprivate func passed(
        _ tries: Int, _ route: LimitedRoute = menu, key: String = "k", _ plan: Plan = .public,
        _ sender: Sender = .staff, at moment: UInt64 = now
    ) -> Int {
        (0..<tries).filter { _ in
            take(route, key: key, plan, sender, at: moment)?.allowance.isAllowed ?? true
        }.count
    }
}

@Suite("The limiter") struct LimiterTests {
    private let limiter = Limiter()

    @Test func `holds a key to its rate on each route by itself`() {
        #expect(limiter.passed(300) == 200)
        #expect(limiter.passed(300, ordering) == 100)
        #expect(limiter.passed(300, key: "other") == 200)
        #expect(limiter.passed(300, at: now + second) == 100)
    }

    @Test func `counts a menu that is asked for in part as the menu`() {
        #expect(limiter.passed(200) == 200)
        #expect(limiter.passed(1, Reading.search.limited) == 0)
        #expect(limiter.passed(1, Reading.drink("x").limited) == 1)
    }

    @Test func `knows no limit for a key of the plan unlimited`() {
        #expect(limiter.passed(5_000, key: "k", .unlimited, .guest("g")) == 5_000)
        #expect(limiter.take(menu, key: "k", .unlimited, .staff, at: now) == nil)
    }

    @Test func `gives a guest a tenth of the key's`() {
        #expect(limiter.passed(100, ordering, key: "k", .public, .guest("ana")) == 10)
        #expect(limiter.passed(100, ordering, key: "k", .public, .guest("ben")) == 10)
    }

    @Test func `gives an address half of the key's where nobody is signed in`() throws {
        let phone = try address("203.0.113.7")
        #expect(limiter.passed(300, key: "k", .public, .anonymous(phone)) == 100)
        #expect(
            limiter.passed(300, key: "k", .public, .anonymous(try address("203.0.113.8"))) == 100)
        // A guest at the same address is not held up by it, only by the key.
        #expect(limiter.passed(1, key: "k2", .public, .guest("ana")) == 1)
    }

    @Test func `takes an IPv6 address for its /64, and a mapped one for the IPv4 address`() throws {
        let one = try address("2001:db8:1:2::1")
        let neighbour = try address("2001:db8:1:2:ffff::9")
        let other = try address("2001:db8:1:3::1")
        #expect(limiter.passed(100, key: "a", .public, .anonymous(one)) == 100)
        #expect(limiter.passed(1, key: "b", .public, .anonymous(neighbour)) == 0)
        #expect(limiter.passed(1, key: "b", .public, .anonymous(other)) == 1)
        #expect(try address("::ffff:192.0.2.1") == address("192.0.2.1"))
    }

    @Test(arguments: ["127.0.0.1", "::1", "::ffff:127.8.0.1"])
    func `has no bucket for addresses of this machine`(text: String) throws {
        #expect(limiter.passed(300, key: "k", .public, .anonymous(try address(text))) == 200)
    }

    @Test func `takes from all buckets of a request or from none`() throws {
        // The guest is out of orders; the key must not lose any by it.
        #expect(limiter.passed(1_000, ordering, key: "k", .public, .guest("ana")) == 10)
        #expect(limiter.passed(1_000, ordering, key: "k", .public, .staff) == 90)
        // Now the key is out; another guest keeps the whole tenth.
        #expect(limiter.passed(50, ordering, key: "k", .public, .guest("ben")) == 0)
        #expect(limiter.passed(50, ordering, key: "l", .public, .guest("ben")) == 10)
    }

    @Test func `shows the bucket that is nearest to its limit`() throws {
        let first = try #require(limiter.take(ordering, key: "k", .public, .guest("ana"), at: now))
        #expect(
            first.headers.map { "\($0.0): \($0.1)" } == [
                "RateLimit-Policy: \"POST /orders per guest\";q=10;w=2",
                "RateLimit: \"POST /orders per guest\";r=9;t=1",
            ])
        #expect(limiter.passed(95, ordering) == 95)
        let key = try #require(limiter.take(ordering, key: "k", .public, .guest("ana"), at: now))
        #expect(key.headers.first?.1 == "\"POST /orders per key\";q=100;w=2")
        #expect(key.headers.last?.1 == "\"POST /orders per key\";r=3;t=2")
    }

    @Test func `says when to come back`() throws {
        _ = limiter.passed(10, ordering, key: "k", .public, .guest("ana"))
        let refused = try #require(
            limiter.take(ordering, key: "k", .public, .guest("ana"), at: now))
        #expect(!refused.allowance.isAllowed)
        #expect(refused.headers.map(\.0) == ["RateLimit-Policy", "RateLimit", "Retry-After"])
        #expect(refused.headers[1].1 == "\"POST /orders per guest\";r=0;t=2")
        #expect(refused.headers[2].1 == "1")
    }

    @Test func `gives two threads no more than one`() async {
        let limiter = limiter
        let passed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { limiter.passed(200) } }
            return await group.reduce(0, +)
        }
        #expect(passed == 200)
    }
}

@Suite("Buckets") struct BucketsTests {
    private let rate = Rate(perSecond: 1, burst: 10)

    @Test func `stay within their bound when a crowd of strangers comes at once`() {
        var buckets = Buckets<Int>(limit: 100)
        for key in 0..<10_000 { buckets.take(key, rate, at: now) }
        #expect(buckets.count == 100)
    }

    @Test func `go once they are full, without anybody asking for them`() {
        var buckets = Buckets<Int>(limit: 1_000)
        for key in 0..<1_000 { buckets.take(key, rate, at: now) }
        for key in 0..<500 { buckets.take(10_000 + key, rate, at: now + 60 * second) }
        #expect(buckets.count < 600)
    }

    @Test func `that are empty outlast those that are nearly full`() {
        var buckets = Buckets<Int>(limit: 10)
        for _ in 0..<10 { buckets.take(7, rate, at: now) }
        for key in 100..<1_100 { buckets.take(key, rate, at: now) }
        #expect(!buckets[7].look(rate, at: now).isAllowed)
    }

    @Test func `keep what they hold while others are swept`() {
        var buckets = Buckets<Int>(limit: 64)
        var model: [Int: Bucket] = [:]
        var random = SystemRandomNumberGenerator()
        var moment = now
        var wrong = 0
        for _ in 0..<20_000 {
            moment += .random(in: 0...(second / 2), using: &random)
            let key = Int.random(in: 0..<40, using: &random)
            buckets.take(key, rate, at: moment)
            model[key, default: Bucket()].take(rate, at: moment)
            let other = Int.random(in: 0..<40, using: &random)
            let expected = model[other, default: Bucket()].look(rate, at: moment)
            if buckets[other].look(rate, at: moment) != expected { wrong += 1 }
        }
        #expect(wrong == 0)
    }
}

@Suite("Guessing") struct FailuresTests {
    private let failures = Failures()

    @Test func `of many names from one address comes to an end, and not on this machine`() throws {
        let away = try #require(Address("203.0.113.7"))
        let here = try #require(Address("127.0.0.1"))
        let allowed = { (address: Address) in
            (0..<30).filter { number in
                self.failures.tryPassword(name: "name \(number)", from: address, at: 1)
                    .allowance.isAllowed
            }.count
        }
        #expect(allowed(away) == 15)
        #expect(allowed(here) == 30)
        // Another address still gets in.
        let other = try #require(Address("203.0.113.8"))
        #expect(failures.tryPassword(name: "name 1", from: other, at: 1).allowance.isAllowed)
    }

    @Test func `does not count what the bar could not look at`() throws {
        let away = try #require(Address("203.0.113.7"))
        for _ in 0..<50 {
            #expect(failures.tryPassword(name: "host", from: away, at: 1).allowance.isAllowed)
            failures.passwordWasNotTried(name: "host", from: away)
        }
        #expect(failures.delay(name: "host", at: 1) == 0)
    }

    @Test func `of codes is refused after twenty from one address`() throws {
        let thief = try address("198.51.100.1")
        let told = (0..<100).filter { _ in
            failures.codeWasWrong(from: thief, at: now).allowance.isAllowed
        }.count
        #expect(told == 20)
        #expect(
            failures.codeWasWrong(from: try address("198.51.100.2"), at: now).allowance.isAllowed)
        #expect(failures.codeWasWrong(from: thief, at: now + second).allowance.isAllowed)
        let refused = failures.codeWasWrong(from: thief, at: now + second)
        #expect(refused.headers.first?.1 == "\"wrong codes per address\";q=20;w=20")
    }

    @Test func `of a password is refused after ten from one address under one name`() throws {
        let thief = try address("198.51.100.1")
        let tries = (0..<50).filter { _ in
            failures.tryPassword(name: "host", from: thief, at: now).allowance.isAllowed
        }.count
        #expect(tries == 10)
        #expect(failures.tryPassword(name: "anna", from: thief, at: now).allowance.isAllowed)
        let host = try address("198.51.100.2")
        #expect(failures.tryPassword(name: "host", from: host, at: now).allowance.isAllowed)
        let refused = failures.tryPassword(name: "host", from: thief, at: now)
        #expect(refused.headers.last?.0 == "Retry-After")
        #expect(refused.headers.last?.1 == "6")
        #expect(
            failures.tryPassword(name: "host", from: thief, at: now + 6 * second).allowance
                .isAllowed)
    }

    @Test func `is forgotten once the password was right`() throws {
        let host = try address("192.0.2.1")
        for _ in 0..<50 {
            #expect(failures.tryPassword(name: "host", from: host, at: now).allowance.isAllowed)
            failures.passwordWasRight(name: "host", from: host)
        }
        #expect(failures.delay(name: "host", at: now) == 0)
    }

    @Test func `from everywhere only slows a name`() throws {
        var delays: [UInt64] = []
        for number in 0..<200 {
            delays.append(failures.delay(name: "host", at: now))
            let thief = try address("2001:db8:0:\(String(number, radix: 16))::1")
            #expect(failures.tryPassword(name: "host", from: thief, at: now).allowance.isAllowed)
        }
        #expect(delays[0...20].allSatisfy { $0 == 0 })
        #expect(delays[21] == 100_000_000)
        #expect(delays[30] == second)
        #expect(delays[40...].allSatisfy { $0 == 2 * second })
        #expect(failures.delay(name: "anna", at: now) == 0)
        // A name is at its ease again after two minutes.
        #expect(failures.delay(name: "host", at: now + 120 * second) == 0)
    }
}
