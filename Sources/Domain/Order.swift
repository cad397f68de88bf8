/// The life of one order.
///
///     pending -> in_progress -> ready -> completed       a forward move may skip steps
///     pending, in_progress  -> cancelled, rejected
///     any                   -> the status it had before  a step back, up to the hundredth move
public struct Order: Equatable, Sendable {
    public let id: OrderID
    public let ticket: Int64
    /// Whose it is; nil for one that staff placed by hand.
    public let guest: GuestID?
    /// Who it is for, where staff placed it by hand; nil once that person is forgotten.
    public let username: String?
    public let drink: OrderedDrink
    public let quantity: Int64
    public let note: String
    /// Every status it ever had, oldest first; never empty.
    public private(set) var timeline: [Step]
    /// The statuses an undo would walk back through; the last one is the present.
    private var path: [OrderStatus]

    /// Steps back end here: every move reads the whole story, so it must not go on for ever.
    static let mostSteps = 100

    /// Places in the queue are counted this far; behind that the guest is told none.
    public static let longestQueue: Int64 = 1_000

    public struct Step: Equatable, Sendable {
        public let status: OrderStatus
        public let at: Time
        public let by: Caller
        public let reason: String?
    }

    public enum Event: Equatable, Sendable {
        case placed(OrderPlaced)
        case statusChanged(OrderStatusChanged)
    }

    /// The order after its first event.
    public init(_ placed: OrderPlaced, at: Time, by: Caller) {
        id = placed.id
        ticket = placed.ticket
        guest = placed.guest
        username = placed.username
        drink = placed.drink
        quantity = placed.quantity
        note = placed.note
        timeline = [Step(status: .pending, at: at, by: by, reason: nil)]
        path = [.pending]
    }

    public mutating func evolve(_ event: OrderStatusChanged, at: Time, by: Caller) {
        timeline.append(Step(status: event.to, at: at, by: by, reason: event.reason))
        if event.to == previous { path.removeLast() } else { path.append(event.to) }
    }

    public var status: OrderStatus { timeline.last?.status ?? .pending }

    /// The status that a step back leads to; nil while it has had only one.
    public var previous: OrderStatus? { path.count > 1 ? path[path.count - 2] : nil }

    /// When it was completed; nil while it is not.
    public var completedAt: Time? { status == .completed ? timeline.last?.at : nil }

    // MARK: Commands

    public static func place(
        _ command: PlaceOrder, drink: (drink: Drink, version: Version)?, out: Set<IngredientKey>,
        bar: Bar, activeOrders: Int, limit: Int, id: OrderID, ticket: Int64, by caller: Caller
    ) throws(Refusal) -> OrderPlaced {
        var rules = FieldRules()
        if !(1...10).contains(command.quantity) {
            rules.refuse("quantity", "must be a whole number from 1 to 10")
        }
        let note = rules.text("note", command.note, 0...200, lines: true)
        if drink == nil { rules.refuse("drink_id", "names no drink of this menu") }
        try rules.check()
        guard let (drink, version) = drink else { throw .notFound("drink") }
        // A break and a limit are for guests; whoever stands behind the bar knows what they do.
        if case .guest = caller, !bar.acceptingOrders {
            throw .orderingPaused(message: bar.message)
        }
        guard drink.isServed else { throw .notOnMenu(drink: drink.facts.name) }
        let missing = drink.missing(out: out)
        guard missing.isEmpty else { throw .soldOut(missing: missing) }
        if case .guest = caller, limit != 0, activeOrders >= limit {
            throw .tooManyActiveOrders(limit: limit)
        }
        return OrderPlaced(
            id: id, ticket: ticket, guest: command.guest, username: command.username,
            drink: OrderedDrink(id: drink.id, version: version, name: drink.facts.name),
            quantity: command.quantity, note: note)
    }

    /// Moves the order; nil when it is there already, since two bartenders may tap at once.
    public func change(
        _ command: ChangeOrderStatus, by caller: Caller
    ) throws(Refusal) -> OrderStatusChanged? {
        var rules = FieldRules()
        let reason = rules.text("reason", command.reason ?? "", 0...200, lines: true)
        try rules.check()
        if case .guest(let id) = caller {
            guard id == guest else { throw .notFound("order") }
            guard command.to == .cancelled else { throw .notAllowed }
        }
        if let expected = command.expected, expected != status {
            throw .statusChanged(present: status)
        }
        guard command.to != status else { return nil }
        guard mayMove(to: command.to, by: caller) else {
            throw .invalidTransition(from: status, to: command.to)
        }
        return OrderStatusChanged(
            id: id, from: status, to: command.to, reason: reason.isEmpty ? nil : reason)
    }

    private func mayMove(to next: OrderStatus, by caller: Caller) -> Bool {
        if case .guest = caller { return status == .pending }
        if next == previous { return timeline.count < Self.mostSteps }
        switch next {
        case .cancelled, .rejected: return status == .pending || status == .inProgress
        case .pending, .inProgress, .ready, .completed:
            guard let here = status.step, let there = next.step else { return false }
            return there > here
        }
    }
}

public enum OrderStatus: String, CaseIterable, Sendable {
    case pending
    case inProgress = "in_progress"
    case ready, completed, cancelled, rejected

    /// Its place on the way from the tap to the glass; nil off that way.
    var step: Int? {
        switch self {
        case .pending: 0
        case .inProgress: 1
        case .ready: 2
        case .completed: 3
        case .cancelled, .rejected: nil
        }
    }

    /// Whether somebody is still waiting for the bar: what the limit of orders a guest counts.
    public var isActive: Bool { self == .pending || self == .inProgress }
}

/// Which drink was ordered: a version of a drink never changes, so id and version name it as it was.
public struct OrderedDrink: Equatable, Sendable {
    public let id: DrinkID
    public let version: Version
    public let name: String

    public init(id: DrinkID, version: Version, name: String) {
        self.id = id
        self.version = version
        self.name = name
    }
}

public struct OrderPlaced: Equatable, Sendable {
    public let id: OrderID
    public let ticket: Int64
    /// Whose it is; nil for one that staff placed by hand.
    public let guest: GuestID?
    /// Who it is for, where staff placed it by hand; nil once that person is forgotten.
    public let username: String?
    public let drink: OrderedDrink
    public let quantity: Int64
    public let note: String

    public init(
        id: OrderID, ticket: Int64, guest: GuestID?, username: String?, drink: OrderedDrink,
        quantity: Int64, note: String
    ) {
        self.id = id
        self.ticket = ticket
        self.guest = guest
        self.username = username
        self.drink = drink
        self.quantity = quantity
        self.note = note
    }
}

public struct OrderStatusChanged: Equatable, Sendable {
    public let id: OrderID
    public let from: OrderStatus
    public let to: OrderStatus
    public let reason: String?

    public init(id: OrderID, from: OrderStatus, to: OrderStatus, reason: String?) {
        self.id = id
        self.from = from
        self.to = to
        self.reason = reason
    }
}

public struct PlaceOrder: Equatable, Sendable {
    /// Nil where staff place it by hand.
    public var guest: GuestID?
    /// Who it is for, where staff place it by hand.
    public var username: String?
    public var quantity: Int64
    public var note: String

    public init(
        guest: GuestID?, username: String? = nil, quantity: Int64 = 1, note: String = ""
    ) {
        self.guest = guest
        self.username = username
        self.quantity = quantity
        self.note = note
    }
}

public struct ChangeOrderStatus: Equatable, Sendable {
    public var to: OrderStatus
    public var reason: String?
    /// Refuses the move when the order has left this status.
    public var expected: OrderStatus?

    public init(to: OrderStatus, reason: String? = nil, expected: OrderStatus? = nil) {
        self.to = to
        self.reason = reason
        self.expected = expected
    }
}
