import Domain
import EventStore
import JSON
import ReadModels
import SQLite
import Testing

@Suite("Notifications") struct NotificationsTests {
    private static let day: Int64 = 86_400_000_000

    /// What each type of event tells, as `audience event`; nothing where it is nobody's concern.
    ///
    /// A type that is new has to be decided upon here.
    private static let told: [String: [String]] = [
        "OrderPlaced": ["GUEST order_created", "staff order_created"],
        "OrderStatusChanged": ["GUEST order_completed", "staff order_completed"],
        "SectionCreated": ["everyone menu_changed"], "SectionUpdated": ["everyone menu_changed"],
        "SectionDeleted": ["everyone menu_changed"],
        "DrinkCreated": ["everyone menu_changed"], "DrinkUpdated": ["everyone menu_changed"],
        "DrinkImageAttached": ["everyone menu_changed"],
        "DrinkImageRemoved": ["everyone menu_changed"], "DrinkDeleted": ["everyone menu_changed"],
        // No drink has it any more by then.
        "IngredientRanOut": ["staff menu_changed"],
        "IngredientRestocked": ["staff menu_changed"],
        "OrderingPaused": ["everyone bar_changed"], "OrderingResumed": ["everyone bar_changed"],
        "SettingsChanged": ["everyone bar_changed"],
        // A photo is shown from DrinkImageAttached on.
        "ImageUploaded": [],
        // Who comes and goes, what is counted, and what the log says about itself.
        "GuestRegistered": [], "GuestLeft": [], "GuestDisabled": [], "GuestForgotten": [],
        "RegistrationCodeIssued": [], "RegistrationCodeRevoked": [],
        "AccountAdded": [], "AccountRemoved": [], "AccountPasswordChanged": [],
        "AccountSignedIn": [], "SessionEnded": [], "ApiKeyIssued": [], "ApiKeyDisabled": [],
        "LogRestored": [],
    ]

    @Test func `tell of every type of event what was decided, once to each audience`() throws {
        #expect(Set(Self.told.keys) == Set(Catalogue.current.types))
        let bar = try TestModels()
        try oneOfEach(in: bar)
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: .start, limit: 1_000)
        var seen: Set<String> = []
        for event in try bar.log.read(after: .start, limit: 1_000) {
            seen.insert(event.type)
            let found = rows.filter { $0.position == event.position }.map { row in
                let audience = row.audience.text
                return "\(audience == "\(Self.ana)" ? "GUEST" : audience) \(row.event)"
            }
            #expect(found.sorted() == Self.told[event.type]?.sorted(), "\(event.type)")
        }
        #expect(seen == Set(Catalogue.current.types))
    }

    private static let ana = TestModels.guest("Ana")

    /// One event of each type there is, and here and there another that it needs.
    private func oneOfEach(in bar: TestModels) throws {
        let section = try bar.section()
        let drink = try bar.drink(section)
        let name = ImageName(id: bar.id(), after: "a.jpg", ending: "jpg")
        try bar.letPeopleIn()
        let order = try bar.order(drink)
        try bar.move(order, .pending, .completed)
        let backup = LogRestored(position: Position(1), root: "r", madeAt: TestModels.noon)
        try bar.append([
            .image(
                .uploaded(
                    ImageUploaded(
                        name: name, contentType: "image/jpeg", bytes: 1, width: 1, height: 1,
                        sha256: "", drinkID: drink))),
            .drink(.imageAttached(drink, name)), .drink(.imageRemoved(drink)),
            .drink(.updated(drink, DrinkFacts(sectionID: section, name: "Other"))),
            .drink(.deleted(drink)),
            .section(.updated(section, Section.Facts(name: "Other", displayOrder: 1))),
            .section(.deleted(section)),
            .ingredient(.ranOut(name: "Rum")), .ingredient(.restocked(name: "Rum")),
            .bar(.orderingPaused(message: nil)), .bar(.orderingResumed(message: nil)),
            .settings(.changed(Settings())), .session(.ended(bar.id(), .signedOut)),
            .account(.removed(bar.id())), .guest(.forgotten(bar.id())), .logRestored(backup),
        ])
    }

    // MARK: What they say

    /// Audience and document of what the events since a position tell.
    private func told(_ bar: TestModels, since position: Position) throws -> [String] {
        try bar.build(.notifications)
        return try bar.notifications().rows(after: position, limit: 100).map {
            "\($0.audience.text) \($0.event) \(String(decoding: $0.document, as: UTF8.self))"
        }
    }

    @Test func `say what changed on the menu`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let lines = ["Crème \"9\"", "Lima"].map { IngredientLine(name: $0) }
        let drink = try bar.drink(section) { $0.ingredients = lines }
        let name = ImageName(id: bar.id(), after: "a.jpg", ending: "jpg")
        let facts = Section.Facts(name: "x", displayOrder: 1)
        var others = DrinkFacts(sectionID: section, name: "x")
        others.ingredients = lines
        try bar.append([
            .section(.updated(section, facts)), .drink(.imageAttached(drink, name)),
            .drink(.imageRemoved(drink)), .drink(.updated(drink, others)),
            .ingredient(.ranOut(name: "Crème \"9\"")), .ingredient(.restocked(name: "Lima")),
            .drink(.deleted(drink)), .section(.deleted(section)),
        ])
        func line(_ position: Int, _ change: String, _ what: String, _ value: String) -> String {
            "everyone menu_changed {\"type\":\"menu_changed\",\"position\":\(position),"
                + "\"data\":{\"change\":\"\(change)\",\"\(what)\":\"\(value)\"}}"
        }
        #expect(
            try told(bar, since: .start) == [
                line(1, "section_created", "section_id", "\(section)"),
                line(2, "drink_created", "drink_id", "\(drink)"),
                line(3, "section_updated", "section_id", "\(section)"),
                line(4, "drink_image_changed", "drink_id", "\(drink)"),
                line(5, "drink_image_changed", "drink_id", "\(drink)"),
                line(6, "drink_updated", "drink_id", "\(drink)"),
                line(7, "ingredient_ran_out", "ingredient", "Crème \\\"9\\\""),
                line(8, "ingredient_restocked", "ingredient", "Lima"),
                line(9, "drink_deleted", "drink_id", "\(drink)"),
                line(10, "section_deleted", "section_id", "\(section)"),
            ])
    }

    @Test func `say how the bar is now`() throws {
        let bar = try TestModels()
        var settings = Settings()
        settings.name = "Zoë's"
        settings.showRecipes = false
        try bar.append([
            .bar(.orderingPaused(message: "¡Ahora!\nvuelvo \"ya\"")), .settings(.changed(settings)),
            .bar(.orderingResumed(message: nil)),
        ])
        func line(_ position: Int, _ data: String) -> String {
            "everyone bar_changed {\"type\":\"bar_changed\",\"position\":\(position),\"data\":{\(data)}}"
        }
        #expect(
            try told(bar, since: .start) == [
                line(
                    1,
                    #""name":"Barback","accepting_orders":false,"message":"¡Ahora!\nvuelvo \"ya\"","show_recipes":true"#
                ),
                line(
                    2,
                    #""name":"Zoë's","accepting_orders":false,"message":"¡Ahora!\nvuelvo \"ya\"","show_recipes":false"#
                ),
                line(
                    3,
                    #""name":"Zoë's","accepting_orders":true,"message":null,"show_recipes":false"#),
            ])
    }

    @Test func `say once that an order is completed, and what it was before`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let order = try bar.order(drink)
        let moves: [(OrderStatus, OrderStatus, String)] = [
            (.pending, .completed, "order_completed"),
            (.completed, .pending, "order_status_changed"),
            (.pending, .inProgress, "order_status_changed"),
            (.inProgress, .ready, "order_status_changed"),
            (.ready, .inProgress, "order_status_changed"),
            (.inProgress, .completed, "order_completed"),
        ]
        for (from, to, _) in moves { try bar.move(order, from, to) }
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: Position(3), forStaff: 100)
        #expect(rows.map(\.event) == moves.map(\.2))
        for (row, (from, to, event)) in zip(rows, moves) {
            let document = try #require(JSONValue(parsing: row.document).object)
            #expect(document["type"]?.string == event)
            #expect(document["position"]?.integer == row.position.number)
            #expect(document["previous_status"]?.string == from.rawValue)
            #expect(document["data"]?.object?["status"]?.string == to.rawValue)
        }
    }

    /// The rules let few of these in; a log of another release may hold any.
    @Test(arguments: [
        "line\none\r\ntwo", "\"quoted\" \\ and /", "a\u{2028}b\u{2029}c\u{85}", "👩‍👩‍👧‍👦 é e\u{301}",
        "\u{1}\u{1B}[31m\u{1F}\t\u{8}\u{C}\u{7F}", "\n\nevent: order_created\ndata: {}\n\n",
        "</script>", "",
    ])
    func `are one line of JSON, whatever anybody writes`(text: String) throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let order = try bar.order(drink, "x" + text, by: "Bo" + text, note: text)
        try bar.move(order, .pending, .rejected, reason: text)
        try bar.out("x" + text)
        var settings = Settings()
        settings.name = "x" + text
        try bar.append([.bar(.orderingPaused(message: text)), .settings(.changed(settings))])
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: Position(2), limit: 99)
        #expect(rows.count == 7)
        for row in rows {
            #expect(!row.document.contains { $0 < 0x20 })
            let document = try #require(JSONValue(parsing: row.document).object)
            #expect(document["type"]?.string == row.event)
            let data = try #require(document["data"]?.object)
            switch row.event {
            case "order_created", "order_status_changed":
                #expect(data["note"]?.string == text && data["username"]?.string == "Bo" + text)
                #expect(data["drink"]?.object?["name"]?.string == "x" + text)
                let last = data["timeline"]?.array?.last?.object
                #expect(row.event == "order_created" || last?["reason"]?.string == text)
            case "menu_changed": #expect(data["ingredient"]?.string == "x" + text)
            default: #expect(data["message"]?.string == text)
            }
        }
    }

    // MARK: To whom

    @Test func `tell guests of no drink that they neither saw nor see`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let name = ImageName(id: bar.id(), after: "a.jpg", ending: "jpg")
        var hidden = DrinkFacts(sectionID: section, name: "Secret")
        hidden.isActive = false
        let shown = DrinkFacts(sectionID: section, name: "Known")
        let drink = try bar.drink(section) { $0.isActive = false }
        let events: [(Drink.Event, String)] = [
            (.imageAttached(drink, name), "staff"), (.updated(drink, hidden), "staff"),
            (.updated(drink, shown), "everyone"), (.imageRemoved(drink), "everyone"),
            (.updated(drink, shown), "everyone"), (.updated(drink, hidden), "everyone"),
            (.imageAttached(drink, name), "staff"), (.deleted(drink), "staff"),
        ]
        try bar.append(events.map { .drink($0.0) })
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: Position(1), limit: 100)
        #expect(rows.map(\.audience.text) == ["staff"] + events.map(\.1))
        let guests = try bar.notifications().rows(
            after: Position(1), forGuest: "\(Self.ana)", limit: 100)
        #expect(guests.map(\.position.number) == [5, 6, 7, 8])
    }

    @Test func `tell guests of no ingredient that they find in no drink`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let rum = IngredientLine(name: "Rum", substitutes: ["Cachaça"])
        var facts = DrinkFacts(sectionID: section, name: "Secret")
        facts.ingredients = [rum]
        facts.isActive = false
        var (shown, changed) = (facts, facts)
        (shown.isActive, changed.isActive) = (true, true)
        changed.ingredients = [IngredientLine(name: "Gin")]
        let drink = try bar.drink(section) { $0 = facts }
        func out(_ name: String) -> Event { .ingredient(.ranOut(name: name)) }
        let events: [(Event, String)] = [
            (out("Rum"), "staff"), (.ingredient(.restocked(name: "Rum")), "staff"),
            (out("Cachaça"), "staff"), (out("Nobody's"), "staff"),
            (.drink(.updated(drink, shown)), "everyone"), (out(" rum "), "everyone"),
            (.ingredient(.restocked(name: "RUM")), "everyone"), (out("Cachaça"), "everyone"),
            (.drink(.updated(drink, changed)), "everyone"), (out("Rum"), "staff"),
            (out("Gin"), "everyone"), (.drink(.deleted(drink)), "everyone"), (out("Gin"), "staff"),
        ]
        try bar.append(events.map(\.0))
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: Position(2), limit: 100)
        #expect(rows.map(\.audience.text) == events.map(\.1))
    }

    @Test func `about an order by hand are for staff alone`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let order: OrderID = bar.id()
        try bar.append(
            .order(
                .placed(
                    OrderPlaced(
                        id: order, ticket: 1, guest: nil, username: "Kim",
                        drink: OrderedDrink(id: drink, version: Version(1), name: "D"),
                        quantity: 1, note: ""))))
        try bar.move(order, .pending, .ready)
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: Position(2), limit: 100)
        #expect(rows.map(\.audience) == [.staff, .staff])
        #expect(rows.allSatisfy { String(decoding: $0.document, as: UTF8.self).contains("Kim") })
    }

    // MARK: Reading

    @Test func `are read page by page, and no position in halves`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let drink = try bar.drink(section) {
            $0.ingredients = (1...9).map { IngredientLine(name: "x\($0)") }
        }
        for number in 1...9 {
            _ = try bar.order(drink, ticket: Int64(number), by: number % 3 == 0 ? "Bo" : "Ana")
            if number % 2 == 0 { try bar.out("x\(number)") }
        }
        try bar.build(.notifications)
        let reader = try bar.notifications()
        let all = try reader.rows(after: .start, limit: 1_000)
        #expect(all.count == 2 + 9 * 2 + 4)
        #expect(all.map(\.position) == all.map(\.position).sorted())
        for limit in 1...7 {
            var paged: [NotificationRow] = []
            while true {
                let page = try reader.rows(after: paged.last?.position ?? .start, limit: limit)
                if page.isEmpty { break }
                #expect(page.count <= limit + 1)
                paged += page
            }
            #expect(paged == all, "limit \(limit)")
        }
        for (audience, mine) in [
            (NotificationAudience.staff, nil), (.guest("\(Self.ana)"), "\(Self.ana)"),
            (.guest("\(TestModels.guest("Bo"))"), "\(TestModels.guest("Bo"))"),
        ] as [(NotificationAudience, String?)] {
            let wanted = all.filter { $0.audience == audience || $0.audience == .everyone }
            var paged: [NotificationRow] = []
            while true {
                let last = paged.last?.position ?? .start
                let page =
                    try mine.map { try reader.rows(after: last, forGuest: $0, limit: 2) }
                    ?? reader.rows(after: last, forStaff: 2)
                if page.isEmpty { break }
                #expect(page.count <= 2)
                paged += page
            }
            #expect(paged == wanted && wanted.count > 6)
        }
        for name in ["staff", "everyone"] {
            #expect(try reader.rows(after: .start, forGuest: name, limit: 9).isEmpty)
        }
        #expect(try reader.rows(after: all.last?.position ?? .start, limit: 9).isEmpty)
    }

    @Test func `are a page once there are so many bytes, however few they are`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        for number in 1...9 {
            _ = try bar.order(
                drink, ticket: Int64(number), by: "Ana", note: String(repeating: "x", count: 400))
        }
        try bar.build(.notifications)
        let reader = try bar.notifications()
        let all = try reader.rows(after: Position(2), limit: 99)
        try #require(all.allSatisfy { (700...1_000).contains($0.document.count) })
        let ana = "\(Self.ana)"
        // The second of two that are over it together; of all, with the other row of its position.
        for bytes in [1, 700, 1_001, 1_400, 5_000] {
            let least = 1 + (bytes - 1) / 1_000
            for page in [
                try reader.rows(after: Position(2), forGuest: ana, limit: 99, bytes: bytes),
                try reader.rows(after: Position(2), forStaff: 99, bytes: bytes),
            ] {
                #expect((least...(least + 2)).contains(page.count), "\(bytes)")
                #expect(page.map(\.position.number) == (3..<(3 + Int64(page.count))).map { $0 })
            }
            let whole = try reader.rows(after: Position(2), limit: 99, bytes: bytes)
            #expect(whole.count % 2 == 0 && whole.count < all.count, "\(bytes)")
            #expect(whole[...] == all.prefix(whole.count))
        }
        // What was not read to its end is read from its beginning the next time.
        #expect(try reader.rows(after: Position(2), limit: 99) == all)
        #expect(try reader.rows(after: Position(2), forStaff: 99).count == 9)
    }

    // MARK: A day

    @Test func `stay for a day of the log to the microsecond`() throws {
        let bar = try TestModels()
        _ = try bar.section("first")
        _ = try bar.section("second")
        let first = try #require(try bar.log.recordedAt(upTo: Position(1)))
        func positions() throws -> (rows: [Int64], retainedAfter: Int64) {
            try bar.build(.notifications)
            let reader = try bar.notifications()
            return (
                try reader.rows(after: .start, limit: 9).map(\.position.number),
                try reader.retainedAfter().number
            )
        }
        bar.clock = Time(microseconds: first.microseconds + Self.day)
        _ = try bar.section("a day later")
        #expect(try positions() == ([1, 2, 3], 0))
        bar.clock = Time(microseconds: first.microseconds + Self.day + 1)
        // Of something that guests are not told of.
        try bar.append(.apiKey(.disabled(bar.id())))
        #expect(try positions() == ([2, 3], 1))
        bar.clock = Time(microseconds: first.microseconds + 2 * Self.day + 1)
        _ = try bar.section("two days later")
        #expect(try positions() == ([5], 3))
        bar.clock = Time(microseconds: first.microseconds + 9 * Self.day)
        try bar.append(.apiKey(.disabled(bar.id())))
        #expect(try positions() == ([], 5))
    }

    @Test func `tell of an order that was placed long ago, and moves once more`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let order = try bar.order(drink, note: "no ice")
        try bar.move(order, .pending, .completed)
        bar.clock = Time(microseconds: TestModels.noon.microseconds + 900 * Self.day)
        try bar.move(order, .completed, .pending)
        try bar.build(.notifications)
        let rows = try bar.notifications().rows(after: .start, limit: 9)
        #expect(rows.map(\.position.number) == [5, 5])
        let data = try #require(JSONValue(parsing: rows[0].document).object?["data"]?.object)
        #expect(data["note"]?.string == "no ice" && data["username"]?.string == "Ana")
        #expect(data["timeline"]?.array?.count == 3)
    }
}
