internal import DemoMenu
internal import Domain
internal import EventStore
internal import JSON
internal import Wire

extension CommandHandler {
    /// Loads the demo menu through the same door as every other change.
    ///
    /// - Returns: the number of drinks; 0 where the log has drinks already.
    func loadDemoMenu() throws -> Int {
        let drinks = try log.reader.read(type: "DrinkCreated", after: .start, limit: 1)
        guard drinks.isEmpty else { return 0 }
        let menu = demo_menu()
        let bytes = [UInt8](unsafe UnsafeBufferPointer(start: menu.bytes, count: menu.count))
        let sections = try JSONValue(parsing: bytes).object?["sections"]?.array ?? []
        var count = 0
        for (place, section) in sections.enumerated() {
            guard var facts = section.object else { continue }
            let drinks = facts["drinks"]?.array ?? []
            facts["drinks"] = nil
            facts["display_order"] = .integer(Int64(place + 1))
            let id = try create(.createSection, [facts])[0]
            let bodies = drinks.enumerated().compactMap { place, drink -> JSONObject? in
                guard var facts = drink.object else { return nil }
                facts["section_id"] = .string(id)
                facts["display_order"] = .integer(Int64(place + 1))
                return facts
            }
            count += try create(.createDrink, bodies).count
        }
        return count
    }

    /// One batch; every body must be accepted, since the menu is ours.
    private func create(_ route: CommandRoute, _ bodies: [JSONObject]) throws -> [String] {
        let requests = bodies.map { body in
            var json = JSONWriter(reserving: 1_024)
            json.value(.object(body))
            return CommandRequest(route: route, caller: .system("demo"), body: json.bytes)
        }
        return try handle(requests).map { outcome in
            guard case .accepted(let accepted) = outcome else {
                throw DemoError(reason: "\(outcome)")
            }
            return accepted.id
        }
    }
}

struct DemoError: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the demo menu was not taken: \(reason)" }
}
