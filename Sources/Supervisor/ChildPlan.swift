/// A process that should always run.
public struct ChildPlan: Equatable, Sendable {
    /// Unique; shown in the log and by `barback status`.
    public let name: String
    /// What the executable is given, without its own name: `["projector", "menu", "--data", "data"]`.
    public let arguments: [String]
    /// The children that must have announced readiness, once, before this one is started.
    public let startAfter: [String]

    public init(name: String, arguments: [String], startAfter: [String] = []) {
        self.name = name
        self.arguments = arguments
        self.startAfter = startAfter
    }
}

/// Who is started before whom.
enum StartOrder {
    /// Each plan's group: 0 waits for nobody, every other one group more than the last it waits for.
    ///
    /// nil when a plan waits for a name that is not there, or for itself by way of others.
    static func groups(_ plans: [ChildPlan]) -> [Int]? {
        var groups: [String: Int] = [:]
        while groups.count < plans.count {
            let known = groups.count
            for plan in plans where groups[plan.name] == nil {
                let before = plan.startAfter.map { groups[$0] }
                if before.contains(nil) { continue }
                groups[plan.name] = (before.compactMap { $0 }.max() ?? -1) + 1
            }
            if groups.count == known { return nil }
        }
        return plans.compactMap { groups[$0.name] }
    }
}
