internal import Domain
internal import EventStore
internal import JSON
internal import SQLite
internal import Wire

// API keys, how often they were used, and the keys that sign tokens.
extension CommandHandler {
    func issueKey(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let name = rules.text("name", work.body.text("name", &rules), 1...60)
        let plan = Plan(
            rawValue: work.body.text("plan", &rules, otherwise: Plan.public.rawValue))
        if plan == nil { rules.refuse("plan", "must be public, admin or unlimited") }
        try rules.check()
        guard let plan else { throw Refusal.invalid(rules.errors) }
        let issued = makeKey(name, plan, isWebKey: false)
        return stage(
            .apiKey(.issued(issued)), .noStream, log.stamp(now()),
            created: issued.id.description, work, &batch, document: document(issued))
    }

    private func makeKey(_ name: String, _ plan: Plan, isWebKey: Bool) -> APIKeyIssued {
        let id = APIKeyID(newID().1)
        let issued = APIKeyIssued(
            id: id, name: name, plan: plan, hash: vault.hash(ofKey: vault.apiKey(of: id)),
            isWebKey: isWebKey)
        state.access.keys[id] = KeyState(issued)
        return issued
    }

    func document(_ key: APIKeyIssued) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("id", key.id.description)
            json.member("name", key.name)
            json.member("plan", key.plan.rawValue)
            json.member("key", vault.apiKey(of: key.id))
        }
        return json.bytes
    }

    func disableKey(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard let id = APIKeyID(work.request.target), let key = state.access.keys[id] else {
            throw Refusal.notFound("key that is in use")
        }
        state.access.keys[id] = nil
        let outcome = stage(
            .apiKey(.disabled(id)), .exists, log.stamp(now()), changed: id.description, work,
            &batch)
        // The pages go on with the next.
        if key.isWebKey { issueWebKey(&batch) }
        return outcome
    }

    /// Ends every code and key that is not this master key's: whoever took the one before makes them as well.
    ///
    /// The pages get another key with it.
    func endWhatAnotherMasterKeyMade() throws(LogError) {
        let keys = state.access.keys.all.filter {
            $0.hash != vault.hash(ofKey: vault.apiKey(of: $0.id))
        }
        let codes = state.access.codes.all.filter {
            $0.hash != vault.hash(ofCode: vault.code(of: $0.id))
        }
        func end(_ route: CommandRoute, _ id: String) -> CommandRequest {
            CommandRequest(
                route: route, credential: .local(secret: vault.localKey, .system("keys")),
                target: id, body: Array("{}".utf8))
        }
        _ = try handle(
            keys.map { end(.disableKey, $0.id.description) }
                + codes.map { end(.revokeCode, $0.id.description) })
    }

    func issueWebKey(_ batch: inout Batch) {
        let issued = makeKey("web app", .public, isWebKey: true)
        let event = staged(.apiKey(.issued(issued)), .noStream, log.stamp(now()))
        let command = StagedCommand(
            id: event.id, actor: Caller.system("web").description, key: nil, events: [event],
            reply: [])
        _ = batch.add(command) { _ in .busy }
    }

    /// Counts of the front, added; the answer has all that are known.
    func reportUsage(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        var counts: [(key: String, requests: Int64)] = []
        if let given = work.body.object("counts", &rules) {
            for key in given.names.prefix(1_000) {
                let requests = given.integer(key, &rules, otherwise: 0, "must be a whole number")
                // Of ten seconds: nobody who speaks for the front shall overflow the sum.
                guard (1...1_000_000_000).contains(requests),
                    APIKeyID(key).flatMap({ state.access.keys[$0] }) != nil
                else { continue }
                counts.append((key, requests))
            }
        }
        try rules.check()
        try vault.usage.add(counts, at: now())
        var json = JSONWriter()
        json.object { json in
            for key in state.access.keys.all {
                guard let row = vault.usage.rows[key.id.description] else { continue }
                json.name(key.id.description)
                json.object {
                    $0.member("requests", row.requests)
                    $0.member("last_used_at", row.lastUsed.description)
                }
            }
        }
        return unchanged("usage", &batch, document: json.bytes)
    }

    func rotateSigning(_ batch: inout Batch) throws -> CommandOutcome {
        try vault.rotateSigning(at: now())
        return unchanged("token.json", &batch)
    }
}
