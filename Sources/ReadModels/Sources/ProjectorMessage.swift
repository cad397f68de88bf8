/// What is said on `run/NAME.sock`, between a projector and whoever wants something of it: one line each.
///
///     to the projector   1 rebuild         build the read model anew beside the live one
///                        1 roll-back       go back to the generation before
///                        1 damaged         what I read of it is corrupt, look after it; not answered
///     and back           1 progress DONE ALL
///                        1 done POSITION GENERATION BEFORE NOW    digests; BEFORE is - where it could not be read
///                        1 failed SENTENCE
///
/// The number is the version of this layout. Every process of the bar's user may ask, a hijacked front too: that
/// costs a core's idle time, and what goes live is level with the log and compared.
public enum ProjectorMessage: Equatable, Sendable {
    case rebuild
    case rollBack
    case damaged
    case progress(done: Int64, all: Int64)
    case done(RebuildReport)
    case failed(String)

    /// Bytes of a line, at most.
    public static let longest = 1_000

    /// The line without its line feed; nil where it is of another version, or none of these.
    public init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2, words[0] == "1" else { return nil }
        let rest = words.count > 2 ? words[2] : ""
        switch words[1] {
        case "rebuild": self = .rebuild
        case "roll-back": self = .rollBack
        case "damaged": self = .damaged
        case "failed": self = .failed(rest)
        case "progress":
            let numbers = rest.split(separator: " ").compactMap { Int64($0) }
            guard numbers.count == 2 else { return nil }
            self = .progress(done: numbers[0], all: numbers[1])
        case "done":
            let parts = rest.split(separator: " ").map(String.init)
            guard parts.count == 4, let position = Int64(parts[0]), let generation = Int(parts[1])
            else { return nil }
            self = .done(
                RebuildReport(
                    position: position, generation: generation,
                    before: parts[2] == "-" ? nil : parts[2], now: parts[3]))
        default: return nil
        }
    }

    /// With its line feed.
    public var line: String {
        let text =
            switch self {
            case .rebuild: "rebuild"
            case .rollBack: "roll-back"
            case .damaged: "damaged"
            case .progress(let done, let all): "progress \(done) \(all)"
            case .done(let report):
                "done \(report.position) \(report.generation) \(report.before ?? "-") \(report.now)"
            case .failed(let sentence):
                "failed \(sentence.split(separator: "\n").joined(separator: " "))"
            }
        return "1 \(text)\n"
    }
}

/// How a rebuild ended: the generation that is live now, beside the one before.
public struct RebuildReport: Equatable, Sendable {
    /// Where the two were compared.
    public var position: Int64
    /// The number of the one that is live now.
    public var generation: Int
    /// The content's digest of the one before, hexadecimal; nil where it could not be read.
    public var before: String?
    public var now: String

    public init(position: Int64, generation: Int, before: String?, now: String) {
        self.position = position
        self.generation = generation
        self.before = before
        self.now = now
    }

    public var isEqual: Bool { before == nil || before == now }
}
