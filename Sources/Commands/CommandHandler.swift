internal import Crypto
public import Domain
public import EventStore
internal import JSON
internal import SQLite
public import Wire

/// Decides commands and writes what they lead to: many at a time, one COMMIT.
///
/// Each is decided first, against the state that the ones before it leave; then all are written. If
/// the write fails, nothing of the batch has happened: memory is thrown away, and the commands are
/// decided and written again one by one, so that a single bad one refuses itself alone.
public final class CommandHandler {
    /// Read by the loop around it: where the log ends, whether it is damaged.
    public let log: LogWriter

    private let maxActiveOrders: Int
    private let now: () -> Time
    private let utcOffsetSeconds: (Time) -> Int
    private let hash = SHA256()
    private var state: StateTables
    private var aggregates: Aggregates

    /// Reads the state that stands beside the log.
    ///
    /// `maxActiveOrders` are orders that a guest may have waiting at a time; 0 for no limit. `utcOffsetSeconds` is the bar's local time minus UTC, for the tickets' day.
    /// - Throws: ``LogError/sqlite(_:)``.
    public init(
        log: LogWriter, maxActiveOrders: Int, now: @escaping () -> Time,
        utcOffsetSeconds: @escaping (Time) -> Int
    ) throws(LogError) {
        self.log = log
        self.maxActiveOrders = maxActiveOrders
        self.now = now
        self.utcOffsetSeconds = utcOffsetSeconds
        state = try Self.loadState(log)
        aggregates = Aggregates(reader: log.reader)
    }

    /// The tables that stand beside the log, made with it.
    public static let stateSchema = StateTables.schema

    private static func loadState(_ log: LogWriter) throws(LogError) -> StateTables {
        do throws(SQLiteError) {
            return try log.query { connection throws(SQLiteError) in
                try StateTables(from: connection)
            }
        } catch {
            throw .sqlite(error)
        }
    }

    /// Carries out requests in order; the answers stand in the same order.
    ///
    /// - Throws: only what makes it unsafe to go on: a disk that fails to write or sync. Nothing may
    ///   be acknowledged then; the process ends and opens the log anew.
    public func handle(_ requests: [CommandRequest]) throws(LogError) -> [CommandOutcome] {
        var batch = Batch(after: log.head.position)
        var outcomes: [CommandOutcome] = []
        outcomes.reserveCapacity(requests.count)
        for request in requests { outcomes.append(decide(request, &batch)) }
        guard !batch.staged.isEmpty else { return outcomes }
        do throws(LogError) {
            try log.commit(batch.staged) { connection throws(SQLiteError) in
                try state.write(to: connection)
            }
            state.written()
            aggregates.written()
            return outcomes
        } catch {
            return try recover(from: error, requests)
        }
    }

    private func recover(
        from error: LogError, _ requests: [CommandRequest]
    ) throws(LogError) -> [CommandOutcome] {
        if case .sqlite(let reason) = error, reason.isBrokenDisk { throw error }
        state = try Self.loadState(log)
        aggregates = Aggregates(reader: log.reader)
        if requests.count == 1 { return [Self.outcome(of: error)] }
        var outcomes: [CommandOutcome] = []
        for request in requests { outcomes += try handle([request]) }
        return outcomes
    }

    private static func outcome(of error: LogError) -> CommandOutcome {
        switch error {
        case .sqlite(let reason) where reason.isDiskFull: .storageFull
        case .damaged(let position, _): .logDamaged(at: position)
        case .sqlite, .newerFormat, .conflict, .notInCatalogue, .undecodable, .missing:
            .failed(error.description)
        }
    }

    // MARK: Decide

    private func decide(_ request: CommandRequest, _ batch: inout Batch) -> CommandOutcome {
        do {
            if let damage = log.damage { return Self.outcome(of: damage) }
            let key = try request.key.map { try commandKey($0, of: request) }
            if let key {
                if let outcome = batch.repeated(key) { return outcome }
                if let stored = try log.command(key.id, at: now()) {
                    guard stored.fingerprint == key.fingerprint else {
                        return .refused(.keyReused)
                    }
                    return try answerAgain(stored, to: request)
                }
            }
            let body = try JSONValue(parsing: request.body)
            guard let object = body.object else {
                return .malformed("the body must be a JSON object")
            }
            return try decide(request, RequestBody(object), key, &batch)
        } catch let refusal as Refusal {
            return .refused(refusal)
        } catch let error as JSONError {
            return .malformed("the body is not JSON: \(error)")
        } catch let error as LogError {
            return Self.outcome(of: error)
        } catch {
            return .failed("\(error)")
        }
    }

    private func decide(
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
        try rules.check()
        let name = work.request.target
        let key = IngredientKey(name)
        let ingredient = Ingredient(inStock: !state.outOfStock.contains(key))
        let document = Self.document { json in
            json.member("name", name)
            json.member("in_stock", inStock)
        }
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
        let document = Self.document { json in
            json.member("accepting_orders", bar.acceptingOrders)
            json.member("message", orNull: bar.message)
        }
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

    private func answerAgain(
        _ stored: StoredCommand, to request: CommandRequest
    ) throws(LogError) -> CommandOutcome {
        let reply = StoredReply(stored.reply)
        var document: [UInt8] = []
        if request.route == .placeOrder || request.route == .changeOrderStatus,
            let id = OrderID(reply.id),
            let (order, _) = try aggregates.order(id, upTo: stored.last)
        {
            document = Self.document(order)
        }
        return .accepted(
            .init(
                created: reply.created, id: reply.id, position: stored.last, document: document))
    }

    private static func document(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(members)
        return json.bytes
    }

    private static func document(_ order: Order) -> [UInt8] {
        var json = JSONWriter(reserving: 640)
        OrderDocument(order).write(into: &json)
        return json.bytes
    }

    // MARK: Keys

    /// 16 bytes over who asked for what under which key, 16 over what exactly they asked.
    private func commandKey(
        _ key: String, of request: CommandRequest
    ) throws(Refusal) -> CommandKey {
        guard (1...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalid([FieldError("Idempotency-Key", "must be 1 to 255 visible characters")])
        }
        var bytes: [UInt8] = []
        for part in [request.caller.description, request.route.text, key] {
            bytes.append(contentsOf: "\(part.utf8.count):".utf8)
            bytes.append(contentsOf: part.utf8)
        }
        let id = hash.digest(of: bytes).bytes
        let print = hash.digest(of: Array(request.target.utf8) + [0] + request.body).bytes
        guard let uuid = UUID(bytes: Array(id[..<16])) else {
            preconditionFailure("16 bytes make an id")
        }
        return CommandKey(id: uuid, fingerprint: Array(print[..<16]))
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
