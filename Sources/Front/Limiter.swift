internal import Domain
internal import HTTP
internal import Synchronization

/// Holds every caller to the rates of an API key's plan; one for all reactors.
///
/// A request takes from the bucket of its key and from one more: a guest's token has a tenth of the plan, an
/// address half of it, and the latter only without a token, since a whole party shares one. A request that one of
/// them refuses takes from neither. Addresses of this machine itself have no bucket: a proxy here that nobody named
/// with `--trusted-proxy` would make one guest of all.
final class Limiter: Sendable {
    private let buckets: Mutex<Buckets<Owner>>

    /// About 10 MB when all are taken.
    init(limit: Int = 50_000) { buckets = Mutex(Buckets(limit: limit)) }

    /// Who sends a request, as far as rates are concerned.
    enum Sender: Hashable, Sendable {
        /// Without a token.
        case anonymous(Address)
        /// The id of the guest whose token it carries.
        case guest(String)
        case staff
    }

    /// Takes one request where all its buckets allow it; nil where it has no limit at all.
    func take(
        _ route: LimitedRoute, key: String, _ plan: Plan, _ sender: Sender, at now: UInt64
    ) -> Limit? {
        guard let rate = plan.rate(route.traffic) else { return nil }
        var asked = [(owner: Owner(holder: .key(key), route: route.name), rate: rate)]
        switch sender {
        case .anonymous(let address) where !address.isLoopback:
            asked.append(
                (Owner(holder: .address(address.site), route: route.name), rate.divided(by: 2)))
        case .guest(let id):
            asked.append((Owner(holder: .guest(id), route: route.name), rate.divided(by: 10)))
        case .anonymous, .staff: break
        }
        return buckets.withLock { buckets in
            let limits = asked.map { owner, rate in
                Limit(
                    of: owner.route, per: owner.kind, allowance: buckets[owner].look(rate, at: now))
            }
            if limits.allSatisfy(\.allowance.isAllowed) {
                for (owner, rate) in asked { buckets.take(owner, rate, at: now) }
            }
            return limits.max { $1.allowance.isTighter(than: $0.allowance) }
        }
    }

    private struct Owner: Hashable, Sendable {
        enum Holder: Hashable, Sendable {
            case key(String)
            case guest(String)
            case address(Address)
        }

        let holder: Holder
        let route: String

        var kind: Limit.Kind {
            switch holder {
            case .key: .key
            case .guest: .guest
            case .address: .address
            }
        }
    }
}

/// The bucket of a request that was nearest to its limit, under the name that clients see.
struct Limit: Sendable {
    /// Whose bucket it is; which one is nobody's business.
    enum Kind: String, Sendable {
        case key, guest, address
        case nameAndAddress = "name and address"
    }

    private let subject: String
    private let kind: Kind
    let allowance: Allowance

    init(of subject: String, per kind: Kind, allowance: Allowance) {
        self.subject = subject
        self.kind = kind
        self.allowance = allowance
    }

    /// RateLimit-Policy and RateLimit, and Retry-After where the request was refused.
    ///
    ///     RateLimit-Policy: "POST /orders per guest";q=10;w=2
    ///     RateLimit: "POST /orders per guest";r=9;t=1
    ///
    /// Source: draft-ietf-httpapi-ratelimit-headers-10; structured fields as in RFC 9651
    var headers: [(String, String)] {
        let name = "\(subject) per \(kind.rawValue)"
        let fields = [
            (
                "RateLimit-Policy",
                "\"\(name)\";q=\(allowance.rate.burst);w=\(allowance.rate.windowSeconds)"
            ),
            ("RateLimit", "\"\(name)\";r=\(allowance.remaining);t=\(allowance.fullAfterSeconds)"),
        ]
        guard !allowance.isAllowed else { return fields }
        return fields + [("Retry-After", "\(allowance.retryAfterSeconds)")]
    }
}
