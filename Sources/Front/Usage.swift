internal import JSON
internal import Synchronization

/// How often each API key was used: counted here, kept by the commands process.
final class Usage: Sendable {
    struct Total: Sendable {
        let requests: Int64
        let lastUsed: String?
    }

    private let state = Mutex(State())

    private struct State {
        var counts: [String: Int64] = [:]
        var totals: [String: Total] = [:]
    }

    func count(_ key: String) { state.withLock { $0.counts[key, default: 0] += 1 } }

    /// All there were, those of the last seconds included.
    func total(of key: String) -> Total? {
        state.withLock { state in
            let known = state.totals[key]
            let fresh = state.counts[key] ?? 0
            guard known != nil || fresh > 0 else { return nil }
            let (sum, isTooLarge) = (known?.requests ?? 0).addingReportingOverflow(fresh)
            return Total(requests: isTooLarge ? .max : sum, lastUsed: known?.lastUsed)
        }
    }

    /// The counts since the last report as a request body, and zero from now on.
    func takeReport() -> [UInt8] {
        let counts = state.withLock { state in
            defer { state.counts = [:] }
            return state.counts
        }
        var json = JSONWriter()
        json.object { json in
            json.name("counts")
            json.object { json in
                for (key, requests) in counts { json.member(key, requests) }
            }
        }
        return json.bytes
    }

    /// A report that did not arrive counts again; one whose answer was lost may so count twice.
    func putBack(_ report: [UInt8]) {
        guard let counts = try? JSONValue(parsing: report).object?["counts"]?.object else { return }
        state.withLock { state in
            for member in counts.members {
                state.counts[member.name, default: 0] += member.value.integer ?? 0
            }
        }
    }

    func setTotals(_ document: [UInt8]) {
        guard let keys = try? JSONValue(parsing: document).object else { return }
        var totals: [String: Total] = [:]
        for member in keys.members {
            guard let row = member.value.object, let requests = row["requests"]?.integer else {
                continue
            }
            totals[member.name] = Total(
                requests: requests, lastUsed: row["last_used_at"]?.string)
        }
        state.withLock { $0.totals = totals }
    }
}
