internal import Domain
internal import EventStore
internal import SQLite

/// The things that commands decide about, folded from their streams.
///
/// Changes of a batch are visible to its later commands before they are committed; when the COMMIT
/// fails the whole of it is thrown away.
struct Aggregates {
    private let reader: LogReader
    private let people: People
    private var drinks: [DrinkID: (Drink, Version)] = [:]
    /// From which version on each of them is shown with which photo; nil for none.
    private var images: [DrinkID: [(from: Version, url: String?)]] = [:]
    private var sections: [SectionID: (Section, Version)] = [:]
    private var bar: (Bar, Version)?
    private var settings: (Settings, Version)?
    private var ordersOfBatch: [OrderID: (Order, Version)] = [:]

    private var guests: [GuestID: (version: Version, name: String)] = [:]

    init(reader: LogReader, people: People) {
        self.reader = reader
        self.people = people
    }

    /// Drinks are few and every order needs one; a menu of thousands is not kept whole.
    static let mostKept = 2_000

    mutating func drink(_ id: DrinkID) throws(LogError) -> (drink: Drink, version: Version)? {
        if let known = drinks[id] { return known }
        var found: (Drink, Version)?
        var shown: [(Version, String?)] = []
        for event in try events(EventCoding.stream(of: id)) {
            guard case .drink(let change) = try event.decoded(with: people) else { continue }
            if case .created(let id, let facts) = change { found = (Drink(id: id, facts), .none) }
            let before = found?.0.image
            found?.0.evolve(change)
            found?.1 = event.version
            if found?.0.image != before { shown.append((event.version, found?.0.image?.url)) }
        }
        if let found { drinks[id] = found }
        images[id] = shown
        return found
    }

    /// Where the photo is shown that a drink had when it was ordered.
    mutating func imageURL(of ordered: OrderedDrink) throws(LogError) -> String? {
        _ = try drink(ordered.id)
        return images[ordered.id]?.last { $0.from <= ordered.version }?.url
    }

    /// Whether a photo of this id was uploaded, under whatever name.
    func hasImage(_ id: ImageID) throws(LogError) -> Bool {
        try !events(EventCoding.stream(of: id)).isEmpty
    }

    /// Whether this very photo was uploaded.
    func hasImage(_ name: ImageName) throws(LogError) -> Bool {
        for event in try events(EventCoding.stream(of: name.id)) {
            if case .image(.uploaded(let image)) = try event.decoded(with: people) {
                return image.name == name
            }
        }
        return false
    }

    mutating func section(_ id: SectionID) throws(LogError) -> (Section, Version)? {
        if let known = sections[id] { return known }
        var found: (Section, Version)?
        for event in try events(EventCoding.stream(of: id)) {
            guard case .section(let change) = try event.decoded(with: people) else { continue }
            if case .created(let id, let facts) = change { found = (Section(id: id, facts), .none) }
            found?.0.evolve(change)
            found?.1 = event.version
        }
        if let found { sections[id] = found }
        return found
    }

    mutating func hasSection(_ id: SectionID) throws(LogError) -> Bool {
        try section(id).map { !$0.0.isDeleted } ?? false
    }

    /// The version of a guest's stream and the name, which is empty once the guest is forgotten; nil where
    /// there never was one.
    mutating func guest(
        _ id: GuestID
    ) throws(LogError) -> (version: Version, name: String)? {
        if let known = guests[id] { return known }
        var found: (version: Version, name: String)?
        for event in try events(EventCoding.stream(of: id)) {
            if case .guest(.registered(let guest)) = try event.decoded(with: people) {
                found = (event.version, guest.username ?? "")
            }
            found?.version = event.version
        }
        if let found { guests[id] = found }
        return found
    }

    /// The name is read again, as far as it can be.
    mutating func forget(_ guest: GuestID) { guests[guest] = nil }

    mutating func theSettings() throws(LogError) -> (Settings, Version) {
        if let settings { return settings }
        var folded = (Settings(), Version.none)
        for event in try events(EventCoding.settingsStream) {
            guard case .settings(let change) = try event.decoded(with: people) else { continue }
            folded.0.evolve(change)
            folded.1 = event.version
        }
        settings = folded
        return folded
    }

    mutating func theBar() throws(LogError) -> (Bar, Version) {
        if let bar { return bar }
        let folded = try bar(upTo: Position(.max))
        bar = folded
        return folded
    }

    /// The bar as it was at a position.
    func bar(upTo last: Position) throws(LogError) -> (Bar, Version) {
        var folded = (Bar(), Version.none)
        for event in try events(EventCoding.barStream, upTo: last) {
            guard case .bar(let change) = try event.decoded(with: people) else { continue }
            folded.0.evolve(change)
            folded.1 = event.version
        }
        return folded
    }

    /// The order as it was at a position; nil where there is none.
    func order(
        _ id: OrderID, upTo last: Position = Position(.max)
    ) throws(LogError) -> (order: Order, version: Version)? {
        if last.number == .max, let changed = ordersOfBatch[id] { return changed }
        var found: (Order, Version)?
        for event in try events(EventCoding.stream(of: id), upTo: last) {
            let by = Caller(event.actor) ?? .system("unknown")
            switch try event.decoded(with: people) {
            case .order(.placed(let placed)):
                found = (Order(placed, at: event.recordedAt, by: by), event.version)
            case .order(.statusChanged(let change)):
                found?.0.evolve(change, at: event.recordedAt, by: by)
                found?.1 = event.version
            default: break
            }
        }
        return found
    }

    func event(at position: Position) throws(LogError) -> Event? {
        let found: Envelope?
        do throws(SQLiteError) {
            found = try reader.read(after: Position(position.number - 1), limit: 1).first
        } catch {
            throw .sqlite(error)
        }
        return try found?.decoded(with: people)
    }

    // MARK: What a batch changes

    mutating func set(_ order: Order, _ version: Version) {
        ordersOfBatch[order.id] = (order, version)
    }
    mutating func set(_ bar: Bar, _ version: Version) { self.bar = (bar, version) }
    mutating func set(_ settings: Settings, _ version: Version) {
        self.settings = (settings, version)
    }
    mutating func set(_ section: Section, _ version: Version) {
        sections[section.id] = (section, version)
    }
    mutating func set(_ drink: Drink, _ version: Version) {
        if drink.image != drinks[drink.id]?.0.image {
            images[drink.id, default: []].append((version, drink.image?.url))
        }
        drinks[drink.id] = (drink, version)
    }

    /// After the COMMIT: what is forgotten is read from the log again, where it stands now.
    ///
    /// Only here: in the middle of a batch the log does not know yet what the batch has changed.
    mutating func written() {
        ordersOfBatch.removeAll(keepingCapacity: true)
        if drinks.count > Self.mostKept {
            drinks.removeAll()
            images.removeAll()
        }
        if sections.count > Self.mostKept { sections.removeAll() }
        if guests.count > Self.mostKept { guests.removeAll() }
    }

    private func events(
        _ stream: String, upTo last: Position = Position(.max)
    ) throws(LogError) -> [Envelope] {
        do throws(SQLiteError) { return try reader.read(stream: stream, upTo: last) } catch {
            throw .sqlite(error)
        }
    }
}

extension Envelope {
    func decoded(with people: People) throws(LogError) -> Event {
        let open =
            keyID.map { Sealed.open(data, stream: stream, keyID: $0, with: people) } ?? data
        return try EventCoding.decode(type: type, schema: schema, data: open)
    }
}
