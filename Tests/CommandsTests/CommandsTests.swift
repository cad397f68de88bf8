import Commands
import Domain
import EventStore
import JSON
import SQLite
import Testing
import Wire

@Suite("A command with a key") struct KeyedCommandTests {
    @Test func `is carried out once, however often it is sent`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let request = bar.order(drink, note: "sin hielo", key: "k-1")
        let before = try bar.events().count
        let both = try bar.handler.handle([request, request])
        let later = try bar.handle(request)
        try bar.reopen()
        let afterwards = try bar.handle(request)
        #expect(try bar.events().count == before + 1)
        let first = try accepted(both[0])
        #expect(first.created)
        #expect(try member("note", of: first)?.string == "sin hielo")
        for outcome in [both[1], later, afterwards] { #expect(try accepted(outcome) == first) }
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `is answered as it was then, although things went on`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let request = bar.order(drink, key: "k-1")
        let first = try accepted(bar.handle(request))
        let move = bar.move(first.id, to: "in_progress", key: "k-2")
        let moved = try accepted(bar.handle(move))
        _ = try bar.handle(bar.move(first.id, to: "completed"))
        #expect(try accepted(bar.handle(request)) == first)
        #expect(try accepted(bar.handle(move)) == moved)
        #expect(try member("status", of: moved)?.string == "in_progress")
    }

    @Test func `is answered the same on every route`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        let drink = try bar.drink(section)
        let order = try accepted(bar.handle(bar.order(drink))).id
        for request in [
            bar.make(.createSection, #"{"name":"Highballs"}"#, key: "k"),
            bar.make(.createDrink, #"{"section_id":"\#(section)","name":"Mule"}"#, key: "k"),
            bar.stock("Lime", false, key: "k"),
            bar.make(
                .acceptOrders, #"{"accepting_orders":false,"message":"¡Última ronda!"}"#, key: "k"),
            bar.move(order, to: "ready", key: "k"),
        ] {
            let first = try accepted(bar.handle(request))
            let count = try bar.events().count
            let again = try accepted(bar.handle(request))
            #expect(again == first, "\(request.route.text)")
            #expect(try bar.events().count == count)
        }
    }

    @Test func `and another body is refused, in the batch and later`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let one = bar.order(drink, key: "k-1")
        let other = bar.order(drink, quantity: 2, key: "k-1")
        let outcomes = try bar.handler.handle([one, other, one])
        #expect(outcomes[1] == .refused(.keyReused))
        #expect(outcomes[2] == outcomes[0])
        #expect(try bar.handle(other) == .refused(.keyReused))
        try bar.reopen()
        #expect(try bar.handle(other) == .refused(.keyReused))
        #expect(try bar.handle(one) == outcomes[0])
    }

    @Test func `and another target is refused`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let one = try accepted(bar.handle(bar.order(drink))).id
        let two = try accepted(bar.handle(bar.order(drink))).id
        _ = try accepted(bar.handle(bar.move(one, to: "ready", key: "k")))
        #expect(try bar.handle(bar.move(two, to: "ready", key: "k")) == .refused(.keyReused))
    }

    @Test func `is somebody else's with the same key`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let ana = try accepted(bar.handle(bar.order(drink, by: "Ana", key: "k-1")))
        let bo = try accepted(bar.handle(bar.order(drink, by: "Bo", key: "k-1")))
        #expect(ana.id != bo.id)
        // Neither by name nor by route can one key run into another.
        let odd = try accepted(bar.handle(bar.order(drink, by: "Ana4:", key: "k-1")))
        #expect(odd.id != ana.id)
    }

    @Test func `that was refused is decided anew`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section(), "Gimlet", #","ingredients":["Lime"]"#)
        _ = try accepted(bar.handle(bar.stock("lime", false)))
        let request = bar.order(drink, key: "k-1")
        #expect(try bar.handle(request) == .refused(.soldOut(missing: ["Lime"])))
        _ = try accepted(bar.handle(bar.stock("LIME ", true)))
        _ = try accepted(bar.handle(request))
    }

    @Test(arguments: ["", " ", "a b", "ü", "\u{7F}", "\n", String(repeating: "k", count: 256)])
    func `must have one that can be written in a header`(key: String) throws {
        let bar = try TestBar()
        guard case .refused(.invalid(let errors)) = try bar.handle(bar.order("x", key: key)) else {
            Issue.record("the key \(key) was taken")
            return
        }
        #expect(errors.map(\.field) == ["Idempotency-Key"])
    }

    @Test func `leaves no note and no name in its stored reply`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let request = bar.order(drink, by: "Sigríður", note: "an allergy", key: "k-1")
        let order = try accepted(bar.handle(request)).id
        _ = try accepted(bar.handle(bar.move(order, to: "ready", by: .staff("Guðrún"), key: "k-2")))
        let rows = try bar.raw().prepare("SELECT reply FROM command ORDER BY number")
        var replies: [String] = []
        while try rows.step() { replies.append(String(decoding: rows.bytes(0), as: UTF8.self)) }
        // Its place in the queue, two bytes, stands before the id.
        #expect(replies == ["\u{3}\u{1}\u{0}\(order)", "\u{2}\(order)"])
    }
}

@Suite("A batch of commands") struct BatchTests {
    @Test func `keeps the limit of orders a guest`() throws {
        let bar = try TestBar(maxActiveOrders: 3)
        let drink = try bar.drink(bar.section())
        let outcomes = try bar.handler.handle(
            (0..<5).map { _ in bar.order(drink) } + [bar.order(drink, by: "Bo")])
        for index in [0, 1, 2, 5] { _ = try accepted(outcomes[index]) }
        #expect(outcomes[3] == .refused(.tooManyActiveOrders(limit: 3)))
        #expect(outcomes[4] == .refused(.tooManyActiveOrders(limit: 3)))
        // What leaves the queue makes room at once, in one batch with the next order.
        let first = try accepted(outcomes[0]).id
        let more = try bar.handler.handle([
            bar.order(drink), bar.move(first, to: "ready"), bar.order(drink), bar.order(drink),
        ])
        #expect(more[0] == .refused(.tooManyActiveOrders(limit: 3)))
        _ = try accepted(more[2])
        #expect(more[3] == .refused(.tooManyActiveOrders(limit: 3)))
        try bar.reopen()
        #expect(try bar.handle(bar.order(drink)) == .refused(.tooManyActiveOrders(limit: 3)))
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `has no limit where it is 0, and a step back may exceed one`() throws {
        let free = try TestBar(maxActiveOrders: 0)
        let drink = try free.drink(free.section())
        for outcome in try free.handler.handle((0..<20).map { _ in free.order(drink) }) {
            _ = try accepted(outcome)
        }
        let bar = try TestBar(maxActiveOrders: 1)
        let other = try bar.drink(bar.section())
        let first = try accepted(bar.handle(bar.order(other))).id
        _ = try accepted(bar.handle(bar.move(first, to: "ready")))
        _ = try accepted(bar.handle(bar.order(other)))
        let back = try accepted(bar.handle(bar.move(first, to: "pending")))
        #expect(try member("status", of: back)?.string == "pending")
        #expect(try bar.tables().active == [guest("Ana").description: 2])
    }

    @Test func `sees in each command what the ones before it did`() throws {
        let bar = try TestBar()
        let section = try bar.section()
        let drink = try bar.drink(section, "Gimlet", #","ingredients":["Gin","Lime"]"#)
        let outcomes = try bar.handler.handle([
            bar.stock("Lime", false), bar.order(drink), bar.stock("lime", false),
            bar.stock("lime", true), bar.order(drink),
            bar.make(.acceptOrders, #"{"accepting_orders":false,"message":"Brb"}"#),
            bar.order(drink), bar.make(.acceptOrders, #"{"accepting_orders":true}"#),
            bar.order(drink),
        ])
        #expect(outcomes[1] == .refused(.soldOut(missing: ["Lime"])))
        #expect(outcomes[6] == .refused(.orderingPaused(message: "Brb")))
        for index in [0, 2, 3, 4, 5, 7, 8] { _ = try accepted(outcomes[index]) }
        // Out twice is out once: no event for it.
        #expect(
            try bar.events().map(\.type) == [
                "SectionCreated", "DrinkCreated", "IngredientRanOut", "IngredientRestocked",
                "OrderPlaced", "OrderingPaused", "OrderingResumed", "OrderPlaced",
            ])
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `answers in the order that it was asked, each with its position`() throws {
        let bar = try TestBar(maxActiveOrders: 0)
        let drink = try bar.drink(bar.section())
        let guests = (0..<50).map { "Guest \($0)" }
        let outcomes = try bar.handler.handle(guests.map { bar.order(drink, by: $0) })
        for (index, outcome) in outcomes.enumerated() {
            let answer = try accepted(outcome)
            #expect(answer.position == Position(Int64(index + 3)))
            #expect(try member("ticket", of: answer)?.integer == Int64(index + 1))
        }
    }

    @Test(arguments: [0, 3, 6]) func `with one bad apple loses that one only`(place: Int) throws {
        let bar = try TestBar(maxActiveOrders: 0)
        let drink = try bar.drink(bar.section())
        try bar.poison()
        var requests = (0..<6).map { bar.order(drink, by: "Guest \($0)", key: "k-\($0)") }
        let bad = bar.order(drink, by: "poison", key: "bad")
        requests.insert(bad, at: place)
        // The same request again further on finds its answer, whichever way the batch went.
        requests += [requests[place == 0 ? 1 : 0], bad]
        let outcomes = try bar.handler.handle(requests)
        #expect(outcomes.count == 9)
        for (index, outcome) in outcomes.enumerated() where index != place && index != 8 {
            _ = try accepted(outcome)
        }
        for index in [place, 8] {
            guard case .failed(let reason) = outcomes[index] else {
                Issue.record("\(outcomes[index])")
                continue
            }
            #expect(reason.contains("poisoned"))
        }
        #expect(outcomes[7] == outcomes[place == 0 ? 1 : 0])
        #expect(try bar.events().count == 8)
        #expect(try bar.tables() == bar.replay())
        #expect(try bar.tables().active[guest("poison").description] == nil)
        try bar.reopen()
        #expect(bar.handler.log.damage == nil)
        #expect(try bar.tables() == bar.replay())
        // Not remembered as done: once the cause is gone it is carried out.
        try bar.raw().execute("DROP TRIGGER poisoned")
        _ = try accepted(bar.handle(bad))
    }

    @Test func `of changes beside a bad apple leaves no trace of it in memory`() throws {
        let bar = try TestBar(maxActiveOrders: 1)
        let section = try bar.section()
        let drink = try bar.drink(section, "Gimlet", #","ingredients":["Lime"]"#)
        try bar.poison()
        let name = "poison berries"
        let failing = [
            bar.stock(name, false), bar.order(drink, by: "poison"),
            bar.make(.createDrink, #"{"section_id":"\#(section)","name":"poison"}"#),
            bar.make(.createSection, #"{"name":"poison"}"#),
            bar.make(.acceptOrders, #"{"accepting_orders":false,"message":"poison"}"#),
        ]
        for request in failing {
            guard case .failed = try bar.handle(request) else {
                Issue.record("\(request.route.text) was not refused")
                continue
            }
        }
        for outcome in try bar.handler.handle(failing) {
            guard case .failed = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        // Neither paused, nor is Ana's only place taken, nor a ticket lost.
        let order = try accepted(bar.handle(bar.order(drink, by: "Ana")))
        #expect(try member("ticket", of: order)?.integer == 1)
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `on a page that cannot be is refused, and so is everything after it`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        try bar.handler.log.close()
        try bar.ruinIndex()
        try bar.reopen()
        let outcomes = try bar.handler.handle([bar.order(drink), bar.stock("Lime juice", false)])
        #expect(outcomes == [.logDamaged(at: Position(2)), .logDamaged(at: Position(2))])
        // Though its table is whole.
        #expect(try bar.events().count == 2)
        #expect(throws: LogError.self) { try bar.handler.log.commit([]) }
    }

    @Test func `on a full disk is refused, and is as if it had never been asked`() throws {
        let bar = try TestBar(maxActiveOrders: 0)
        let drink = try bar.drink(bar.section())
        let note = String(repeating: "n", count: 200)
        try bar.limitPages()
        var taken: [CommandOutcome] = []
        var refused = 0
        // Large batches first, then one by one into the last room.
        for count in [1, 20, 20, 20, 1, 1, 1] {
            let outcomes = try bar.handler.handle(
                (0..<count).map { bar.order(drink, note: note, key: "\(taken.count + $0)") })
            for outcome in outcomes {
                if outcome == .storageFull { refused += 1 } else { taken.append(outcome) }
            }
        }
        #expect(refused > 10)
        #expect(try bar.events().count == 2 + taken.count)
        #expect(try bar.tables() == bar.replay())
        try bar.limitPages(to: 1_000_000)
        let next = try accepted(bar.handle(bar.order(drink, note: note, key: "room")))
        #expect(try member("ticket", of: next)?.integer == Int64(taken.count + 1))
        #expect(next.position == Position(Int64(taken.count + 3)))
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `waits once where another program holds the log, and leaves nothing behind`() throws
    {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let other = try bar.raw()
        try other.execute("BEGIN IMMEDIATE")
        var outcomes: [CommandOutcome] = []
        let waited = try ContinuousClock().measure {
            outcomes = try bar.handler.handle((1...4).map { _ in bar.order(drink) })
        }
        #expect(outcomes == [.busy, .busy, .busy, .busy])
        // Twice what SQLite waits; each command waiting for itself would take five times as long.
        #expect(waited < .seconds(4))
        try other.execute("ROLLBACK")
        let order = try accepted(bar.handle(bar.order(drink)))
        #expect(try member("ticket", of: order)?.integer == 1)
        #expect(try bar.tables() == bar.replay())
    }

    @Test func `is refused whole where the log is damaged`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        bar.handler.log.stop(because: .damaged(at: Position(7), reason: "as a test says"))
        #expect(
            try bar.handler.handle([bar.order(drink), bar.order(drink)])
                == [.logDamaged(at: Position(7)), .logDamaged(at: Position(7))])
    }
}

@Suite("A request") struct RequestTests {
    @Test(arguments: ["", "{", "[]", "null", "7", "\u{FEFF}{}", #"{"a":1,"a":2}"#])
    func `that is no object of ours is malformed`(body: String) throws {
        let bar = try TestBar()
        for route in CommandRoute.allCases {
            let caller: Caller = route == .placeOrder ? .guest(guest("Ana")) : .staff("host")
            guard case .malformed = try bar.handle(bar.make(route, body, by: caller)) else {
                Issue.record("\(route.text) took \(body)")
                continue
            }
        }
        #expect(try bar.events().isEmpty)
    }

    @Test func `of a guest does not reach what is the host's`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let order = try accepted(bar.handle(bar.order(drink, by: "Ana"))).id
        let count = try bar.events().count
        for route in CommandRoute.allCases
        where route.audience != .guests && route.audience != .anyone {
            #expect(
                try bar.handle(bar.make(route, "{}", by: .guest(guest("Ana")), target: "Lime"))
                    == .refused(.notAllowed))
        }
        #expect(
            try bar.handle(bar.move(order, to: "ready", by: .guest(guest("Ana"))))
                == .refused(.notAllowed)
        )
        #expect(
            try bar.handle(bar.make(.cancelOrder, "{}", by: .guest(guest("Bo")), target: order))
                == .refused(.notFound("order")))
        for route in [CommandRoute.placeOrder, .cancelOrder] {
            #expect(try bar.handle(bar.make(route, "{}", target: order)) == .refused(.notAllowed))
        }
        #expect(try bar.events().count == count)
        _ = try accepted(
            bar.handle(bar.make(.cancelOrder, "{}", by: .guest(guest("Ana")), target: order)))
    }

    @Test func `names everything that is wrong with it`() throws {
        let bar = try TestBar()
        for (request, fields) in [
            (
                bar.make(.placeOrder, #"{"quantity":11}"#, by: .guest(guest("Ana"))),
                ["quantity", "drink_id"]
            ),
            (
                bar.make(.placeOrder, #"{"quantity":"2","note":7}"#, by: .guest(guest("Ana"))),
                ["quantity", "note"]
            ),
            (bar.make(.placeOrder, #"{"quantity":1.5}"#, by: .guest(guest("Ana"))), ["quantity"]),
            (bar.make(.createSection, "{}"), ["name"]),
            (bar.make(.createDrink, #"{"ice":"hot"}"#), ["ice", "section_id", "name"]),
            (bar.make(.markIngredient, "{}", target: "Lime"), ["in_stock"]),
            (bar.stock("  ", false), ["name"]), (bar.stock("a\u{0}b", false), ["name"]),
            (bar.make(.acceptOrders, #"{"accepting_orders":null}"#), ["accepting_orders"]),
            (
                bar.make(.changeOrderStatus, #"{"status":"drunk","expected_status":"sober"}"#),
                ["status", "expected_status"]
            ),
        ] {
            guard case .refused(.invalid(let errors)) = try bar.handle(request) else {
                Issue.record("\(request.route.text) was taken")
                continue
            }
            #expect(errors.map(\.field) == fields, "\(request.route.text)")
        }
        #expect(try bar.events().isEmpty)
    }

    @Test func `about an order that is not there finds nothing`() throws {
        let bar = try TestBar()
        for target in ["", "x", "019ac0df-1111-7000-9000-0000000000a1"] {
            #expect(try bar.handle(bar.move(target, to: "ready")) == .refused(.notFound("order")))
        }
    }

    @Test(
        arguments: [
            (#""50ml""#, 50.0, "ml"), (#""50 ml""#, 50, "ml"), (#""22.5ml""#, 22.5, "ml"),
            (#""1,5 cl""#, 1.5, "cl"), (#""a splash""#, nil, "a splash"),
            (#""1/2 oz""#, nil, "1/2 oz"),
            (#""4-6 leaves""#, nil, "4-6 leaves"), (#""½ oz""#, nil, "½ oz"),
            (#""1.2.3""#, nil, "1.2.3"), (#""1 1/2 oz""#, nil, "1 1/2 oz"),
            ("50", 50, ""), (#""2""#, 2, ""), ("null", nil, ""),
        ] as [(String, Double?, String)])
    func `about a recipe understands amounts as people write them`(
        written: String, amount: Double?, unit: String
    ) throws {
        let bar = try TestBar()
        _ = try bar.drink(
            bar.section(), "Daiquiri", #","ingredients":[{"name":"Rum","amount":\#(written)}]"#)
        let event = try #require(bar.events().last)
        guard
            case .drink(.created(_, let facts)) = try EventCoding.decode(
                type: event.type, schema: event.schema, data: event.data)
        else { return }
        #expect(facts.ingredients == [IngredientLine(name: "Rum", amount: amount, unit: unit)])
    }

    @Test func `may bring the recipe in its other common shape`() throws {
        let bar = try TestBar()
        _ = try bar.drink(
            bar.section(), "Daiquiri",
            #"""
            ,"unknown":{"a":[1]},"recipe":{"ingredients":["Rum",{"name":"Lime","amount":"25ml",
            "optional":true}],"steps":[{"order":2,"instruction":"Strain."},
            {"order":1,"instruction":"Shake."}],"garnish":"Lime","glassware":"Coupe",
            "preparation_time":3}
            """#)
        let event = try #require(bar.events().last)
        guard
            case .drink(.created(_, let facts)) = try EventCoding.decode(
                type: event.type, schema: event.schema, data: event.data)
        else { return }
        #expect(facts.recipeSteps == ["Shake.", "Strain."])
        #expect(facts.ingredients.map(\.name) == ["Rum", "Lime"])
        #expect(facts.ingredients.map(\.optional) == [false, true])
        #expect(facts.garnish == "Lime")
        #expect(facts.glass == "Coupe")
    }
}
