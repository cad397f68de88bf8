public import JSON
public import SQLite

/// Answers from the search: drinks that have what was asked for, in the order of the menu.
public final class SearchReader: ModelReader {
    private let sections: Statement
    private let posting: Statement
    private let postings: Statement
    private let inOrder: Statement
    private let ofPlace: Statement
    private let document: Statement
    private let ingredients: Statement
    /// Drinks that a section may ever have had; no bar comes near.
    private static let mostSlots = 1 << 24

    /// By the section's number.
    private var ranks: [Int64: (arranged: Int64, bySlot: [UInt32])] = [:]

    public init(path: String) throws(SQLiteError) {
        let connection = try Connection(path: path, mode: .readOnly)
        // A third of a search is reading pages again that did not fit in two megabytes. The index of
        // 100,000 drinks is 32 MB; that of a bar is less than one, and takes no more than it is.
        try connection.execute("PRAGMA cache_size = -24000")
        sections = try connection.prepare(Self.sectionsQuery)
        posting = try connection.prepare(Self.postingQuery)
        postings = try connection.prepare(Self.postingsQuery)
        inOrder = try connection.prepare(Self.inOrderQuery)
        ofPlace = try connection.prepare(Self.ofPlaceQuery)
        document = try connection.prepare(Self.documentQuery)
        ingredients = try connection.prepare(Self.ingredientsQuery)
        try super.init(on: connection)
    }

    // Each waits for a screen: the tests hold how SQLite carries them out.
    static let sectionsQuery = """
        SELECT number, section_id, name, display_order, slots, arranged FROM section
        WHERE (display_order, section_id) >= (?1, ?2) ORDER BY display_order, section_id
        """
    static let postingQuery = "SELECT chunk, slots FROM posting WHERE section = ?1 AND term = ?2"
    static let postingsQuery = """
        SELECT chunk, slots FROM posting WHERE section = ?1 AND term >= ?2 AND term < ?3
        """
    static let inOrderQuery = """
        SELECT place FROM drink
        WHERE section = ?1 AND (display_order, drink_id) > (?2, ?3)
        ORDER BY display_order, drink_id
        """
    static let ofPlaceQuery = "SELECT display_order, drink_id FROM drink WHERE place = ?1"
    static let documentQuery = """
        SELECT document, missing, version, image_url, updated_at
        FROM listed CROSS JOIN drink USING (place) LEFT JOIN sold_out USING (place) WHERE place = ?1
        """
    static let ingredientsQuery = """
        SELECT name, drinks, ingredient NOT IN (SELECT ingredient FROM out_of_stock)
        FROM ingredient
        WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(words, ' ' || value) = 0)
        ORDER BY drinks DESC, words, name LIMIT ?2
        """

    // MARK: Drinks

    /// Writes `[drink, ...]`; the number of drinks, and the last one's place where more follow.
    public func writeDrinks(
        _ query: SearchQuery, into json: inout JSONWriter
    ) throws(SQLiteError) -> (count: Int, next: MenuPlace?) {
        // One more than asked for tells whether there is another page.
        var hits = try find(query, atMost: query.limit + 1)
        let hasMore = hits.count > query.limit
        if hasMore { hits.removeLast() }
        var failure: SQLiteError?
        json.array { json in
            do throws(SQLiteError) {
                for hit in hits { try write(hit, into: &json) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard hasMore, let last = hits.last else { return (hits.count, nil) }
        return (hits.count, try menuPlace(of: last))
    }

    /// A class, so that a hit is small and quickly moved.
    private final class Section {
        let number: Int64
        let id: String
        let name: String
        let displayOrder: Int64
        let slots: Int
        let arranged: Int64

        init(_ row: Statement) {
            number = row.integer(0)
            id = row.text(1)
            name = row.text(2)
            displayOrder = row.integer(3)
            slots = Int(row.integer(4))
            arranged = row.integer(5)
        }
    }

    private struct Hit {
        let section: Section
        let slot: Int

        var place: Int64 { section.number << 32 | Int64(slot) }
    }

    private func menuPlace(of hit: Hit) throws(SQLiteError) -> MenuPlace? {
        ofPlace.bind(1, hit.place)
        defer { ofPlace.reset() }
        guard try ofPlace.step() else { return nil }
        return MenuPlace(
            sectionOrder: hit.section.displayOrder, sectionID: hit.section.id,
            drinkOrder: ofPlace.integer(0), drinkID: ofPlace.text(1))
    }

    private func write(_ hit: Hit, into json: inout JSONWriter) throws(SQLiteError) {
        document.bind(1, hit.place)
        defer { document.reset() }
        guard try document.step() else {
            throw impossible("the index names a drink that is not listed")
        }
        writeDrink(
            parts: document.bytes(0),
            DrinkChanges(
                version: document.integer(2), sectionID: hit.section.id,
                sectionName: hit.section.name, imageURL: document.textOrNil(3),
                missing: document.isNull(1) ? nil : document.bytes(1),
                updatedAt: document.integer(4)), into: &json)
    }

    private func find(_ query: SearchQuery, atMost wanted: Int) throws(SQLiteError) -> [Hit] {
        let terms = Terms(query)
        var hits: [Hit] = []
        sections.bind(1, query.after?.sectionOrder ?? -1)
        sections.bind(2, query.after?.sectionID ?? "")
        defer { sections.reset() }
        while hits.count < wanted, try sections.step() {
            let section = Section(sections)
            guard (0...Self.mostSlots).contains(section.slots) else {
                throw impossible("a section has \(section.slots) slots")
            }
            if let id = query.sectionID, id != section.id { continue }
            let slots = try matches(terms, in: section)
            guard !slots.isEmpty else { continue }
            let after = query.after?.sectionID == section.id ? query.after : nil
            for slot in try first(wanted - hits.count, of: slots, in: section, after: after) {
                hits.append(Hit(section: section, slot: slot))
            }
        }
        return hits
    }

    // MARK: Order

    /// Those of the slots that come first in the section, in its order.
    private func first(
        _ limit: Int, of slots: SlotSet, in section: Section, after: MenuPlace?
    ) throws(SQLiteError) -> [Int] {
        let ranks = try ranks(of: section)
        var least: UInt64 = 0
        if let after {
            guard let slot = try firstSlot(of: section, after: after) else { return [] }
            guard slot < ranks.count else {
                throw impossible("a drink's slot is outside its section")
            }
            least = UInt64(ranks[slot]) << 32
        }
        // Rank and slot in one number, sorted, and no more of them than are asked for.
        var best: [UInt64] = []
        var isSound = true
        slots.forEach { slot in
            guard slot < ranks.count else {
                isSound = false
                return
            }
            let key = UInt64(ranks[slot]) << 32 | UInt64(slot)
            guard key >= least else { return }
            if best.count == limit {
                guard let worst = best.last, key < worst else { return }
                best.removeLast()
            }
            var low = 0
            var high = best.count
            while low < high {
                let middle = (low + high) / 2
                if best[middle] < key { low = middle + 1 } else { high = middle }
            }
            best.insert(key, at: low)
        }
        guard isSound else { throw impossible("the index names a slot that its section has not") }
        return best.map { Int($0 & 0xFFFF_FFFF) }
    }

    private func firstSlot(of section: Section, after place: MenuPlace) throws(SQLiteError) -> Int?
    {
        inOrder.bind(1, section.number)
        inOrder.bind(2, place.drinkOrder)
        inOrder.bind(3, place.drinkID)
        defer { inOrder.reset() }
        return try inOrder.step() ? Int(inOrder.integer(0) & 0xFFFF_FFFF) : nil
    }

    /// Each slot's number in the order of the section.
    ///
    /// Kept until a drink comes or changes: looking up the hits one by one was most of a search.
    private func ranks(of section: Section) throws(SQLiteError) -> [UInt32] {
        if let known = ranks[section.number], known.arranged == section.arranged {
            return known.bySlot
        }
        var bySlot = [UInt32](repeating: 0, count: section.slots)
        inOrder.bind(1, section.number)
        inOrder.bind(2, -1 as Int64)
        inOrder.bind(3, "")
        var rank: UInt32 = 0
        while try inOrder.step() {
            let slot = Int(inOrder.integer(0) & 0xFFFF_FFFF)
            guard slot < bySlot.count else {
                throw impossible("a drink's slot is outside its section")
            }
            bySlot[slot] = rank
            rank += 1
        }
        ranks[section.number] = (section.arranged, bySlot)
        return bySlot
    }

    // MARK: Terms

    /// What a query means in terms of `posting`.
    private struct Terms {
        var all: [String] = []
        /// At least one term of each range.
        var ranges: [(from: String, to: String)] = []
        var none: [String] = []

        init(_ query: SearchQuery) {
            all = query.with.map(SearchTerm.ingredient)
            none = query.without.map(SearchTerm.ingredient)
            if let tag = query.tag { all.append(SearchTerm.tag(tag)) }
            ranges = query.words.map(SearchTerm.word).map { ($0, SearchTerm.end(ofPrefix: $0)) }
            let zero = SearchTerm.abv(0)
            if let alcoholFree = query.alcoholFree {
                if alcoholFree { all.append(zero) } else { none.append(zero) }
            }
            if let most = query.maxABV {
                ranges.append((zero, SearchTerm.after(SearchTerm.abv(most))))
            }
            if let makeable = query.makeable {
                if makeable {
                    none.append(SearchTerm.soldOut)
                } else {
                    all.append(SearchTerm.soldOut)
                }
            }
            if all.isEmpty && ranges.isEmpty { all = [SearchTerm.any] }
        }
    }

    private func matches(_ terms: Terms, in section: Section) throws(SQLiteError) -> SlotSet {
        var found: SlotSet?
        func narrow(_ slots: SlotSet) { found?.formIntersection(slots) ?? { found = slots }() }
        for term in terms.all {
            narrow(try slots(of: term, in: section))
            if found?.isEmpty == true { return SlotSet() }
        }
        for range in terms.ranges {
            narrow(try slots(from: range.from, to: range.to, in: section))
            if found?.isEmpty == true { return SlotSet() }
        }
        for term in terms.none { found?.subtract(try slots(of: term, in: section)) }
        return found ?? SlotSet()
    }

    private func slots(of term: String, in section: Section) throws(SQLiteError) -> SlotSet {
        posting.bind(1, section.number)
        posting.bind(2, term)
        return try union(posting, in: section)
    }

    private func slots(
        from first: String, to end: String, in section: Section
    ) throws(SQLiteError) -> SlotSet {
        postings.bind(1, section.number)
        postings.bind(2, first)
        postings.bind(3, end)
        return try union(postings, in: section)
    }

    private func union(_ rows: Statement, in section: Section) throws(SQLiteError) -> SlotSet {
        var slots = SlotSet()
        while try rows.step() {
            let chunk = rows.integer(0)
            guard (0...Int64(section.slots / SlotSet.chunk)).contains(chunk),
                rows.length(1) <= SlotSet.chunk / 8
            else { throw impossible("a chunk of the index is outside its section") }
            slots.formUnion(rows.bytes(1), chunk: Int(chunk))
        }
        return slots
    }

    /// What no projector writes: a damaged file, though SQLite can read it.
    private func impossible(_ sentence: String) -> SQLiteError {
        let corrupt: Int32 = 11
        return SQLiteError(code: corrupt, message: sentence, subject: connection.path)
    }

    // MARK: Ingredients

    /// Writes `[ingredient, ...]`, what most drinks name first, and returns how many.
    ///
    /// Each of the folded words begins a word of an ingredient's name.
    public func writeIngredients(
        words: [String], limit: Int, into json: inout JSONWriter
    ) throws(SQLiteError) -> Int {
        var list = JSONWriter()
        list.array { list in for word in words { list.string(word) } }
        ingredients.bind(1, text: list.bytes)
        ingredients.bind(2, Int64(limit))
        return try writeAll(ingredients, into: &json) { row, json in
            json.object { json in
                json.member("name", row.text(0))
                json.member("drink_count", row.integer(1))
                json.member("in_stock", row.integer(2) != 0)
            }
        }
    }
}
