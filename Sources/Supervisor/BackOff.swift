/// How long a child that died stays down: 50 ms at first, twice as long each time, at most 5 s.
///
/// A child that was up for 5 s has earned a fresh start.
struct BackOff {
    static let firstMilliseconds = 50
    static let mostMilliseconds = 5000
    static let forgivenAfterMilliseconds = 5000

    private var nextMilliseconds = firstMilliseconds

    mutating func delayMilliseconds(afterUpMilliseconds up: Int) -> Int {
        if up >= BackOff.forgivenAfterMilliseconds { nextMilliseconds = BackOff.firstMilliseconds }
        defer { nextMilliseconds = min(nextMilliseconds * 2, BackOff.mostMilliseconds) }
        return nextMilliseconds
    }
}
