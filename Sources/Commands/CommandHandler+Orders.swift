internal import Domain
internal import EventStore
internal import JSON
internal import SQLite
internal import Wire

// Orders: placing and moving them.
extension CommandHandler {
    func placeOrder(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard case .guest(let id) = work.caller else { throw Refusal.notAllowed }
        return try place(work, guest: id, &batch)
    }

    /// By hand, for a guest without a phone.
    func placeOrderForGuest(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let name = Guest.name("guest_name", work.body.text("guest_name", &rules), &rules)
        try rules.check()
        return try place(work, guest: nil, name: name, &batch)
    }

    private func place(
        _ work: Work, guest: GuestID?, name: String? = nil, _ batch: inout Batch
    ) throws -> CommandOutcome {
        var rules = FieldRules()
        var command = PlaceOrder(guest: guest, username: name)
        command.quantity = work.body.integer(
            "quantity", &rules, otherwise: 1, "must be a whole number from 1 to 10")
        command.note = work.body.text("note", &rules)
        let drinkID = DrinkID(work.body.text("drink_id", &rules))
        try rules.check()
        let (at, uuid) = newID()
        let id = OrderID(uuid)
        let tickets = state.tickets.next(at: at, utcOffsetSeconds: utcOffsetSeconds(at))
        let limit = try aggregates.theSettings().0.maxActiveOrders.map { Int($0) }
        let placed = try Order.place(
            command, drink: try drinkID.flatMap { try aggregates.drink($0) },
            out: state.outOfStock, bar: try aggregates.theBar().0,
            activeOrders: state.activeOrders(of: guest), limit: limit ?? maxActiveOrders, id: id,
            ticket: tickets.last, by: work.caller)
        let order = Order(placed, at: at, by: work.caller)
        let key = placed.isPersonal ? try personKey(guest?.uuid ?? uuid) : nil
        let username = try username(of: order)
        state.setTickets(tickets)
        state.addActiveOrders(1, of: guest)
        aggregates.set(order, Version(1))
        // The last of all that wait, as its position is the highest.
        let last = Int64(state.waitingOrders)
        let queuePosition = last <= Order.longestQueue ? last : nil
        return stage(
            [staged(.order(.placed(placed)), .noStream, at, under: key)],
            StoredReply(created: true, id: id.description, queuePosition: queuePosition), work,
            &batch, document: try document(order, username, queuePosition))
    }

    /// The key that seals what is personal to a guest, or to whoever an order by hand is for.
    private func personKey(_ id: UUID) throws(SQLiteError) -> PersonKey {
        if let key = vault.people.key(id) { return key }
        return try vault.people.add(id)
    }

    /// Who an order is for; empty once they are forgotten.
    private func username(of order: Order) throws(LogError) -> String {
        if let guest = order.guest { return try aggregates.guest(guest)?.name ?? "" }
        return order.username ?? ""
    }

    func changeOrderStatus(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let command = ChangeOrderStatus(work.body, &rules)
        try rules.check()
        guard let command else { throw Refusal.invalid(rules.errors) }
        return try change(work, command, &batch)
    }

    /// The guest's own way back, while nobody has begun.
    func cancelOrder(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard case .guest = work.caller else { throw Refusal.notAllowed }
        return try change(work, ChangeOrderStatus(to: .cancelled), &batch)
    }

    private func change(
        _ work: Work, _ command: ChangeOrderStatus, _ batch: inout Batch
    ) throws -> CommandOutcome {
        guard let id = OrderID(work.request.target), let found = try aggregates.order(id)
        else { throw Refusal.notFound("order") }
        var (order, version) = found
        guard let change = try order.change(command, by: work.caller) else {
            return unchanged(id.description, &batch, document: try document(order))
        }
        let username = try username(of: order)
        let at = log.stamp(now())
        let wasActive = order.status.isActive
        order.evolve(change, at: at, by: work.caller)
        let difference = (order.status.isActive ? 1 : 0) - (wasActive ? 1 : 0)
        state.addActiveOrders(difference, of: order.guest)
        aggregates.set(order, version.next)
        return stage(
            .order(.statusChanged(change)), .exactly(version), at, changed: id.description, work,
            &batch, document: try document(order, username, nil))
    }

    func document(_ order: Order, queuePosition: Int64? = nil) throws(LogError) -> [UInt8] {
        try document(order, try username(of: order), queuePosition)
    }

    private func document(
        _ order: Order, _ username: String, _ queuePosition: Int64?
    ) throws(LogError) -> [UInt8] {
        var json = JSONWriter(reserving: 640)
        var document = OrderDocument(
            order, username: username, imageURL: try aggregates.imageURL(of: order.drink))
        document.queuePosition = queuePosition
        document.write(into: &json)
        return json.bytes
    }
}

extension ChangeOrderStatus {
    /// Nil when `status` is missing or unknown.
    fileprivate init?(_ body: RequestBody, _ rules: inout FieldRules) {
        let names = OrderStatus.allCases.map(\.rawValue).joined(separator: ", ")
        let status = OrderStatus(rawValue: body.text("status", &rules))
        if status == nil { rules.refuse("status", "must be one of \(names)") }
        let reason = body.optionalText("reason", &rules)
        var expected: OrderStatus?
        if let text = body.optionalText("expected_status", &rules) {
            expected = OrderStatus(rawValue: text)
            if expected == nil { rules.refuse("expected_status", "must be one of \(names)") }
        }
        guard let status else { return nil }
        self.init(to: status, reason: reason, expected: expected)
    }
}

extension OrderPlaced {
    /// Whether it holds anything that is sealed.
    fileprivate var isPersonal: Bool { username != nil || !note.isEmpty }
}
