/// How often something may happen: one each `interval` on average, and `burst` at once after a rest.
struct Rate: Hashable, Sendable {
    /// Nanoseconds, from 1 to a day's.
    let interval: UInt64
    /// At least 1.
    let burst: Int

    init(perSecond: Int, burst: Int) {
        precondition(perSecond > 0, "a rate lets something through")
        self.init(interval: 1_000_000_000 / UInt64(perSecond), burst: burst)
    }

    init(secondsEach: Int, burst: Int) {
        precondition((1...86_400).contains(secondsEach), "at least one a day")
        self.init(interval: UInt64(secondsEach) * 1_000_000_000, burst: burst)
    }

    private init(interval: UInt64, burst: Int) {
        precondition(
            (1...1_000_000).contains(burst), "a burst of at least one, and of a bounded size")
        self.interval = interval
        self.burst = burst
    }

    /// A share of it for one of many, never under one a second with a burst of two.
    func divided(by parts: Int) -> Rate {
        Rate(interval: min(interval * UInt64(parts), 1_000_000_000), burst: max(burst / parts, 2))
    }

    /// Nanoseconds in which an empty bucket fills.
    var window: UInt64 { interval * UInt64(burst) }
    var windowSeconds: Int { seconds(window) }
}

/// What one caller has left of a rate, as the generic cell rate algorithm (ITU-T I.371) keeps it.
///
/// It is one number: the moment at which the bucket will be full again, in monotonic nanoseconds. A moment that has
/// passed is a full bucket, so a bucket that is forgotten then was not needed.
struct Bucket: Equatable, Sendable {
    private(set) var fullAt: UInt64 = 0

    /// What asking for one more would give; changes nothing.
    func look(_ rate: Rate, at now: UInt64) -> Allowance {
        let next = max(fullAt, now) + rate.interval
        let isAllowed = next - now <= rate.window
        // More than all is used where another thread, whose clock was read later, was here first.
        let used = min(isAllowed ? next - now : fullAt - now, rate.window)
        return Allowance(
            isAllowed: isAllowed, rate: rate, remaining: Int((rate.window - used) / rate.interval),
            wait: isAllowed ? 0 : next - rate.window - now, untilFull: used)
    }

    /// Takes one, also where there is none left: ask ``look(_:at:)`` first.
    mutating func take(_ rate: Rate, at now: UInt64) {
        fullAt = max(fullAt, now) + rate.interval
    }

    /// Undoes ``take(_:at:)``.
    mutating func giveBack(_ rate: Rate) { fullAt -= min(rate.interval, fullAt) }

    func isFull(at now: UInt64) -> Bool { fullAt <= now }
}

/// Whether something may happen now, and what is left of the rate.
struct Allowance: Equatable, Sendable {
    let isAllowed: Bool
    let rate: Rate
    /// How often it may still happen at once, after this time if that was allowed.
    let remaining: Int
    /// Nanoseconds until it may happen once more; 0 where it is allowed.
    fileprivate let wait: UInt64
    fileprivate let untilFull: UInt64

    /// Whole seconds until it may happen once more, at least 1: for Retry-After.
    var retryAfterSeconds: Int { max(seconds(wait), 1) }
    /// Whole seconds until nothing has been taken any more, at least 1.
    var fullAfterSeconds: Int { max(seconds(untilFull), 1) }

    /// Nearer to refusing than the other: refused sooner and for longer, or with less left.
    func isTighter(than other: Allowance) -> Bool {
        if wait != other.wait { return wait > other.wait }
        return remaining < other.remaining
    }
}

/// Rounded up.
private func seconds(_ nanoseconds: UInt64) -> Int {
    Int((nanoseconds + 999_999_999) / 1_000_000_000)
}
