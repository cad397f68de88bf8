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
                var item = JSONWriter(reserving: 2_048)
                let isThere = try reader.writeDrink(id, into: &item)
                return (state.position, isThere ? data(item.bytes) : nil)
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
}
