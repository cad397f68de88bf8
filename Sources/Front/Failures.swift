internal import HTTP
internal import Synchronization

/// Counts wrong codes and wrong passwords, so that guessing is slow; one for all reactors.
///
/// Whoever knows the right one is not held up by those who guess: codes are counted after they were found wrong, and
/// passwords by name *and* address. A name alone, over all addresses, is never refused but only slowed, since
/// otherwise anybody could lock the host out of the bar.
final class Failures: Sendable {
    private let buckets: Mutex<Buckets<Guess>>

    init(limit: Int = 50_000) { buckets = Mutex(Buckets(limit: limit)) }

    /// Names by their seeded hash: of names as long as a body, fifty thousand would fill the memory.
    private enum Guess: Hashable, Sendable {
        case code(Address)
        case password(name: Int, Address)
        case name(Int)
        case passwords(Address)
    }

    private static let codes = Rate(perSecond: 1, burst: 20)
    private static let passwords = Rate(secondsEach: 6, burst: 10)
    /// Over all names, or one address with many would keep the helper that hashes from everybody else.
    private static let manyNames = Rate(secondsEach: 3, burst: 15)
    /// Not to refuse: what it has lost is the number of recent failures.
    private static let names = Rate(secondsEach: 6, burst: 40)
    private static let unslowed = 20
    private static let longestDelay: UInt64 = 2_000_000_000

    /// Counts a code that was wrong; not allowed once there were too many from this address.
    func codeWasWrong(from address: Address, at now: UInt64) -> Limit {
        buckets.withLock { buckets in
            let guess = Guess.code(address.site)
            let allowance = buckets[guess].look(Self.codes, at: now)
            if allowance.isAllowed { buckets.take(guess, Self.codes, at: now) }
            return Limit(of: "wrong codes", per: .address, allowance: allowance)
        }
    }

    /// Whether a password may be tried, which counts as wrong until ``passwordWasRight(name:from:)``.
    ///
    /// So a hundred tries at once are not a hundred tries before the first of them is counted.
    func tryPassword(name: String, from address: Address, at now: UInt64) -> Limit {
        buckets.withLock { buckets in
            let all = Guess.passwords(address.site)
            // A proxy on this machine that nobody named stands for everybody.
            let many = buckets[all].look(Self.manyNames, at: now)
            guard address.isLoopback || many.isAllowed else {
                return Limit(of: "wrong passwords", per: .address, allowance: many)
            }
            let guess = Guess.password(name: name.hashValue, address.site)
            let allowance = buckets[guess].look(Self.passwords, at: now)
            if allowance.isAllowed {
                buckets.take(guess, Self.passwords, at: now)
                buckets.take(all, Self.manyNames, at: now)
                let name = Guess.name(name.hashValue)
                if buckets[name].look(Self.names, at: now).isAllowed {
                    buckets.take(name, Self.names, at: now)
                }
            }
            return Limit(of: "wrong passwords", per: .nameAndAddress, allowance: allowance)
        }
    }

    /// Forgets what was mistyped before under this name from here.
    func passwordWasRight(name: String, from address: Address) {
        buckets.withLock { buckets in
            buckets.forget(.password(name: name.hashValue, address.site))
            buckets.giveBack(.passwords(address.site), Self.manyNames)
            buckets.giveBack(.name(name.hashValue), Self.names)
        }
    }

    /// Takes back what ``tryPassword(name:from:at:)`` has counted, where the bar could not look at it.
    func passwordWasNotTried(name: String, from address: Address) {
        buckets.withLock { buckets in
            buckets.giveBack(
                .password(name: name.hashValue, address.site), Self.passwords)
            buckets.giveBack(.passwords(address.site), Self.manyNames)
            buckets.giveBack(.name(name.hashValue), Self.names)
        }
    }

    /// Nanoseconds to wait before a password of this name is looked at: none up to twenty recent failures, then
    /// a tenth of a second more for each, at most two seconds.
    func delay(name: String, at now: UInt64) -> UInt64 {
        let left = buckets.withLock { buckets in
            buckets[.name(name.hashValue)].look(Self.names, at: now)
        }
        let failures = Self.names.burst - left.remaining - (left.isAllowed ? 1 : 0)
        return min(UInt64(max(failures - Self.unslowed, 0)) * 100_000_000, Self.longestDelay)
    }
}
