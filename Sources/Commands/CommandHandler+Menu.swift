internal import Domain
internal import EventStore
internal import SQLite
internal import Wire

// Sections and drinks. Their documents come from the menu's read model once it shows the change.
extension CommandHandler {
    func createSection(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        let (at, uuid) = newID()
        let id = SectionID(uuid)
        var rules = FieldRules()
        var facts = Section.Facts(name: "")
        facts.read(work.body, &rules)
        let event = try rules.together { () throws(Refusal) in
            try Section.create(facts, id: id)
        }
        if case .created(_, let facts) = event {
            aggregates.set(Section(id: id, facts), Version(1))
        }
        return stage(.section(event), .noStream, at, created: id.description, work, &batch)
    }

    func updateSection(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var (section, version) = try section(work)
        var rules = FieldRules()
        var facts = section.facts
        facts.read(work.body, &rules)
        let present = section
        let event = try rules.together { () throws(Refusal) in try present.update(facts) }
        guard let event else { return unchanged(section.id.description, &batch) }
        section.evolve(event)
        return stage(section, version, event, work, &batch)
    }

    func deleteSection(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var (section, version) = try section(work)
        let id = section.id
        let count = try log.query { connection throws(SQLiteError) in
            try state.drinkCount(in: id, connection)
        }
        let event = try section.delete(drinks: count)
        section.evolve(event)
        return stage(section, version, event, work, &batch)
    }

    private func section(_ work: Work) throws -> (Section, Version) {
        guard let id = SectionID(work.request.target), let found = try aggregates.section(id),
            !found.0.isDeleted
        else { throw Refusal.notFound("section") }
        try work.precondition.check(found.1)
        return found
    }

    private func stage(
        _ section: Section, _ version: Version, _ event: Section.Event, _ work: Work,
        _ batch: inout Batch
    ) -> CommandOutcome {
        aggregates.set(section, version.next)
        return stage(
            .section(event), .exactly(version), log.stamp(now()), changed: section.id.description,
            work, &batch)
    }

    func createDrink(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        let (at, uuid) = newID()
        let id = DrinkID(uuid)
        var rules = FieldRules()
        // No section has this id: a body that names none is told so.
        var facts = DrinkFacts(sectionID: SectionID(UUID(high: 0, low: 0)), name: "")
        facts.read(work.body, &rules)
        let sectionExists = try aggregates.hasSection(facts.sectionID)
        let image = try image(work.body, of: nil, &rules)
        let created = try rules.together { () throws(Refusal) in
            try Drink.create(facts, id: id, sectionExists: sectionExists)
        }
        if case .created(_, let checked) = created { facts = checked }
        var drink = Drink(id: id, facts)
        var events = [staged(.drink(created), .noStream, at)]
        var version = Version(1)
        aggregates.set(drink, version)
        if let shown = try drink.show(image) {
            drink.evolve(shown)
            events.append(staged(.drink(shown), .exactly(version), log.stamp(now())))
            version = version.next
            aggregates.set(drink, version)
        }
        state.move(id, to: facts.sectionID)
        return stage(events, StoredReply(created: true, id: id.description), work, &batch)
    }

    func updateDrink(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var (drink, version) = try drink(work)
        var rules = FieldRules()
        var facts = drink.facts
        facts.read(work.body, &rules)
        let present = drink
        let sectionExists = try aggregates.hasSection(facts.sectionID)
        let image = try image(work.body, of: drink, &rules)
        let updated = try rules.together { () throws(Refusal) in
            try present.update(facts, sectionExists: sectionExists)
        }
        let shown = try drink.show(image)
        var events: [StagedEvent] = []
        for event in [updated, shown].compactMap({ $0 }) {
            events.append(staged(.drink(event), .exactly(version), log.stamp(now())))
            drink.evolve(event)
            version = version.next
            aggregates.set(drink, version)
        }
        guard !events.isEmpty else { return unchanged(drink.id.description, &batch) }
        state.move(drink.id, to: drink.facts.sectionID)
        return stage(
            events, StoredReply(created: false, id: drink.id.description), work, &batch)
    }

    /// The photo that a body asks for: what it does not name stays as it is, and `null` takes it off.
    ///
    /// Only photos of this bar: a picture from elsewhere would tell its server who reads the menu.
    private func image(
        _ body: RequestBody, of drink: Drink?, _ rules: inout FieldRules
    ) throws(LogError) -> ImageName? {
        if body.isNull("image_url") { return nil }
        guard let url = body.optionalText("image_url", &rules) else { return drink?.image }
        if let image = drink?.image, image.url == url { return image }
        guard let name = ImageName(url: url), try aggregates.hasImage(name) else {
            rules.refuse("image_url", "names no photo that was uploaded here")
            return nil
        }
        return name
    }

    func deleteDrink(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var (drink, version) = try drink(work)
        let event = try drink.delete()
        drink.evolve(event)
        state.move(drink.id, to: nil)
        return stage(drink, version, event, work, &batch)
    }

    private func drink(_ work: Work) throws -> (Drink, Version) {
        guard let id = DrinkID(work.request.target), let found = try aggregates.drink(id),
            !found.drink.isDeleted
        else { throw Refusal.notFound("drink") }
        try work.precondition.check(found.version)
        return found
    }

    private func stage(
        _ drink: Drink, _ version: Version, _ event: Drink.Event, _ work: Work,
        _ batch: inout Batch
    ) -> CommandOutcome {
        aggregates.set(drink, version.next)
        return stage(
            .drink(event), .exactly(version), log.stamp(now()), changed: drink.id.description, work,
            &batch)
    }
}
