/// What the host has settled for the whole bar.
public struct Settings: Equatable, Sendable {
    /// What guests read above the menu, 1 to 60 characters.
    public var name = "Barback"
    /// Whether guests are shown how a drink is made.
    public var showRecipes = true
    /// Orders that a guest may have waiting at a time, 0 for no limit; nil for what `serve` was started with.
    public var maxActiveOrders: Int64?
    /// Whole minutes after which an order has waited for a while, 1 to 120: the staff see it coloured.
    public var waitMinutes: Int64 = 5
    /// After which it is late; more than ``waitMinutes``, at most 120.
    public var lateMinutes: Int64 = 8

    public enum Event: Equatable, Sendable {
        /// All settings from now on.
        case changed(Settings)
    }

    public init() {}

    public mutating func evolve(_ event: Event) {
        switch event {
        case .changed(let settings): self = settings
        }
    }

    /// Settles it so; nothing happens where it is so already.
    public func change(to wanted: Settings) throws(Refusal) -> Event? {
        var rules = FieldRules()
        var settings = wanted
        settings.name = rules.text("name", wanted.name, 1...60)
        if let limit = wanted.maxActiveOrders, !(0...1_000).contains(limit) {
            rules.refuse("max_active_orders", "must be a whole number from 0 to 1000")
        }
        for (field, minutes) in [
            ("wait_minutes", wanted.waitMinutes), ("late_minutes", wanted.lateMinutes),
        ] where !(1...120).contains(minutes) {
            rules.refuse(field, "must be a whole number from 1 to 120")
        }
        if wanted.lateMinutes <= wanted.waitMinutes {
            rules.refuse("late_minutes", "must be more than wait_minutes")
        }
        try rules.check()
        return settings == self ? nil : .changed(settings)
    }
}
