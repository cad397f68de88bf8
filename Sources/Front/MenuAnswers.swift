internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite

/// The menu's answers: finished bytes, made when the menu changes and not when somebody asks.
///
/// A menu that takes long to write is written when somebody asks, once a change: ten changes in a row
/// would hold everybody up ten times. One of more than ``most`` drinks is answered in pages by the search.
final class MenuAnswers {
    let model: Model<MenuReader>
    private var drinks: Prepared?
    private var sections: Prepared?
    private var single: [String: Prepared] = [:]
    private var madeAt: (generation: Int, changed: Position)?

    /// Drinks kept as finished answers; beyond that they are forgotten and made again.
    private static let mostSingle = 1_000
    /// Drinks of a menu that is answered whole.
    private static let most = 10_000
    /// Bytes of a menu that is made before anybody asks.
    private static let soon = 1_000_000

    /// Whether the menu is too long to be answered whole.
    private(set) var isLong = false
    private var isSlow = false

    init(_ model: Model<MenuReader>) { self.model = model }

    /// After the model has moved: makes anew what the move has changed.
    func refresh() {
        guard model.reader != nil else { return forget() }
        let state = model.state
        if sections == nil || madeAt?.changed != state.changed
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
            try reader.snapshot { state throws(SQLiteError) in
                isLong = try reader.countDrinks(atMost: Self.most + 1) > Self.most
                drinks =
                    isLong || isSlow ? nil : try makeDrinks(from: reader, at: state.position)
                let sectionList = try list { json throws(SQLiteError) in
                    try reader.writeSections(into: &json)
                }
                sections = Prepared(sectionList, type: jsonType, position: state.position)
                single = [:]
                madeAt = (model.generation, state.changed)
            }
        } catch {
            model.fail(error)
            forget()
        }
    }

    private func makeDrinks(
        from reader: MenuReader, at position: Position
    ) throws(SQLiteError) -> Prepared {
        let body = try list { json throws(SQLiteError) in try reader.writeDrinks(into: &json) }
        isSlow = body.count > Self.soon
        return Prepared(body, type: jsonType, position: position)
    }

    func allDrinks(_ request: borrowing Request) -> Response {
        if drinks == nil { makeSlowDrinks() }
        return drinks?.answer(request) ?? Problem.notReady.response
    }

    private func makeSlowDrinks() {
        guard let reader = model.reader else { return }
        do throws(SQLiteError) {
            try reader.snapshot { state throws(SQLiteError) in
                drinks = try makeDrinks(from: reader, at: state.position)
            }
        } catch {
            model.fail(error)
            forget()
        }
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
        return model.answer { reader, state throws(SQLiteError) in
            var item = JSONWriter(reserving: 2_048)
            guard try reader.writeDrink(id, into: &item) else {
                return Problem.notFound("drink").response
            }
            let made = Prepared(data(item.bytes), type: jsonType, position: state.position)
            if single.count >= Self.mostSingle { single = [:] }
            // A model that moved since the last look may hold another menu than `single` does.
            if state.position == model.state.position { single[id] = made }
            return made.answer(request)
        }
    }
}
