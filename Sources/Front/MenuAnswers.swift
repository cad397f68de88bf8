internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite

/// The menu's answers: finished bytes, made when the menu changes and not when somebody asks.
final class MenuAnswers {
    let model: Model<MenuReader>
    private var drinks: Prepared?
    private var sections: Prepared?
    private var single: [String: Prepared] = [:]
    private var madeAt: (generation: Int, changed: Position)?

    /// Drinks kept as finished answers; beyond that they are forgotten and made again.
    private static let mostSingle = 1_000

    init(_ model: Model<MenuReader>) { self.model = model }

    /// After the model has moved: makes anew what the move has changed.
    func refresh() {
        guard model.reader != nil else { return forget() }
        let state = model.state
        if drinks == nil || madeAt?.changed != state.changed
            || madeAt?.generation != model.generation
        {
            make()
        } else {
            drinks?.move(to: state.position)
            sections?.move(to: state.position)
        }
    }

    private func forget() {
        drinks = nil
        sections = nil
        single = [:]
        madeAt = nil
    }

    private func make() {
        guard let reader = model.reader else { return }
        do throws(SQLiteError) {
            let (state, drinkList, sectionList) = try reader.snapshot {
                state throws(SQLiteError) in
                (
                    state,
                    try list { json throws(SQLiteError) in try reader.writeDrinks(into: &json) },
                    try list { json throws(SQLiteError) in try reader.writeSections(into: &json) }
                )
            }
            drinks = Prepared(drinkList, type: jsonType, position: state.position)
            sections = Prepared(sectionList, type: jsonType, position: state.position)
            single = [:]
            madeAt = (model.generation, state.changed)
        } catch {
            model.fail(error)
            forget()
        }
    }

    func allDrinks(_ request: borrowing Request) -> Response {
        drinks?.answer(request) ?? Problem.notReady.response
    }

    func allSections(_ request: borrowing Request) -> Response {
        sections?.answer(request) ?? Problem.notReady.response
    }

    func drink(_ id: String, _ request: borrowing Request) -> Response {
        if var known = single[id] {
            known.move(to: model.state.position)
            single[id] = known
            return known.answer(request)
        }
        guard let reader = model.reader else { return Problem.notReady.response }
        do throws(SQLiteError) {
            let (position, body) = try reader.snapshot { state throws(SQLiteError) in
                (
                    state.position,
                    try document { json throws(SQLiteError) in
                        try reader.writeDrink(id, into: &json)
                    }
                )
            }
            guard let body else { return Problem.notFound("drink").response }
            let made = Prepared(body, type: jsonType, position: position)
            if single.count >= Self.mostSingle { single = [:] }
            // A model that moved since the last look may hold another menu than `single` does.
            if position == model.state.position { single[id] = made }
            return made.answer(request)
        } catch {
            model.fail(error)
            return Problem.notReady.response
        }
    }

    /// The finished document of a thing just created; nil while the model does not show it.
    func created(_ kind: Created, _ id: String) -> (position: Position, body: [UInt8])? {
        guard let reader = model.reader else { return nil }
        do throws(SQLiteError) {
            return try reader.snapshot { state throws(SQLiteError) in
                let body = try document { json throws(SQLiteError) in
                    switch kind {
                    case .drink: try reader.writeDrink(id, into: &json)
                    case .section: try reader.writeSection(id, into: &json)
                    }
                }
                return body.map { (state.position, $0) }
            }
        } catch {
            model.fail(error)
            return nil
        }
    }

    enum Created { case drink, section }
}

let jsonType = "application/json"

/// `{"data": [...], "metadata": {"count": n}}`.
private func list(
    _ write: (inout JSONWriter) throws(SQLiteError) -> Int
) throws(SQLiteError) -> [UInt8] {
    var items = JSONWriter(reserving: 65_536)
    let count = try write(&items)
    var json = JSONWriter(reserving: items.bytes.count + 64)
    json.object { json in
        json.member("data", json: items.bytes)
        json.name("metadata")
        json.object { $0.member("count", Int64(count)) }
    }
    return json.bytes
}

/// `{"data": {...}}`; nil where nothing was written.
private func document(
    _ write: (inout JSONWriter) throws(SQLiteError) -> Bool
) throws(SQLiteError) -> [UInt8]? {
    var item = JSONWriter(reserving: 2_048)
    guard try write(&item) else { return nil }
    return data(item.bytes)
}

/// `{"data": ...}` around a finished document.
func data(_ document: [UInt8]) -> [UInt8] {
    var json = JSONWriter(reserving: document.count + 16)
    json.object { $0.member("data", json: document) }
    return json.bytes
}
