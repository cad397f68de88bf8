/// The bar as a whole, and whether it takes orders.
public struct Bar: Equatable, Sendable {
    public private(set) var acceptingOrders = true
    public private(set) var message: String?

    public enum Event: Equatable, Sendable {
        case orderingPaused(message: String?)
        case orderingResumed(message: String?)
    }

    public init() {}

    public mutating func evolve(_ event: Event) {
        switch event {
        case .orderingPaused(let message):
            acceptingOrders = false
            self.message = message
        case .orderingResumed(let message):
            acceptingOrders = true
            self.message = message
        }
    }

    /// Opens or pauses ordering, with a sentence for the guests; nothing happens if it is so already.
    public func accept(_ accepting: Bool, message: String?) throws(Refusal) -> Event? {
        var rules = FieldRules()
        let text = rules.text("message", message ?? "", 0...200)
        try rules.check()
        let message = text.isEmpty ? nil : text
        guard accepting != acceptingOrders || message != self.message else { return nil }
        return accepting ? .orderingResumed(message: message) : .orderingPaused(message: message)
    }
}

/// The short numbers that guests hear at the bar: from 1 again each day at 06:00 local time.
public struct Tickets: Equatable, Sendable {
    /// Days since 1970, counted from 06:00 to 06:00.
    public let day: Int64
    public let last: Int64

    public init(day: Int64 = 0, last: Int64 = 0) {
        self.day = day
        self.last = last
    }

    /// The next number.
    ///
    /// `utcOffsetSeconds` is the bar's local time minus UTC at that moment.
    public func next(at now: Time, utcOffsetSeconds: Int) -> Tickets {
        let local = now.microseconds / 1_000_000 + Int64(utcOffsetSeconds) - 6 * 3_600
        let (today, _) = local.flooredQuotientAndRemainder(by: 86_400)
        // A clock that steps back over 06:00 must not hand out yesterday's numbers again.
        return today > day ? Tickets(day: today, last: 1) : Tickets(day: day, last: last + 1)
    }
}
