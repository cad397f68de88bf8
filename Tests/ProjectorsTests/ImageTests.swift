import Domain
import JSON
import ReadModels
import Testing

@Suite("A drink with a photo") struct ImageTests {
    private let image = ImageName(id: ImageID(UUID(high: 1, low: 2)), after: "a.jpg", ending: "jpg")
    private let other = ImageName(id: ImageID(UUID(high: 1, low: 3)), after: "b.png", ending: "png")

    @Test func `is shown with it by menu and search alike, until it is taken off`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let drink = try bar.drink(section) { $0.ingredients = [IngredientLine(name: "Rum")] }
        func shown() throws -> (url: JSONValue?, version: Int64?) {
            try bar.build(.menu)
            try bar.build(.search)
            let menu = try #require(bar.drinks().first)
            #expect(try bar.found(SearchQuery()).drinks == [menu])
            return (menu["image_url"], menu["version"]?.integer)
        }
        #expect(try shown() == (.null, 1))
        try bar.append(.drink(.imageAttached(drink, image)))
        #expect(try shown() == (.string(image.url), 2))
        try bar.append(.drink(.updated(drink, DrinkFacts(sectionID: section, name: "Other"))))
        #expect(try shown() == (.string(image.url), 3))
        // Not served for a while, and then again.
        var facts = DrinkFacts(sectionID: section, name: "Other")
        facts.isActive = false
        try bar.append(.drink(.updated(drink, facts)))
        try bar.append(.drink(.imageAttached(drink, other)))
        facts.isActive = true
        try bar.append(.drink(.updated(drink, facts)))
        #expect(try shown() == (.string(other.url), 6))
        try bar.append(.drink(.imageRemoved(drink)))
        #expect(try shown() == (.null, 7))
    }

    @Test func `keeps in its orders the one that it had then`() throws {
        let bar = try TestModels()
        let section = try bar.section()
        let drink = try bar.drink(section) { $0.ingredients = [IngredientLine(name: "Rum")] }
        func order(_ version: Int64) throws {
            try bar.append(
                .order(
                    .placed(
                        OrderPlaced(
                            id: bar.id(), ticket: version, guest: nil, username: "Ana",
                            drink: OrderedDrink(id: drink, version: Version(version), name: "D"),
                            quantity: 1, note: ""))))
        }
        var facts = DrinkFacts(sectionID: section, name: "Daiquiri")
        facts.ingredients = [IngredientLine(name: "Rum")]
        try bar.append(.drink(.imageAttached(drink, image)))
        try bar.append(.drink(.updated(drink, facts)))
        try bar.append(.drink(.imageRemoved(drink)))
        for version in 1...4 as ClosedRange<Int64> { try order(version) }
        try bar.build(.orders)
        let orders = try bar.orders().orders(of: [.pending], after: .start, limit: 9).orders
        let urls = [nil, image.url, image.url, nil]
        #expect(orders.map(\.imageURL) == urls)
        for (order, url) in zip(orders, urls) {
            let drink = try #require(JSONValue(parsing: order.snapshot).object)
            #expect(drink["image_url"] == (url.map { .string($0) } ?? .null))
            #expect(drink["version"]?.integer == order.ticket)
            #expect(drink["ingredients"]?.array?.count == 1)
        }
        // A bottle that runs out touches all of them.
        #expect(try bar.orders().waitingOrders(naming: IngredientKey("rum")).count == 4)
    }
}
