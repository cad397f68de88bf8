internal import Domain
internal import EventStore
internal import JSON
internal import Wire

// What each route decides: read the body, ask the domain, stage what it says.
extension CommandHandler {
    func decide(
        _ work: Work, _ batch: inout Batch
    ) throws -> CommandOutcome {
        switch work.request.route {
        case .createSection: try createSection(work, &batch)
        case .updateSection: try updateSection(work, &batch)
        case .deleteSection: try deleteSection(work, &batch)
        case .createDrink: try createDrink(work, &batch)
        case .updateDrink: try updateDrink(work, &batch)
        case .deleteDrink: try deleteDrink(work, &batch)
        case .markIngredient: try markIngredient(work, &batch)
        case .acceptOrders: try acceptOrders(work, &batch)
        case .changeSettings: try changeSettings(work, &batch)
        case .placeOrder: try placeOrder(work, &batch)
        case .placeOrderForGuest: try placeOrderForGuest(work, &batch)
        case .changeOrderStatus: try changeOrderStatus(work, &batch)
        case .cancelOrder: try cancelOrder(work, &batch)
        case .register: try register(work, &batch)
        case .signIn: try signIn(work, &batch)
        case .refresh: try refresh(work, &batch)
        case .signOut: try signOut(work, &batch)
        case .changePassword: try changePassword(work, &batch)
        case .issueCode: try issueCode(work, &batch)
        case .revokeCode: try revokeCode(work, &batch)
        case .revealCodes: revealCodes(&batch)
        case .joinCode: joinCode(&batch)
        case .issueKey: try issueKey(work, &batch)
        case .disableKey: try disableKey(work, &batch)
        case .addAccount: try addAccount(work, &batch)
        case .removeAccount: try removeAccount(work, &batch)
        case .setPassword: try setPassword(work, &batch)
        case .disableGuest: try disableGuest(work, &batch)
        case .forgetGuest: try forgetGuest(work, &batch)
        case .rotateSigning: try rotateSigning(&batch)
        case .reportUsage: try reportUsage(work, &batch)
        case .describeLog: try describeLog(work, &batch)
        case .grantUpload: try grantUpload(work, &batch)
        case .storeImage: try storeImage(work, &batch)
        }
    }

    /// A request whose body is an object, and its key if it has one.
    struct Work {
        let request: CommandRequest
        let body: RequestBody
        let key: CommandKey?
        let who: Identity
        let hashes: [PasswordTable.Entry]
        let image: ImageResult?

        /// Whose act the log will say it was.
        var caller: Caller { who.caller ?? .system("door") }
        var precondition: Precondition { Precondition(request.ifMatch) }
    }

    /// What a new thing is made under.
    func newID() -> (at: Time, UUID) {
        let at = log.stamp(now())
        return (at, UUID(version7At: at, random: .random(in: .min ... .max)))
    }

    /// So many microseconds later, to the millisecond: as an event says it, and so a replay.
    func end(of lifetime: Int64, from at: Time) -> Time {
        Time(microseconds: (at.microseconds + lifetime) / 1_000 * 1_000)
    }

    // MARK: Answer

    /// Puts one event into the batch.
    func stage(
        _ event: Event, _ expected: ExpectedVersion, _ at: Time, created: String? = nil,
        changed: String = "", _ work: Work, _ batch: inout Batch, document: [UInt8] = []
    ) -> CommandOutcome {
        stage(
            [staged(event, expected, at)],
            StoredReply(created: created != nil, id: created ?? changed),
            work, &batch, document: document)
    }

    /// `key` seals what is personal in it.
    func staged(
        _ event: Event, _ expected: ExpectedVersion, _ at: Time, under key: PersonKey? = nil
    ) -> StagedEvent {
        var new = EventCoding.encode(event, expecting: expected)
        if let key { new = Sealed.seal(new, under: key) }
        return StagedEvent(new, at: at, random: .random(in: .min ... .max))
    }

    func stage(
        _ events: [StagedEvent], _ reply: StoredReply, _ work: Work, _ batch: inout Batch,
        by actor: Caller? = nil, document: [UInt8] = []
    ) -> CommandOutcome {
        let command = StagedCommand(
            id: work.key?.id ?? events[0].id, actor: (actor ?? work.caller).description,
            key: work.key,
            events: events, reply: reply.bytes)
        return batch.add(command) { last in
            .accepted(
                .init(created: reply.created, id: reply.id, position: last, document: document))
        }
    }

    /// It is as asked already.
    ///
    /// Not stored: there is nothing to repeat.
    func unchanged(
        _ id: String, _ batch: inout Batch, document: [UInt8] = []
    ) -> CommandOutcome {
        .accepted(.init(created: false, id: id, position: batch.last, document: document))
    }

    /// What the same request was answered the first time, from the events it led to.
    func answerAgain(_ stored: StoredCommand) throws -> CommandOutcome {
        let reply = StoredReply(stored.reply)
        var document: [UInt8] = []
        switch try aggregates.event(at: stored.last) {
        case .order:
            if let id = OrderID(reply.id),
                let (order, _) = try aggregates.order(id, upTo: stored.last)
            {
                document = try self.document(order, queuePosition: reply.queuePosition)
            }
        case .ingredient(let change):
            var ingredient = Ingredient()
            ingredient.evolve(change)
            document = Self.document(reply.id, inStock: ingredient.inStock)
        case .settings(.changed(let settings)) where reply.id == "settings":
            document = Self.document(settings)
        case .bar, .settings: document = Self.document(try aggregates.bar(upTo: stored.last).0)
        case .guest(.registered(let guest)):
            // Whoever has left meanwhile gets no new tokens.
            guard state.access.guests[guest.id] != nil else { throw Refusal.wrongCode }
            document = tokens(of: guest, guest.username ?? "")
        case .code(.issued(let code)): document = self.document(CodeState(code))
        case .apiKey(.issued(let key)): document = self.document(key)
        case .section, .drink, .code, .guest, .account, .session, .apiKey, .image, .logRestored,
            nil:
            break
        }
        return .accepted(
            .init(
                created: reply.created, id: reply.id, position: stored.last, document: document))
    }
}
