internal import Domain
internal import EventStore
internal import JSON
internal import Wire

// The shelf, the bar and its settings.
extension CommandHandler {
    func markIngredient(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
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

    func acceptOrders(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let accepting = work.body.requiredBool("accepting_orders", &rules)
        let message = work.body.optionalText("message", &rules)
        let name = work.body.optionalText("name", &rules)
        try rules.check()
        var (bar, version) = try aggregates.theBar()
        var (settings, settingsVersion) = try aggregates.theSettings()
        var wanted = settings
        if let name { wanted.name = name }
        let opening = try bar.accept(accepting, message: message)
        let naming = try settings.change(to: wanted)
        var events: [StagedEvent] = []
        if let opening {
            bar.evolve(opening)
            events.append(staged(.bar(opening), .exactly(version), log.stamp(now())))
            aggregates.set(bar, version.next)
        }
        if let naming {
            settings.evolve(naming)
            events.append(staged(.settings(naming), .exactly(settingsVersion), log.stamp(now())))
            aggregates.set(settings, settingsVersion.next)
        }
        let document = Self.document(bar)
        guard !events.isEmpty else { return unchanged("bar", &batch, document: document) }
        return stage(
            events, StoredReply(created: false, id: "bar"), work, &batch, document: document)
    }

    func changeSettings(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var (settings, version) = try aggregates.theSettings()
        try work.precondition.check(version)
        var rules = FieldRules()
        var wanted = settings
        wanted.read(work.body, &rules)
        try rules.check()
        guard let event = try settings.change(to: wanted) else {
            return unchanged("settings", &batch, document: Self.document(settings))
        }
        settings.evolve(event)
        aggregates.set(settings, version.next)
        return stage(
            .settings(event), .exactly(version), log.stamp(now()), changed: "settings", work,
            &batch, document: Self.document(settings))
    }

    // MARK: Documents

    static func document(_ ingredient: String, inStock: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("name", ingredient)
            json.member("in_stock", inStock)
        }
        return json.bytes
    }

    static func document(_ bar: Bar) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("accepting_orders", bar.acceptingOrders)
            json.member("message", orNull: bar.message)
        }
        return json.bytes
    }

    static func document(_ settings: Settings) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("name", settings.name)
            json.member("show_recipes", settings.showRecipes)
            json.member("max_active_orders", orNull: settings.maxActiveOrders)
            json.member("wait_minutes", settings.waitMinutes)
            json.member("late_minutes", settings.lateMinutes)
        }
        return json.bytes
    }
}

extension Settings {
    mutating func read(_ body: RequestBody, _ rules: inout FieldRules) {
        name = body.text("name", &rules, otherwise: name)
        showRecipes = body.bool("show_recipes", &rules, otherwise: showRecipes)
        if body.isNull("max_active_orders") {
            maxActiveOrders = nil
        } else if body.has("max_active_orders") {
            maxActiveOrders = body.integer(
                "max_active_orders", &rules, otherwise: 0, "must be a whole number from 0 to 1000")
        }
        let minutes = "must be a whole number from 1 to 120"
        waitMinutes = body.integer("wait_minutes", &rules, otherwise: waitMinutes, minutes)
        lateMinutes = body.integer("late_minutes", &rules, otherwise: lateMinutes, minutes)
    }
}
