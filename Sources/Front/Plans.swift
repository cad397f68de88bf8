internal import Domain

extension Plan {
    /// The rate of each route of this class for one key; nil where there is none.
    func rate(_ traffic: Traffic) -> Rate? {
        switch self {
        case .public: traffic.rate(times: 1)
        case .admin: traffic.rate(times: 5)
        case .unlimited: nil
        }
    }
}

/// How dear a request is.
enum Traffic: Sendable {
    case reading
    /// It ends in a commit.
    case change
    /// It asks for a code or a password, which somebody may be guessing.
    case entry

    fileprivate func rate(times factor: Int) -> Rate {
        switch self {
        case .reading: Rate(perSecond: 100 * factor, burst: 200 * factor)
        case .change: Rate(perSecond: 50 * factor, burst: 100 * factor)
        case .entry: Rate(perSecond: 10 * factor, burst: 20 * factor)
        }
    }
}

/// A route with buckets of its own.
///
/// Made from what a request means and never from how its path was written: HEAD, another case or `%2e` find
/// the same bucket or no route.
struct LimitedRoute: Hashable, Sendable {
    /// As the public contract writes it: `GET /drinks/{id}`.
    let name: String
    let traffic: Traffic

    init(_ name: String, _ traffic: Traffic) {
        self.name = name
        self.traffic = traffic
    }
}
