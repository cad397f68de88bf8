internal import Compression
internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite
internal import System

/// Answers of the search, read when asked: there are more questions than anybody could prepare.
struct SearchAnswers {
    let model: Model<SearchReader>

    /// Names of ingredients in one question, of each kind; words; drinks in one answer.
    private static let mostNames = 20
    private static let mostWords = 10
    private static let longestPage = 1_000

    private static let usualIngredients = 20
    private static let mostIngredients = 100

    /// Longer bodies are worth the time it takes to pack them.
    private static let packedFrom = 65_536

    // MARK: Drinks

    static let parameters = [
        "section_id", "with", "without", "q", "tag", "alcohol_free", "max_abv", "makeable", "limit",
        "cursor",
    ]

    /// Whether a query asks for anything but the whole menu; a `q` without a word asks for nothing.
    static func isAsked(_ items: [QueryItem]) -> Bool {
        items.contains { $0.name != "q" || !Folded($0.value).words.isEmpty }
    }

    func drinks(_ request: borrowing Request) -> Response {
        let began = Clock.monotonicNanoseconds()
        var query = Query(request.target.query)
        let search = read(&query)
        return answer(request, query, began) { reader throws(SQLiteError) in
            var next: MenuPlace?
            return try list(
                metadata: { $0.member("next_cursor", orNull: next?.cursor) },
                { json throws(SQLiteError) in
                    let page = try reader.writeDrinks(search, into: &json)
                    next = page.next
                    return page.count
                })
        }
    }

    private func read(_ query: inout Query) -> SearchQuery {
        var search = SearchQuery()
        search.with = query.texts("with", atMost: Self.mostNames)
        search.without = query.texts("without", atMost: Self.mostNames)
        search.words = words(&query)
        search.sectionID = query.value("section_id", "must be the id of a section") {
            SectionID($0)?.description
        }
        search.tag = query.text("tag")
        if search.tag?.isEmpty == true { query.refuse("tag", "must not be empty") }
        search.alcoholFree = query.flag("alcohol_free")
        search.maxABV = query.number("max_abv", 0...100)
        search.makeable = query.flag("makeable")
        search.limit = query.integer("limit", 1...Self.longestPage) ?? Self.longestPage
        search.after = query.value("cursor", "must be the next_cursor of an answer before") {
            MenuPlace(cursor: $0)
        }
        return search
    }

    private func words(_ query: inout Query) -> [String] {
        let words = Folded(query.text("q") ?? "").words
        if words.count > Self.mostWords {
            query.refuse("q", "has more than \(Self.mostWords) words")
        }
        return Array(words.prefix(Self.mostWords))
    }

    // MARK: Ingredients

    func ingredients(_ request: borrowing Request) -> Response {
        let began = Clock.monotonicNanoseconds()
        var query = Query(request.target.query)
        let words = words(&query)
        let limit = query.integer("limit", 1...Self.mostIngredients) ?? Self.usualIngredients
        return answer(request, query, began) { reader throws(SQLiteError) in
            try list { json throws(SQLiteError) in
                try reader.writeIngredients(words: words, limit: limit, into: &json)
            }
        }
    }

    // MARK: Both

    /// Answers from one moment of the model.
    ///
    /// The ETag names the last change of the model in place of a digest of the body, which would take
    /// longer than the search: another generation or another start of the front is another tag.
    private func answer(
        _ request: borrowing Request, _ query: Query, _ began: UInt64,
        _ write: (SearchReader) throws(SQLiteError) -> [UInt8]
    ) -> Response {
        model.answer(query) { reader, state throws(SQLiteError) in
            let tag = "\"\(started)-\(model.generation)-\(state.changed)\""
            let headers = [
                ("Content-Type", jsonType), ("Cache-Control", "no-cache"),
                ("Vary", "Accept-Encoding"), (Header.position, state.position.description),
                ("ETag", "W/" + tag),
            ]
            if let known = request.header("If-None-Match"), matches(known, tag) {
                return Response(status: 304, headers: headers)
            }
            let body = try write(reader)
            let took = (Clock.monotonicNanoseconds() - began) / 1_000
            let timing = [("Server-Timing", "search;dur=\(Double(took) / 1_000)")]
            guard body.count >= Self.packedFrom,
                request.header("Accept-Encoding").map(acceptsGzip) == true
            else { return Response(status: 200, headers: headers + timing, body: body) }
            return Response(
                status: 200, headers: headers + timing + [("Content-Encoding", "gzip")],
                body: Gzip.compress(body, level: 1))
        }
    }
}

/// When this process began, near enough to tell it from the one before.
private let started = String(Clock.wallMicroseconds(), radix: 36)
