internal import Domain
internal import EventStore
internal import JSON
internal import SQLite
internal import System
internal import Wire

// The door: codes, and guests who come in with them.
extension CommandHandler {
    func register(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard case .code(let typed) = work.request.credential,
            var code = state.access.code(vault.hash(ofCode: typed), at: now())
        else { throw Refusal.wrongCode }
        var rules = FieldRules()
        let name = Guest.name("username", work.body.text("username", &rules), &rules)
        try rules.check()
        let nameHash = vault.nameHash(name)
        guard !state.access.isTaken(nameHash: nameHash, at: now()) else { throw Refusal.nameTaken }
        let (at, uuid) = newID()
        let registered = GuestRegistered(
            id: GuestID(uuid), code: code.id, session: SessionID(newID().1), username: name,
            expires: end(of: Session.guestLifetime, from: at))
        let key = try vault.people.add(uuid)
        code.used += 1
        let isUsedUp = code.used >= code.maxUses
        state.access.codes[code.id] = isUsedUp ? nil : code
        state.access.guests[registered.id] = GuestState(registered, nameHash: nameHash)
        let outcome = stage(
            [staged(.guest(.registered(registered)), .noStream, at, under: key)],
            StoredReply(created: true, id: registered.id.description), work, &batch,
            by: .guest(registered.id), document: tokens(of: registered, name))
        if isUsedUp, code.isJoinCode { _ = issueJoinCode(&batch) }
        return outcome
    }

    func tokens(of guest: GuestRegistered, _ name: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("user_key", guest.id.description)
            json.member("username", name)
            writeTokens(
                subject: guest.id.description, role: .guest, guest.session, name, into: &json)
        }
        return json.bytes
    }

    func disableGuest(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard let id = GuestID(work.request.target),
            try aggregates.guest(id) != nil
        else { throw Refusal.notFound("guest") }
        guard state.access.guests[id] != nil else { return unchanged(id.description, &batch) }
        state.access.guests[id] = nil
        return stage(
            .guest(.disabled(id)), .exists, log.stamp(now()), changed: id.description,
            work, &batch)
    }

    /// Puts a guest out for good: name and notes go too, from the log by the key that they are sealed under.
    ///
    /// The event first, so that every read model forgets them; the key once it is on the disk.
    func forgetGuest(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard let id = GuestID(work.request.target), try aggregates.guest(id) != nil else {
            throw Refusal.notFound("guest")
        }
        guard vault.people.key(id.uuid) != nil else { return unchanged(id.description, &batch) }
        state.access.guests[id] = nil
        state.access.forgotten[id] = ForgottenState(id)
        return stage(
            .guest(.forgotten(id)), .exists, log.stamp(now()), changed: id.description, work,
            &batch)
    }

    /// Destroys the keys of guests whose forgetting is in the log, also of those whom a stop in between has left.
    func destroyKeys() {
        for guest in state.access.forgotten.all.map(\.id) {
            aggregates.forget(guest)
            do throws(SQLiteError) {
                _ = try vault.people.forget(guest.uuid)
                // Written with the next change; done again until then, which does no harm.
                state.access.forgotten[guest] = nil
            } catch {
                Standard.log("barback commands: a forgotten guest's key is still there: \(error)")
            }
        }
    }

    /// Removes keys whose event never came.
    ///
    /// A key is written before it; only the newest can be such.
    func sweepKeys() throws(SQLiteError) {
        for id in try vault.people.newest(100) {
            let streams = [
                EventCoding.stream(of: GuestID(id)), EventCoding.stream(of: OrderID(id)),
            ]
            var isUsed = false
            for stream in streams where !isUsed {
                isUsed = try !log.reader.read(stream: stream).isEmpty
            }
            if !isUsed { _ = try vault.people.forget(id) }
        }
    }

    // MARK: Codes

    func issueCode(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let hours = work.body.integer(
            "expires_in_hours", &rules, otherwise: 24, "must be a whole number from 1 to 168")
        let uses = work.body.integer(
            "max_uses", &rules, otherwise: 1, "must be a whole number from 1 to 25")
        if !RegistrationCode.hours.contains(hours) {
            rules.refuse("expires_in_hours", "must be a whole number from 1 to 168")
        }
        if !RegistrationCode.uses.contains(uses) {
            rules.refuse("max_uses", "must be a whole number from 1 to 25")
        }
        let notes = rules.text("notes", work.body.text("notes", &rules), 0...200, lines: true)
        try rules.check()
        let issued = makeCode(hours: hours, uses: uses, notes: notes, isJoinCode: false)
        return stage(
            .code(.issued(issued)), .noStream, log.stamp(now()), created: issued.id.description,
            work, &batch, document: document(CodeState(issued)))
    }

    private func makeCode(
        hours: Int64, uses: Int64, notes: String, isJoinCode: Bool
    ) -> RegistrationCodeIssued {
        let (at, uuid) = newID()
        let id = CodeID(uuid)
        let issued = RegistrationCodeIssued(
            id: id, hash: vault.hash(ofCode: vault.code(of: id)),
            expires: end(of: hours * 3_600_000_000, from: at), maxUses: uses,
            notes: notes, isJoinCode: isJoinCode)
        state.access.codes[id] = CodeState(issued)
        return issued
    }

    /// By its id, or by the code itself.
    func revokeCode(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        let target = work.request.target
        let found =
            CodeID(target).flatMap { state.access.codes[$0] }
            ?? state.access.codes.all.first { $0.hash == vault.hash(ofCode: target) }
        guard let code = found else { throw Refusal.notFound("code that is in use") }
        state.access.codes[code.id] = nil
        return stage(
            .code(.revoked(code.id)), .exists, log.stamp(now()), changed: code.id.description,
            work, &batch)
    }

    func revealCodes(_ batch: inout Batch) -> CommandOutcome {
        var json = JSONWriter()
        let codes = state.access.codes.all
            .filter { $0.hash == vault.hash(ofCode: vault.code(of: $0.id)) }
            .sorted { $0.id.description < $1.id.description }
        json.array { json in
            for code in codes.suffix(300) { json.verbatim(document(code)) }
        }
        return unchanged("codes", &batch, document: json.bytes)
    }

    /// The code at the door; where it is used up, over or revoked, the next.
    func joinCode(_ batch: inout Batch) -> CommandOutcome {
        // One that another master key has made would be shown wrong.
        if let code = state.access.joinCode(at: now()),
            code.hash == vault.hash(ofCode: vault.code(of: code.id))
        {
            return unchanged(code.id.description, &batch, document: document(code))
        }
        return issueJoinCode(&batch)
    }

    private func issueJoinCode(_ batch: inout Batch) -> CommandOutcome {
        let issued = makeCode(
            hours: RegistrationCode.hours.upperBound, uses: RegistrationCode.uses.upperBound,
            notes: "", isJoinCode: true)
        let event = staged(.code(.issued(issued)), .noStream, log.stamp(now()))
        let command = StagedCommand(
            id: event.id, actor: Caller.system("door").description, key: nil, events: [event],
            reply: [])
        let document = document(CodeState(issued))
        return batch.add(command) { last in
            .accepted(
                .init(
                    created: false, id: issued.id.description, position: last, document: document))
        }
    }

    func document(_ state: CodeState) -> [UInt8] {
        let code = vault.code(of: state.id)
        var json = JSONWriter()
        json.object { json in
            json.member("id", state.id.description)
            json.member("code", code)
            json.member("registration_url", "\(baseURL)/join/\(code)")
            json.member("expires_at", state.expires.description)
            json.member("max_uses", state.maxUses)
            json.member("used", state.used)
            json.member("notes", state.notes)
        }
        return json.bytes
    }
}
