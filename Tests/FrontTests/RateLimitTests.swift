import Domain
import Testing

@testable import Front

private let second: UInt64 = 1_000_000_000

/// Asks and takes where it may.
private func ask(_ bucket: inout Bucket, _ rate: Rate, at now: UInt64) -> Allowance {
    let allowance = bucket.look(rate, at: now)
    if allowance.isAllowed { bucket.take(rate, at: now) }
    return allowance
}

@Suite("A rate") struct RateLimitTests {
    private let rate = Rate(perSecond: 100, burst: 200)

    @Test func `gives its burst at once and then its pace`() {
        var bucket = Bucket()
        let start = 77 * second
        let atOnce = (0..<500).filter { _ in ask(&bucket, rate, at: start).isAllowed }.count
        #expect(atOnce == 200)
        // A thousand tries a second for five seconds.
        let later = (1...5_000).filter {
            ask(&bucket, rate, at: start + UInt64($0) * 1_000_000).isAllowed
        }
        #expect(later.count == 500)
    }

    @Test func `never gives more than burst and pace, whenever it is asked`() {
        var random = SystemRandomNumberGenerator()
        var broken: [Rate] = []
        for _ in 0..<100 {
            let rate = Rate(
                perSecond: .random(in: 1...2_000, using: &random),
                burst: .random(in: 1...300, using: &random))
            var bucket = Bucket()
            var now = second
            var allowed: [UInt64] = []
            for _ in 0..<500 {
                now += .random(in: 0...(rate.interval * 2), using: &random)
                if ask(&bucket, rate, at: now).isAllowed { allowed.append(now) }
            }
            for (index, first) in allowed.enumerated() {
                let tooMany = allowed.enumerated().dropFirst(index).contains { later, last in
                    later - index + 1 > rate.burst + Int((last - first) / rate.interval)
                }
                if tooMany { broken.append(rate) }
            }
        }
        #expect(broken.isEmpty)
    }

    @Test func `says what is left, and when there is more`() {
        var bucket = Bucket()
        let rate = Rate(perSecond: 1, burst: 3)
        #expect(ask(&bucket, rate, at: second).remaining == 2)
        #expect(ask(&bucket, rate, at: second).remaining == 1)
        let last = ask(&bucket, rate, at: second)
        #expect(last.isAllowed)
        #expect(last.remaining == 0)
        #expect(last.fullAfterSeconds == 3)
        let refused = ask(&bucket, rate, at: second + 100_000_000)
        #expect(!refused.isAllowed)
        #expect(refused.remaining == 0)
        #expect(refused.retryAfterSeconds == 1)
        #expect(refused.fullAfterSeconds == 3)
        #expect(ask(&bucket, rate, at: 2 * second).isAllowed)
    }

    @Test func `lets a caller through that waits as long as it was told`() {
        var bucket = Bucket()
        let rate = Rate(secondsEach: 6, burst: 2)
        _ = ask(&bucket, rate, at: second)
        _ = ask(&bucket, rate, at: second)
        let refused = ask(&bucket, rate, at: second + 1)
        #expect(refused.retryAfterSeconds == 6)
        #expect(!ask(&bucket, rate, at: 7 * second - 1).isAllowed)
        #expect(ask(&bucket, rate, at: second + 1 + 6 * second).isAllowed)
    }

    @Test func `takes nothing for what it refuses`() {
        var bucket = Bucket()
        let rate = Rate(perSecond: 1, burst: 1)
        _ = ask(&bucket, rate, at: second)
        for _ in 0..<1_000 { _ = ask(&bucket, rate, at: second + 1) }
        #expect(ask(&bucket, rate, at: 2 * second).isAllowed)
    }

    @Test func `is not confused by a clock read a moment before another thread's`() {
        var bucket = Bucket()
        _ = ask(&bucket, rate, at: 10 * second)
        let earlier = ask(&bucket, rate, at: 10 * second - 5)
        #expect(earlier.isAllowed)
        #expect(earlier.remaining == 197)
    }

    @Test func `has nothing left for a clock read before the one that emptied it`() {
        var bucket = Bucket()
        let rate = Rate(perSecond: 50, burst: 100)
        let later: UInt64 = 5_000_000_000
        while bucket.look(rate, at: later).isAllowed { bucket.take(rate, at: later) }
        for earlier: UInt64 in [1, 1_000, 1_000_000, 4_999_999_999] {
            let allowance = bucket.look(rate, at: later - earlier)
            #expect(!allowance.isAllowed)
            #expect(allowance.remaining == 0)
            #expect((1...6).contains(allowance.retryAfterSeconds))
            #expect(allowance.fullAfterSeconds == 2)
        }
    }

    @Test func `shared among many is never under one a second and two at once`() {
        #expect(rate.divided(by: 10) == Rate(perSecond: 10, burst: 20))
        #expect(Rate(perSecond: 10, burst: 20).divided(by: 10) == Rate(perSecond: 1, burst: 2))
        #expect(Rate(perSecond: 2, burst: 3).divided(by: 10) == Rate(perSecond: 1, burst: 2))
    }
}

@Suite("A plan") struct PlanTests {
    @Test func `of the public kind has the published rates`() {
        #expect(Plan.public.rate(.reading) == Rate(perSecond: 100, burst: 200))
        #expect(Plan.public.rate(.change) == Rate(perSecond: 50, burst: 100))
        #expect(Plan.public.rate(.entry) == Rate(perSecond: 10, burst: 20))
    }

    @Test func `of an administrator has five times as much`() {
        #expect(Plan.admin.rate(.change) == Rate(perSecond: 250, burst: 500))
    }

    @Test func `without limits has none`() {
        #expect(Plan.unlimited.rate(.reading) == nil)
        #expect(Plan.unlimited.rate(.entry) == nil)
    }
}
