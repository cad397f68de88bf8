import Domain
import Testing

@Suite("An order") struct OrderTests {
    /// What staff may do with an order that went straight there, word for word from the contract.
    private static let moves: [(from: [OrderStatus], to: Set<OrderStatus>)] = [
        ([], [.inProgress, .ready, .completed, .cancelled, .rejected]),
        ([.inProgress], [.pending, .ready, .completed, .cancelled, .rejected]),
        ([.inProgress, .ready], [.inProgress, .completed]),
        ([.ready], [.pending, .completed]),
        ([.inProgress, .ready, .completed], [.ready]),
        ([.ready, .completed], [.ready]),
        ([.completed], [.pending]),
        ([.cancelled], [.pending]),
        ([.rejected], [.pending]),
        ([.inProgress, .cancelled], [.inProgress]),
        ([.inProgress, .rejected], [.inProgress]),
        // After a step back it stands as if the step had not been taken.
        ([.inProgress, .pending], [.inProgress, .ready, .completed, .cancelled, .rejected]),
        (
            [.inProgress, .ready, .inProgress],
            [.pending, .ready, .completed, .cancelled, .rejected]
        ),
        ([.cancelled, .pending], [.inProgress, .ready, .completed, .cancelled, .rejected]),
        ([.ready, .completed, .ready], [.pending, .completed]),
    ]

    @Test(arguments: moves.indices, OrderStatus.allCases)
    func `is moved by staff as the contract says`(row: Int, to: OrderStatus) {
        let (path, allowed) = Self.moves[row]
        let order = given(path)
        let expected: Answer =
            if to == order.status {
                .unchanged
            } else if allowed.contains(to) {
                .moved(to)
            } else {
                .refused(.invalidTransition(from: order.status, to: to))
            }
        for caller in [host, .commandLine("root"), .system("demo")] {
            #expect(order.when(to, by: caller) == expected, "after \(path)")
        }
    }

    @Test(arguments: moves.indices, OrderStatus.allCases)
    func `may be cancelled by its guest while pending, and nothing else`(
        row: Int, to: OrderStatus
    ) {
        let order = given(Self.moves[row].from)
        let expected: Answer =
            switch (order.status, to) {
            case (.cancelled, .cancelled): .unchanged
            case (.pending, .cancelled): .moved(.cancelled)
            case (_, .cancelled): .refused(.invalidTransition(from: order.status, to: .cancelled))
            default: .refused(.notAllowed)
            }
        #expect(order.when(to, by: ana) == expected)
        #expect(order.when(to, by: .guest(guest("ana"))) == .refused(.notFound("order")))
    }

    @Test func `is not taken back for ever, and still goes forward`() {
        var order = given()
        for _ in 0..<50 {
            for to in [OrderStatus.inProgress, .pending] where order.when(to) == .moved(to) {
                order.evolve(
                    OrderStatusChanged(id: orderID, from: order.status, to: to, reason: nil),
                    at: noon, by: host)
            }
        }
        #expect(order.timeline.count == 100)
        #expect(order.status == .inProgress)
        #expect(
            order.when(.pending) == .refused(.invalidTransition(from: .inProgress, to: .pending)))
        #expect(order.when(.ready) == .moved(.ready))
    }

    /// Every way of six moves, against a stack kept beside it.
    @Test func `walks back the way it came, whichever way that was`() {
        let forward: [OrderStatus: Set<OrderStatus>] = [
            .pending: [.inProgress, .ready, .completed, .cancelled, .rejected],
            .inProgress: [.ready, .completed, .cancelled, .rejected],
            .ready: [.completed],
        ]
        var walks = 0
        func walk(_ order: Order, _ stack: [OrderStatus], _ steps: Int) {
            walks += 1
            let here = stack[stack.count - 1]
            let before = stack.count > 1 ? stack[stack.count - 2] : nil
            #expect(order.status == here)
            #expect(order.previous == before)
            #expect((order.completedAt != nil) == (here == .completed))
            guard steps < 6 else { return }
            for to in OrderStatus.allCases where to != here {
                let isBack = to == before
                let may = isBack || forward[here, default: []].contains(to)
                guard may == (order.when(to) == .moved(to)) else {
                    Issue.record("\(stack) to \(to)")
                    continue
                }
                guard may else { continue }
                var next = order
                next.evolve(
                    OrderStatusChanged(id: orderID, from: here, to: to, reason: nil), at: noon,
                    by: host)
                walk(next, isBack ? Array(stack.dropLast()) : stack + [to], steps + 1)
            }
        }
        walk(given(), [.pending], 0)
        #expect(walks > 800)
    }

    @Test(arguments: OrderStatus.allCases, OrderStatus.allCases)
    func `is not moved when it has left the status that was expected`(
        present: OrderStatus, expected: OrderStatus
    ) {
        let order = present == .pending ? given() : given(present)
        for to in OrderStatus.allCases {
            let answer = order.when(to, expected: expected)
            #expect(
                expected == present
                    ? answer == order.when(to)
                    : answer == .refused(.statusChanged(present: present)))
        }
    }

    @Test func `keeps every step, who took it, when and why`() throws {
        var order = given()
        let change = try #require(
            try order.change(
                ChangeOrderStatus(to: .rejected, reason: " No limes.\nSorry! "), by: host))
        #expect(
            change
                == OrderStatusChanged(
                    id: orderID, from: .pending, to: .rejected, reason: "No limes.\nSorry!"))
        let later = Time(microseconds: noon.microseconds + 5)
        order.evolve(change, at: later, by: host)
        #expect(order.timeline.map(\.status) == [.pending, .rejected])
        #expect(order.timeline.map(\.at) == [noon, later])
        #expect(order.timeline.map(\.by) == [ana, host])
        #expect(order.timeline.map(\.reason) == [nil, "No limes.\nSorry!"])
        let silent = try #require(
            try given().change(ChangeOrderStatus(to: .ready, reason: "  "), by: host))
        #expect(silent.reason == nil)
    }

    @Test(arguments: [(200, true), (201, false)])
    func `takes a reason of 200 characters`(length: Int, isTaken: Bool) {
        for character in ["a", "ñ", "界", "👨‍👩‍👧‍👦"] {
            let reason = String(repeating: character, count: length)
            let answer = given().when(.rejected, reason: reason)
            #expect((answer == .moved(.rejected)) == isTaken)
        }
    }

    @Test(arguments: OrderStatus.allCases)
    func `waits for the bar while pending or in progress`(status: OrderStatus) {
        #expect(status.isActive == [.pending, .inProgress].contains(status))
    }
}

@Suite("An order being placed") struct PlaceOrderTests {
    private static let daiquiri = drink()

    private func place(
        _ command: PlaceOrder = PlaceOrder(guest: guest("Ana")), drink: Drink?,
        out: [String] = [], bar: Bar = Bar(), active: Int = 0, limit: Int = 3,
        by caller: Caller = ana
    ) throws(Refusal) -> OrderPlaced {
        try Order.place(
            command, drink: drink.map { ($0, Version(4)) },
            out: Set(out.map { IngredientKey($0) }), bar: bar, activeOrders: active, limit: limit,
            id: orderID, ticket: 7, by: caller)
    }

    @Test func `by staff passes a break and a limit, and no empty bottle`() throws {
        var bar = Bar()
        bar.evolve(.orderingPaused(message: nil))
        let rum = drink(IngredientLine(name: "Rum"))
        _ = try place(drink: rum, bar: bar, active: 3, by: host)
        #expect(throws: Refusal.soldOut(missing: ["Rum"])) {
            try place(drink: rum, out: ["rum"], by: host)
        }
        #expect(throws: Refusal.notOnMenu(drink: "Daiquiri")) {
            try place(drink: drink(isActive: false), by: host)
        }
    }

    @Test func `of a drink that was deleted is refused with its name`() {
        var gone = drink()
        gone.evolve(.deleted(drinkID))
        #expect(throws: Refusal.notOnMenu(drink: "Daiquiri")) { try place(drink: gone) }
    }

    @Test func `says what was ordered, as it was then`() throws {
        let placed = try place(
            PlaceOrder(guest: guest("Ana"), quantity: 2, note: " sin hielo 🙏 "), drink: drink())
        #expect(
            placed
                == OrderPlaced(
                    id: orderID, ticket: 7, guest: guest("Ana"), username: nil,
                    drink: OrderedDrink(id: drinkID, version: Version(4), name: "Daiquiri"),
                    quantity: 2, note: "sin hielo 🙏"))
    }

    @Test(arguments: [
        (Int64.min, false), (-1, false), (0, false), (1, true), (10, true), (11, false),
        (.max, false),
    ])
    func `is for one to ten of a drink`(quantity: Int64, isTaken: Bool) throws {
        let drink = Self.daiquiri
        let refused = refusedFields { () throws(Refusal) in
            _ = try place(PlaceOrder(guest: guest("Ana"), quantity: quantity), drink: drink)
        }
        #expect(refused == (isTaken ? [] : ["quantity"]))
    }

    @Test(arguments: ["a", "é", "e\u{301}", "界", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ש"])
    func `takes a note of 200 characters, whatever they are made of`(character: String) throws {
        let drink = Self.daiquiri
        for (length, isTaken) in [(0, true), (1, true), (200, true), (201, false)] {
            let note = String(repeating: character, count: length)
            let refused = refusedFields { () throws(Refusal) in
                _ = try place(PlaceOrder(guest: guest("Ana"), note: note), drink: drink)
            }
            #expect(refused == (isTaken ? [] : ["note"]))
        }
    }

    @Test func `names everything that is wrong at once`() throws {
        let command = PlaceOrder(guest: guest("Ana"), quantity: 0, note: "\u{7}")
        let refused = refusedFields { () throws(Refusal) in _ = try place(command, drink: nil) }
        #expect(refused == ["quantity", "note", "drink_id"])
    }

    @Test func `waits until the bar takes orders again`() throws {
        var bar = Bar()
        bar.evolve(.orderingPaused(message: "Cinco minutos"))
        #expect(throws: Refusal.orderingPaused(message: "Cinco minutos")) {
            try place(drink: drink(), bar: bar)
        }
        bar.evolve(.orderingResumed(message: nil))
        _ = try place(drink: drink(), bar: bar)
    }

    @Test func `is not for a drink that is off the menu`() throws {
        #expect(throws: Refusal.notOnMenu(drink: "Daiquiri")) {
            try place(drink: drink(isActive: false))
        }
    }

    @Test(
        arguments: [
            // Lines as name, optional, substitutes; what is out; what is missing then.
            ([("Rum", false, [])], [], []), ([("Rum", false, [])], ["Rum"], ["Rum"]),
            ([("Rum", false, [])], ["rUM "], ["Rum"]), ([("Rum", false, [])], ["Gin"], []),
            ([("Rum", true, [])], ["Rum"], []), ([("Rum", false, ["Cachaça"])], ["Rum"], []),
            ([("Rum", false, ["Cachaça"])], ["Rum", "CACHAÇA"], ["Rum"]),
            ([("Rum", false, ["Cachaça", "Pisco"])], ["Rum", "Cachaça"], []),
            ([("Rum", false, ["Cachaça"])], ["Cachaça"], []),
            (
                [("Rum", false, []), ("Lime", false, []), ("Mint", true, [])],
                ["Rum", "Lime", "Mint"], ["Rum", "Lime"]
            ),
            ([("Café", false, [])], ["Cafe\u{301}"], ["Café"]), ([], ["Rum"], []),
        ] as [([(String, Bool, [String])], [String], [String])])
    func `needs what its recipe needs`(
        lines: [(String, Bool, [String])], out: [String], missing: [String]
    ) throws {
        var facts = DrinkFacts(sectionID: sectionID, name: "Daiquiri")
        facts.ingredients = lines.map { name, isOptional, substitutes in
            IngredientLine(name: name, optional: isOptional, substitutes: substitutes)
        }
        let drink = Drink(id: drinkID, facts)
        #expect(drink.missing(out: Set(out.map { IngredientKey($0) })) == missing)
        if missing.isEmpty {
            _ = try place(drink: drink, out: out)
        } else {
            #expect(throws: Refusal.soldOut(missing: missing)) { try place(drink: drink, out: out) }
        }
    }

    @Test(arguments: [
        (0, 3, true), (2, 3, true), (3, 3, false), (4, 3, false), (0, 1, true), (1, 1, false),
        (1_000, 0, true),
    ])
    func `keeps the limit of active orders`(active: Int, limit: Int, isTaken: Bool) throws {
        let drink = Self.daiquiri
        let order = { try place(drink: drink, active: active, limit: limit) }
        if isTaken {
            _ = try order()
        } else {
            #expect(throws: Refusal.tooManyActiveOrders(limit: limit)) { try order() }
        }
    }

    @Test func `is refused for what the guest can change least, first`() throws {
        var paused = Bar()
        paused.evolve(.orderingPaused(message: nil))
        let gone = drink(IngredientLine(name: "Rum"), isActive: false)
        let bare = drink(IngredientLine(name: "Rum"))
        #expect(throws: Refusal.orderingPaused(message: nil)) {
            try place(drink: gone, out: ["Rum"], bar: paused, active: 3)
        }
        #expect(throws: Refusal.notOnMenu(drink: "Daiquiri")) {
            try place(drink: gone, out: ["Rum"], active: 3)
        }
        #expect(throws: Refusal.soldOut(missing: ["Rum"])) {
            try place(drink: bare, out: ["Rum"], active: 3)
        }
    }
}

@Suite("Tickets") struct TicketTests {
    private func at(_ text: String) throws -> Time { try #require(Time(text)) }

    /// Tickets handed out at these moments, each with the bar's offset from UTC in hours.
    private func tickets(_ moments: [(String, Int)]) throws -> [Int64] {
        var tickets = Tickets()
        return try moments.map { text, hours in
            tickets = tickets.next(at: try at(text), utcOffsetSeconds: hours * 3_600)
            return tickets.last
        }
    }

    @Test func `begin again at six in the morning, local time`() throws {
        #expect(
            try tickets([
                ("2026-07-01T20:00:00Z", 2), ("2026-07-01T23:59:59Z", 2),
                ("2026-07-02T03:59:59.999999Z", 2), ("2026-07-02T04:00:00Z", 2),
                ("2026-07-02T04:00:01Z", 2),
            ]) == [1, 2, 3, 1, 2])
        #expect(
            try tickets([
                ("2026-07-02T13:59:59Z", -8), ("2026-07-02T14:00:00Z", -8),
            ]) == [1, 1])
        #expect(
            try tickets([("2026-07-01T20:59:59Z", 9), ("2026-07-01T21:00:00Z", 9)]) == [1, 1])
    }

    @Test func `are not handed out twice when the clock steps back over six`() throws {
        #expect(
            try tickets([
                ("2026-07-02T05:00:00Z", 0), ("2026-07-02T06:00:00Z", 0),
                ("2026-07-02T05:59:00Z", 0), ("2026-07-01T12:00:00Z", 0),
                ("2026-07-02T06:01:00Z", 0), ("2026-07-03T06:00:00Z", 0),
            ]) == [1, 1, 2, 3, 4, 1])
    }

    @Test func `go on through the night when the hour changes`() throws {
        // Madrid: back from +2 to +1 at 01:00 UTC on 25 October, forth on 28 March.
        #expect(
            try tickets([
                ("2026-10-25T00:30:00Z", 2), ("2026-10-25T01:30:00Z", 1),
                ("2026-10-25T04:59:00Z", 1), ("2026-10-25T05:00:00Z", 1),
            ]) == [1, 2, 3, 1])
        #expect(
            try tickets([
                ("2027-03-28T00:30:00Z", 1), ("2027-03-28T01:30:00Z", 2),
                ("2027-03-28T03:59:59Z", 2), ("2027-03-28T04:00:00Z", 2),
            ]) == [1, 2, 3, 1])
    }

    @Test func `count days before 1970 too`() throws {
        let first = Tickets(day: -10, last: 5)
        let next = first.next(at: try at("1969-12-31T05:59:59Z"), utcOffsetSeconds: 0)
        #expect(next == Tickets(day: -2, last: 1))
        #expect(next.next(at: try at("1969-12-31T06:00:00Z"), utcOffsetSeconds: 0).day == -1)
    }
}
