internal import Domain
internal import EventStore
internal import JSON
internal import Wire

// What each route decides: read the body, ask the domain, stage what it says.
extension CommandHandler {
    func decide(
        _ request: CommandRequest, _ body: RequestBody, _ key: CommandKey?, _ batch: inout Batch
    ) throws -> CommandOutcome {
        let work = Work(request: request, body: body, key: key)
        return switch request.route {
        case .createSection: try createSection(work, &batch)
        case .createDrink: try createDrink(work, &batch)
        case .markIngredient: try markIngredient(work, &batch)
        case .acceptOrders: try acceptOrders(work, &batch)
        case .placeOrder: try placeOrder(work, &batch)
        case .changeOrderStatus: try changeOrderStatus(work, &batch)
        }
    }

    private struct Work {
        let request: CommandRequest
        let body: RequestBody
        let key: CommandKey?
    }

    private func createSection(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        try requireStaff(work.request.caller)
        var rules = FieldRules()
        let facts = Section.Facts(work.body, &rules)
        try rules.check()
        let at = log.stamp(now())
        let id = SectionID(UUID(version7At: at, random: .random(in: .min ... .max)))
        let event = try Section.create(facts, id: id)
        aggregates.insert(id)
        return stage(.section(event), .noStream, at, created: id.description, work, &batch)
    }

    private func createDrink(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        try requireStaff(work.request.caller)
        var rules = FieldRules()
        let facts = DrinkFacts(work.body, &rules)
        try rules.check()
        guard let facts else { throw Refusal.invalid(rules.errors) }
        let at = log.stamp(now())
        let id = DrinkID(UUID(version7At: at, random: .random(in: .min ... .max)))
        let event = try Drink.create(
            facts, id: id, sectionExists: try aggregates.hasSection(facts.sectionID))
        aggregates.insert(Drink(event))
        return stage(.drink(event), .noStream, at, created: id.description, work, &batch)
    }

    private func markIngredient(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        try requireStaff(work.request.caller)
        var rules = FieldRules()
        let inStock = work.body.requiredBool("in_stock", &rules)
        let name = rules.text("name", work.request.target, 1...100)
        try rules.check()
        let key = IngredientKey(name)
        let ingredient = Ingredient(inStock: !state.outOfStock.contains(key))
        let document = Self.document(name, inStock: inStock)
        guard let event = try ingredient.mark(name, inStock: inStock) else {
            return unchanged(name, &batch, document: document)
        }
        state.mark(key, inStock: inStock)
        return stage(
            .ingredient(event), .any, log.stamp(now()), changed: name, work, &batch,
            document: document)
    }

    private func acceptOrders(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        try requireStaff(work.request.caller)
        var rules = FieldRules()
        let accepting = work.body.requiredBool("accepting_orders", &rules)
        let message = work.body.optionalText("message", &rules)
        try rules.check()
        var (bar, version) = try aggregates.theBar()
        let event = try bar.accept(accepting, message: message)
        if let event { bar.evolve(event) }
        let document = Self.document(bar)
        guard let event else { return unchanged("bar", &batch, document: document) }
        aggregates.set(bar, version.next)
        return stage(
            .bar(event), .exactly(version), log.stamp(now()), changed: "bar", work, &batch,
            document: document)
    }

    private func placeOrder(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard case .guest(let guest) = work.request.caller else { throw Refusal.notAllowed }
        var rules = FieldRules()
        let name = rules.text("X-Guest", guest, 1...100)
        if name != guest { rules.refuse("X-Guest", "must not begin or end with white space") }
        var command = PlaceOrder(guest: name)
        command.quantity = work.body.integer(
            "quantity", &rules, otherwise: 1, "must be a whole number from 1 to 10")
        command.note = work.body.text("note", &rules)
        let drinkID = DrinkID(work.body.text("drink_id", &rules))
        try rules.check()
        let at = log.stamp(now())
        let tickets = state.tickets.next(at: at, utcOffsetSeconds: utcOffsetSeconds(at))
        let id = OrderID(UUID(version7At: at, random: .random(in: .min ... .max)))
        let placed = try Order.place(
            command, drink: try drinkID.flatMap { try aggregates.drink($0) },
            out: state.outOfStock, bar: try aggregates.theBar().0,
            activeOrders: state.activeOrders(of: name), limit: maxActiveOrders, id: id,
            ticket: tickets.last)
        let order = Order(placed, at: at, by: work.request.caller)
        state.setTickets(tickets)
        state.addActiveOrders(1, of: name)
        aggregates.set(order, Version(1))
        return stage(
            .order(.placed(placed)), .noStream, at, created: id.description, work, &batch,
            document: Self.document(order))
    }

    private func changeOrderStatus(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let command = ChangeOrderStatus(work.body, &rules)
        try rules.check()
        guard let command else { throw Refusal.invalid(rules.errors) }
        guard let id = OrderID(work.request.target), let found = try aggregates.order(id)
        else { throw Refusal.notFound("order") }
        var (order, version) = found
        guard let change = try order.change(command, by: work.request.caller) else {
            return unchanged(id.description, &batch, document: Self.document(order))
        }
        let at = log.stamp(now())
        let wasActive = order.status.isActive
        order.evolve(change, at: at, by: work.request.caller)
        let difference = (order.status.isActive ? 1 : 0) - (wasActive ? 1 : 0)
        state.addActiveOrders(difference, of: order.guest)
        aggregates.set(order, version.next)
        return stage(
            .order(.statusChanged(change)), .exactly(version), at, changed: id.description, work,
            &batch, document: Self.document(order))
    }

    private func requireStaff(_ caller: Caller) throws(Refusal) {
        if case .guest = caller { throw .notAllowed }
    }

    // MARK: Answer

    private func stage(
        _ event: Event, _ expected: ExpectedVersion, _ at: Time, created: String? = nil,
        changed: String = "", _ work: Work, _ batch: inout Batch, document: [UInt8] = []
    ) -> CommandOutcome {
        let reply = StoredReply(created: created != nil, id: created ?? changed)
        let staged = StagedEvent(
            EventCoding.encode(event, expecting: expected), at: at,
            random: .random(in: .min ... .max))
        let command = StagedCommand(
            id: work.key?.id ?? staged.id, actor: work.request.caller.description, key: work.key,
            events: [staged], reply: reply.bytes)
        return batch.add(command) { last in
            .accepted(
                .init(created: reply.created, id: reply.id, position: last, document: document))
        }
    }

    /// It is as asked already.
    ///
    /// Not stored: there is nothing to repeat.
    private func unchanged(
        _ id: String, _ batch: inout Batch, document: [UInt8] = []
    ) -> CommandOutcome {
        .accepted(.init(created: false, id: id, position: batch.last, document: document))
    }

    /// What the same request was answered the first time, from the events it led to.
    func answerAgain(_ stored: StoredCommand) throws(LogError) -> CommandOutcome {
        let reply = StoredReply(stored.reply)
        var document: [UInt8] = []
        switch try aggregates.event(at: stored.last) {
        case .order:
            if let id = OrderID(reply.id),
                let (order, _) = try aggregates.order(id, upTo: stored.last)
            {
                document = Self.document(order)
            }
        case .ingredient(let change):
            var ingredient = Ingredient()
            ingredient.evolve(change)
            document = Self.document(reply.id, inStock: ingredient.inStock)
        case .bar(let change):
            var bar = Bar()
            bar.evolve(change)
            document = Self.document(bar)
        case .section, .drink, nil: break
        }
        return .accepted(
            .init(
                created: reply.created, id: reply.id, position: stored.last, document: document))
    }

    private static func document(_ ingredient: String, inStock: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("name", ingredient)
            json.member("in_stock", inStock)
        }
        return json.bytes
    }

    private static func document(_ bar: Bar) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("accepting_orders", bar.acceptingOrders)
            json.member("message", orNull: bar.message)
        }
        return json.bytes
    }

    private static func document(_ order: Order) -> [UInt8] {
        var json = JSONWriter(reserving: 640)
        OrderDocument(order).write(into: &json)
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
