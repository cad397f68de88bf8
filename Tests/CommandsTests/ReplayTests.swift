import Commands
import Domain
import EventStore
import Testing
import Wire

/// Chance that can be had again from its seed. Source: SplitMix64
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

@Suite("The state tables") struct ReplayTests {
    @Test func `hold what a replay of the log gives, after 2,000 random commands`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(state: seed)
        let bar = try TestBar(maxActiveOrders: 4)
        let section = try bar.section()
        let drinks = try ["Rum", "Gin", "Lime"].map {
            try bar.drink(section, $0, #","ingredients":["\#($0)"]"#)
        }
        // Names that are easily confused: by case, by width, by the ways to write one letter.
        let guests = ["Ana", "ana", "José", "Jose\u{301}", "さくら", "نور", "\u{301}", "O'Hara"]
        let shelf = ["Rum", "rum", "Gin", "Lime", "Cafe\u{301}", "Café"]
        let statuses = OrderStatus.allCases.map(\.rawValue)
        var orders: [String] = []
        var keys = 0
        var commands = 0
        while commands < 2_000 {
            let batch = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                keys += 1
                // A tenth repeats a key, mostly with another body.
                let key = Int.random(in: 0..<10, using: &random) == 0 ? keys / 2 : keys
                let text = "k-\(key)"
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<4:
                    let note = Int.random(in: 0..<40, using: &random) == 0 ? "poison" : ""
                    return bar.order(
                        drinks.randomElement(using: &random) ?? "",
                        by: guests.randomElement(using: &random) ?? "", note: note, key: text)
                case 4..<9:
                    return bar.move(
                        orders.suffix(30).randomElement(using: &random) ?? "",
                        to: statuses.randomElement(using: &random) ?? "", key: text)
                default:
                    return bar.stock(
                        shelf.randomElement(using: &random) ?? "",
                        Bool.random(using: &random), key: text)
                }
            }
            if commands == 0 { try bar.poison() }
            commands += batch.count
            for (request, outcome) in zip(batch, try bar.handler.handle(batch)) {
                if case .accepted(let answer) = outcome, request.route == .placeOrder {
                    orders.append(answer.id)
                }
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                #expect(try bar.tables() == bar.replay(), "seed \(seed), command \(commands)")
                try bar.reopen()
            }
        }
        #expect(try bar.tables() == bar.replay(), "seed \(seed)")
        #expect(orders.count > 100, "seed \(seed)")
        #expect(bar.handler.log.damage == nil)
    }
}
