internal import DemoMenu
internal import Domain
internal import EventStore
internal import JSON
internal import Wire

extension CommandHandler {
    /// Loads the demo menu through the same door as every other change.
    ///
    /// Sections first, then all drinks in one batch: whoever is killed in between finds the sections there
    /// at the next start.
    /// - Returns: the number of drinks; 0 where the log has drinks already.
    func loadDemoMenu() throws -> Int {
        let drinks = try log.reader.read(type: "DrinkCreated", after: .start, limit: 1)
        guard drinks.isEmpty else { return 0 }
        let menu = demo_menu()
        let bytes = [UInt8](unsafe UnsafeBufferPointer(start: menu.bytes, count: menu.count))
        let sections = (try JSONValue(parsing: bytes).object?["sections"]?.array ?? [])
            .compactMap(\.object)
        var ids: [String: String] = [:]
        for (section, _) in try MenuContents(log.reader).sections {
            ids[section.facts.name] = section.id.description
        }
        var bodies: [JSONObject] = []
        for (place, section) in sections.enumerated() {
            var facts = section
            facts["drinks"] = nil
            facts["display_order"] = .integer(Int64(place + 1))
            let name = section["name"]?.string ?? ""
            if ids[name] == nil { ids[name] = try create(.createSection, [facts])[0] }
            for (place, drink) in (section["drinks"]?.array ?? []).enumerated() {
                guard var facts = drink.object else { continue }
                facts["section_id"] = ids[name].map { .string($0) }
                facts["display_order"] = .integer(Int64(place + 1))
                bodies.append(facts)
            }
        }
        return try create(.createDrink, bodies).count
    }

    /// One batch; every body must be accepted, since the menu is ours.
    private func create(_ route: CommandRoute, _ bodies: [JSONObject]) throws -> [String] {
        let requests = bodies.map { body in
            var json = JSONWriter(reserving: 1_024)
            json.value(.object(body))
            return CommandRequest(
                route: route, credential: .local(secret: vault.localKey, .system("demo")),
                body: json.bytes)
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
