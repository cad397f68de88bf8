internal import JSON

/// One thing that `barback doctor` has looked at.
struct Finding: Equatable {
    enum State: String {
        case ok
        /// It works, and could work better.
        case warn
        /// The bar does not run like this, or would lose something.
        case bad
    }

    let state: State
    /// What was looked at, in one or two words.
    let subject: String
    /// What was found.
    let found: String
    /// How to mend it; nil where there is nothing to mend.
    let mend: String?

    static func ok(_ subject: String, _ found: String) -> Finding {
        Finding(state: .ok, subject: subject, found: found, mend: nil)
    }
    static func warn(_ subject: String, _ found: String, mend: String) -> Finding {
        Finding(state: .warn, subject: subject, found: found, mend: mend)
    }
    static func bad(_ subject: String, _ found: String, mend: String) -> Finding {
        Finding(state: .bad, subject: subject, found: found, mend: mend)
    }

    /// Two lines at most, aligned with those of other findings.
    var text: String {
        let start = Help.padded(state.rawValue, 4) + "  " + Help.padded(subject, 19)
        let advice = mend.map { Help.padded("", 4) + "  to mend it: \($0)\n" } ?? ""
        return "\(start)  \(found)\n\(advice)"
    }

    func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("state", state.rawValue)
            json.member("subject", subject)
            json.member("found", found)
            json.member("mend", orNull: mend)
        }
    }
}
