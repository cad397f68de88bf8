internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import SQLite
internal import System
internal import Wire

/// Answers about orders and the bar, read when asked: they change with every tap.
struct OrderAnswers {
    let model: Model<OrdersReader>
    let maxActiveOrders: Int

    /// One order; a guest sees only the own.
    func order(_ id: String, for guest: String?) -> Response {
        guard let reader = model.reader else { return Problem.notReady.response }
        do throws(SQLiteError) {
            let (position, row) = try reader.snapshot { state throws(SQLiteError) in
                (state.position, try reader.order(id))
            }
            guard let row, guest == nil || guest == row.guest else {
                return Problem.notFound("order").response
            }
            var json = JSONWriter(reserving: 1_024)
            OrderDocument(row).write(into: &json)
            return privateAnswer(data(json.bytes), at: position)
        } catch {
            model.fail(error)
            return Problem.notReady.response
        }
    }

    func bar() -> Response {
        guard let reader = model.reader else { return Problem.notReady.response }
        do throws(SQLiteError) {
            let (position, bar) = try reader.snapshot { state throws(SQLiteError) in
                (state.position, try reader.bar())
            }
            var json = JSONWriter()
            json.object { write(bar, into: &$0) }
            return privateAnswer(data(json.bytes), at: position)
        } catch {
            model.fail(error)
            return Problem.notReady.response
        }
    }

    private func write(_ bar: BarRow, into json: inout JSONWriter) {
        // A name, the languages and the recipe switch become settings of the host's.
        json.member("name", "Barback")
        json.member("accepting_orders", bar.acceptingOrders)
        json.member("message", orNull: bar.message)
        json.member("languages", texts: bar.languages)
        json.member("show_recipes", true)
        json.member("max_active_orders", Int64(maxActiveOrders))
        json.name("usual_wait_seconds")
        if let seconds = bar.usualWaitSeconds { json.integer(seconds) } else { json.null() }
        json.member(
            "server_time", Time(microseconds: Clock.wallMicroseconds()).description)
    }

    private func privateAnswer(_ body: [UInt8], at position: Position) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", jsonType), ("Cache-Control", "no-store"),
                (Header.position, position.description),
            ], body: body)
    }
}

extension OrderDocument {
    fileprivate init(_ row: OrderRow) {
        self.init(
            id: row.id, ticket: row.ticket, drinkID: row.drinkID, drinkName: row.drinkName,
            quantity: row.quantity, note: row.note, username: row.guest,
            queuePosition: row.queuePosition,
            timeline: row.timeline.map {
                // By code points: a name's combining mark would make one character with the colon.
                Step(
                    status: $0.status, at: $0.at,
                    by: String($0.by.unicodeScalars.prefix { $0 != ":" }), reason: $0.reason)
            })
    }
}
