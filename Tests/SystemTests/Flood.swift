import Synchronization

/// As many requests as the bar answers, for a while.
struct Flood {
    /// How often each answer came, by the request's name.
    let statuses: [String: [Int: Int]]
    let seconds: Double

    /// Each thread has a connection of its own; `request` is told its thread and its turn.
    init(
        for limit: Double, threads: Int = 2, at bar: Bar,
        _ request:
            @escaping @Sendable (_ client: Client, _ thread: Int, _ turn: Int) throws -> (
                name: String, answer: Answer
            )
    ) {
        let counts = Mutex<[String: [Int: Int]]>([:])
        let began = SystemTests.seconds()
        inParallel(threads) { thread in
            var own: [String: [Int: Int]] = [:]
            guard let client = try? Client(bar) else { return }
            var turn = 0
            while SystemTests.seconds() - began < limit,
                let (name, answer) = try? request(client, thread, turn)
            {
                own[name, default: [:]][answer.status, default: 0] += 1
                turn += 1
            }
            counts.withLock { counts in
                for (name, statuses) in own {
                    counts[name, default: [:]].merge(statuses) { $0 + $1 }
                }
            }
        }
        seconds = SystemTests.seconds() - began
        statuses = counts.withLock { $0 }
    }

    func count(_ status: Int) -> Int { statuses.values.reduce(0) { $0 + ($1[status] ?? 0) } }
    var total: Int { statuses.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Whether so many were let through as a bucket of this size and rate lets through.
    ///
    /// One more is taken for the moment between the clock here and the clock there.
    func wentThrough(_ status: Int, burst: Int, perSecond: Int) -> Bool {
        let most = Double(burst) + Double(perSecond) * seconds + 1
        let count = Double(count(status))
        return count <= most && count >= most * 0.9 - 2
    }
}
