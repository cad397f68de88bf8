internal import System

/// Lines for whoever reads standard error: `2026-12-31T23:59:59Z barback: ...`.
enum Report {
    static func line(_ sentence: String) {
        Standard.log("\(time(Clock.wallMicroseconds())) barback: \(sentence)")
    }

    /// RFC 3339 in UTC, whole seconds.
    static func time(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let (days, second) = (Int(seconds / 86_400), Int(seconds % 86_400))
        // Years that begin in March, so that the leap day comes last.
        // Source: https://howardhinnant.github.io/date_algorithms.html#civil_from_days
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(year)-\(two(month))-\(two(day))"
        return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
