internal import System

/// How far a long piece of work is, on one line of a terminal; silent anywhere else.
///
///     [############............]  52%   520,000 of 1,000,000 events
///
/// Nothing is shown in the first second: what is over by then needs no bar.
final class ProgressBar {
    private let unit: String
    private let isSeen = Terminal.isTerminal(Terminal.standardError)
    private let began = Clock.monotonicNanoseconds()
    private var shownAt: UInt64 = 0

    private static let width: Int64 = 24

    /// `unit` is what is counted, such as `events`.
    init(_ unit: String) { self.unit = unit }

    func show(_ done: Int64, of all: Int64) {
        let now = Clock.monotonicNanoseconds()
        guard isSeen, now - began > 1_000_000_000, now - shownAt > 100_000_000 else { return }
        shownAt = now
        let columns = Terminal.columns(Terminal.standardError)
        Standard.draw("\r\u{1B}[K" + Self.line(done, of: all, unit, columns: columns))
    }

    /// Erases the line.
    func clear() {
        if shownAt > 0 { Standard.draw("\r\u{1B}[K") }
    }

    /// As much of it as the terminal has columns for: a line that wraps could not be erased.
    static func line(
        _ done: Int64, of all: Int64, _ unit: String, columns: Int? = nil
    ) -> String {
        let done = max(0, min(done, all))
        let filled = Int(all > 0 ? done * width / all : width)
        let number = "\(all > 0 ? done * 100 / all : 100)"
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: Int(width) - filled)
        let percent = String(repeating: " ", count: 3 - number.count) + "\(number)%"
        let count = "\(grouped(done)) of \(grouped(all))"
        let lines = [
            "[\(bar)] \(percent)   \(count) \(unit)", "[\(bar)] \(percent)   \(count)",
            "[\(bar)] \(percent)", percent,
        ]
        // Most terminals wrap after the last column, some at it.
        return lines.first { $0.utf8.count < columns ?? .max } ?? ""
    }
}
