/// What the bar should tell of one event, worked out from the log's rows alone.
struct Told: Equatable {
    enum Audience: Equatable {
        case everyone, staff
        /// Staff, and the guest with this id.
        case guest(String)
    }

    let audience: Audience
    /// The position, the name, and what has changed in a few words.
    let text: String
}

extension LogRows {
    /// What staff are told of after a position, oldest first.
    func toldStaff(after: Int = 0) -> [String] { told(after: after).map(\.text) }

    /// What the guest with this id is told of after a position, oldest first.
    func told(guest: String, after: Int = 0) -> [String] {
        told(after: after).filter { $0.audience == .everyone || $0.audience == .guest(guest) }
            .map(\.text)
    }

    private func told(after: Int) -> [Told] {
        var owners: [String: String] = [:]
        var served: [String: Set<String>] = [:]
        return rows.compactMap { row in
            if row.type == "OrderPlaced", let order = row.data["order_id"].string {
                owners[order] = row.data["guest_id"].string
            }
            if let drink = row.data["drink_id"].string { row.serve(drink, in: &served) }
            guard row.position > after else { return nil }
            return row.told(owners: owners, served: served)
        }
    }
}

extension LogRows.Row {
    /// The changes of the menu, by what the log calls them, with what they name.
    private static let menu = [
        "SectionCreated": ("section_created", "section_id"),
        "SectionUpdated": ("section_updated", "section_id"),
        "SectionDeleted": ("section_deleted", "section_id"),
        "DrinkCreated": ("drink_created", "drink_id"),
        "DrinkUpdated": ("drink_updated", "drink_id"),
        "DrinkDeleted": ("drink_deleted", "drink_id"),
        "DrinkImageAttached": ("drink_image_changed", "drink_id"),
        "DrinkImageRemoved": ("drink_image_changed", "drink_id"),
        "IngredientRanOut": ("ingredient_ran_out", "ingredient"),
        "IngredientRestocked": ("ingredient_restocked", "ingredient"),
    ]

    /// What guests find in a drink from now on, in small letters.
    fileprivate func serve(_ drink: String, in served: inout [String: Set<String>]) {
        switch type {
        case "DrinkCreated", "DrinkUpdated":
            let lines = data["is_active"].bool == true ? data["ingredients"].list : []
            served[drink] = Set(
                lines.flatMap { [$0["name"]] + $0["substitutes"].list }
                    .compactMap { $0.string?.lowercased() })
        case "DrinkDeleted": served[drink] = nil
        default: break
        }
    }

    fileprivate func told(owners: [String: String], served: [String: Set<String>]) -> Told? {
        if let (change, subject) = Self.menu[type] {
            let isSecret = data["ingredient"].string.map { name in
                !served.values.contains { $0.contains(name.lowercased()) }
            }
            return Told(
                audience: isSecret == true ? .staff : .everyone,
                text: "\(position) menu_changed \(change) \(data[subject].string ?? "")")
        }
        let order = data["order_id"].string ?? ""
        let audience = owners[order].map { Told.Audience.guest($0) } ?? .staff
        switch type {
        case "OrderPlaced":
            return Told(audience: audience, text: "\(position) order_created \(order) pending")
        case "OrderStatusChanged":
            let (from, to) = (data["from"].string ?? "", data["to"].string ?? "")
            let name = to == "completed" ? "order_completed" : "order_status_changed"
            return Told(audience: audience, text: "\(position) \(name) \(order) \(from)>\(to)")
        case "OrderingPaused", "OrderingResumed", "SettingsChanged":
            return Told(audience: .everyone, text: "\(position) bar_changed")
        default:
            return nil
        }
    }
}

extension EventStream.Event {
    /// The same words for what was told.
    var told: String {
        let (document, data) = (document, data)
        switch name {
        case "menu_changed":
            let subject = ["section_id", "drink_id", "ingredient"].compactMap { data[$0].string }
            return "\(position) menu_changed \(data["change"].string ?? "") "
                + subject.joined(separator: " ")
        case "order_created", "order_status_changed", "order_completed":
            let before = document["previous_status"].string.map { $0 + ">" } ?? ""
            return "\(position) \(name) \(data["id"].string ?? "") "
                + before + (data["status"].string ?? "")
        default:
            return "\(position) \(name)"
        }
    }
}
