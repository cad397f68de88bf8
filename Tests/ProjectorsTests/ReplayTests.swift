import Audit
import Domain
import EventStore
import Foundation
import JSON
import ReadModels
import Testing

@testable import Projectors

@Suite("A replay") struct ReplayTests {
    @Test(arguments: ReadModel.all.map(\.name).filter { ModelPrinter.named($0) != nil })
    func `at any position equals a projector that stopped there`(name: String) throws {
        let model = try #require(ReadModel.named(name))
        let seed = UInt64.random(in: 1...(.max))
        print("seed \(seed)")
        var chance = SeededRandom(state: seed)
        let bar = try randomBar(&chance, events: 600)
        let head = try bar.log.head().position.number
        // The projector goes through the log in pages as they come, and stops at each place on its way.
        let projector = try bar.projection(model, "projector")
        let stops = (0..<48).map { _ in Int64.random(in: 1...head, using: &chance) } + [0, head]
        for (number, stop) in stops.sorted().enumerated() {
            while projector.position.number < stop {
                let page = Int.random(in: 1...40, using: &chance)
                _ = try projector.applyPage(limit: page, upTo: Position(stop))
            }
            let path = bar.path("replay-\(number)")
            try Replay.build(
                model, at: Position(stop), from: bar.log, into: path, progress: { _, _ in },
                goesOn: { true })
            // Opened as any other, it goes on where it ended.
            let replayed = try Projection(model, path: path, log: bar.log)
            #expect(replayed.position == Position(stop), "seed \(seed)")
            #expect(
                try replayed.contentDigest() == projector.contentDigest(),
                "seed \(seed), position \(stop)")
            for asJSON in [true, false] {
                let one = try shown(model, path, at: stop, asJSON)
                let other = try shown(model, bar.path("projector"), at: stop, asJSON)
                #expect(one == other, "seed \(seed), position \(stop)")
                if asJSON { _ = try JSONValue(parsing: Array(one.utf8)) }
            }
        }
    }

    private func shown(
        _ model: ReadModel, _ path: String, at position: Int64, _ asJSON: Bool
    ) throws -> String {
        var bytes: [UInt8] = []
        let printer = try #require(ModelPrinter.named(model.name))
        let moment = Moment(
            position: Position(position), recordedAt: position > 0 ? TestModels.noon : nil)
        try printer.print(path, at: moment, asJSON: asJSON) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `shows the menu for people`() throws {
        let bar = try TestModels()
        let section = try bar.section("Sours")
        _ = try bar.section("Empty")
        _ = try bar.drink(section, "Daiquiri") { facts in
            facts.ingredients = [
                IngredientLine(name: "Rum", amount: 60, unit: "ml"),
                IngredientLine(name: "Lime", amount: 22.5, unit: "ml"), IngredientLine(name: "Ice"),
            ]
        }
        _ = try bar.drink(section, "Pisco Sour") {
            $0.ingredients = [IngredientLine(name: "Pisco")]
        }
        try bar.out("Pisco")
        try bar.build(.menu)
        #expect(
            try shown(.menu, bar.path("menu"), at: 5, false) == """
                The menu at position 5, 2027-01-15T08:00:00Z

                Sours
                  Daiquiri                  Rum 60 ml, Lime 22.5 ml, Ice
                  Pisco Sour                out: no Pisco

                """)
    }

    @Test func `shows the orders for people`() throws {
        let bar = try TestModels()
        let drink = try bar.drink(bar.section())
        let first = try bar.order(drink, ticket: 1, note: "no ice\nplease")
        _ = try bar.order(drink, ticket: 2, by: "Bo")
        try bar.move(first, .pending, .ready)
        let third = try bar.order(drink, ticket: 3)
        try bar.move(third, .pending, .rejected, reason: "we are closing")
        try bar.append(.bar(.orderingPaused(message: "back at nine")))
        try bar.build(.orders)
        #expect(
            try shown(.orders, bar.path("orders"), at: 8, false) == """
                The orders at position 8, 2027-01-15T08:00:00Z: ordering is paused (back at nine)

                Waiting: 1
                     2  08:00  pending      Daiquiri  for Bo

                Ready: 1
                     1  08:00  ready        Daiquiri  for Ana: no ice\\nplease

                Done: 1
                     3  08:00  rejected     Daiquiri  for Ana (we are closing)

                """)
    }

    /// Whether members are picked out at a glance or by SQLite, the rows are the same.
    @Test func `does not depend on how an event's JSON is written`() throws {
        let bar = try TestModels()
        let other = try TestModels()
        let texts = [
            (
                "plain",
                #"{"order_id":"x","ticket":7,"username":"Ana","drink":{"id":"d","version":2,"name":"N"},"quantity":1,"note":""}"#
            ),
            (
                "spaced",
                #"{ "note": "", "quantity":1,"drink":{"name":"N","version":2,"id":"d"},"username":"\u0041na","ticket":7,"order_id":"x"}"#
            ),
        ]
        for (bar, (_, text)) in zip([bar, other], texts) {
            try bar.append("OrderPlaced", text, schema: 2)
            try bar.append(
                "OrderStatusChanged", #"{"order_id":"x","from":"pending","to":"ready"}"#)
        }
        #expect(
            try bar.build(.orders).contentDigest() == other.build(.orders).contentDigest())
        #expect(try bar.orders().order("x")?.quantity == 1)
    }

    @Test(arguments: ReadModel.all.map(\.name).filter { ModelPrinter.named($0) != nil })
    func `of nothing is an empty bar`(name: String) throws {
        let model = try #require(ReadModel.named(name))
        let bar = try TestModels()
        _ = try bar.section()
        try Replay.build(
            model, at: .start, from: bar.log, into: bar.path("empty"), progress: { _, _ in },
            goesOn: { true })
        let text = try shown(model, bar.path("empty"), at: 0, false)
        #expect(text.contains("position 0, before anything happened"))
    }

    private func randomBar(_ chance: inout SeededRandom, events: Int) throws -> TestModels {
        let bar = try TestModels()
        var sections = [try bar.section()]
        var drinks = [try bar.drink(sections[0])]
        var open: [(OrderID, OrderStatus)] = []
        let shelf = ["Rum", "Lime", "Mint", "Ice"]
        for number in 0..<events {
            switch Int.random(in: 0..<100, using: &chance) {
            case 0..<2: sections.append(try bar.section("Section \(number)"))
            case 2..<8:
                let names = shelf.filter { _ in Bool.random(using: &chance) }
                let section = sections.randomElement(using: &chance) ?? sections[0]
                drinks.append(
                    try bar.drink(section, "Drink \(number)") { facts in
                        facts.ingredients = names.map { IngredientLine(name: $0) }
                    })
            case 8..<14: try bar.out(shelf.randomElement(using: &chance) ?? "Rum")
            case 14..<22: try bar.restock(shelf.randomElement(using: &chance) ?? "Rum")
            case 22..<24: try bar.append(.bar(.orderingPaused(message: "\(number)")))
            case 24..<26: try bar.append(.bar(.orderingResumed(message: nil)))
            case 26..<33:
                guard let drink = drinks.randomElement(using: &chance) else { continue }
                var facts = DrinkFacts(
                    sectionID: sections.randomElement(using: &chance) ?? sections[0],
                    name: "Changed \(number)")
                facts.ingredients = shelf.filter { _ in Bool.random(using: &chance) }
                    .map { IngredientLine(name: $0, substitutes: ["Gin"]) }
                facts.isActive = Int.random(in: 0..<4, using: &chance) > 0
                facts.displayOrder = .random(in: 0..<9, using: &chance)
                facts.abv = Bool.random(using: &chance) ? 20 : nil
                try bar.append(.drink(.updated(drink, facts)))
            case 33..<35 where drinks.count > 1:
                let index = Int.random(in: 1..<drinks.count, using: &chance)
                try bar.append(.drink(.deleted(drinks.remove(at: index))))
            case 35..<38:
                let facts = Section.Facts(
                    name: "Renamed \(number)", displayOrder: .random(in: 0..<9, using: &chance))
                let section = sections.randomElement(using: &chance) ?? sections[0]
                try bar.append(.section(.updated(section, facts)))
            case 38..<39:
                var settings = Settings()
                settings.name = "Bar \(number)"
                try bar.append(.settings(.changed(settings)))
            case 39..<55:
                let drink = drinks.randomElement(using: &chance) ?? drinks[0]
                let order = try bar.order(drink, ticket: Int64(number), note: "note \(number)")
                open.append((order, .pending))
            default:
                guard let index = open.indices.randomElement(using: &chance) else { continue }
                let to = OrderStatus.allCases.randomElement(using: &chance) ?? .ready
                try bar.move(open[index].0, open[index].1, to)
                open[index].1 = to
            }
        }
        return bar
    }
}
