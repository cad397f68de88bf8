public import Domain
internal import JSON

/// The stored form of each domain event: its stream, its type, its JSON.
///
/// What is written here is read again for as long as a log lives. A change of shape is a new schema
/// version in the catalogue with an upcaster, never an edit of what an old version meant.
public enum EventCoding {
    public static func stream(of id: SectionID) -> String { "section-\(id)" }
    public static func stream(of id: DrinkID) -> String { "drink-\(id)" }
    public static func stream(of id: OrderID) -> String { "order-\(id)" }
    public static func stream(of id: ImageID) -> String { "image-\(id)" }
    public static func stream(of key: IngredientKey) -> String { "ingredient-\(key.text)" }
    public static let barStream = "bar"
    public static let settingsStream = "settings"
    public static let logStream = "log"

    /// The event as the log takes it, its personal members in the open: see ``Sealed``.
    public static func encode(_ event: Event, expecting expected: ExpectedVersion) -> NewEvent {
        let (stream, type) = address(of: event)
        var json = JSONWriter(reserving: 320)
        json.object { write(event, into: &$0) }
        guard let schema = Catalogue.current.schema(of: type) else {
            preconditionFailure("the event type \(type) is missing in the catalogue")
        }
        return NewEvent(
            stream: stream, expected: expected, type: type, schema: schema, data: json.bytes)
    }

    private static func address(of event: Event) -> (stream: String, type: String) {
        switch event {
        case .section(.created(let id, _)): (stream(of: id), "SectionCreated")
        case .section(.updated(let id, _)): (stream(of: id), "SectionUpdated")
        case .section(.deleted(let id)): (stream(of: id), "SectionDeleted")
        case .drink(.created(let id, _)): (stream(of: id), "DrinkCreated")
        case .drink(.updated(let id, _)): (stream(of: id), "DrinkUpdated")
        case .drink(.imageAttached(let id, _)): (stream(of: id), "DrinkImageAttached")
        case .drink(.imageRemoved(let id)): (stream(of: id), "DrinkImageRemoved")
        case .drink(.deleted(let id)): (stream(of: id), "DrinkDeleted")
        case .ingredient(.ranOut(let name)):
            (stream(of: IngredientKey(name)), "IngredientRanOut")
        case .ingredient(.restocked(let name)):
            (stream(of: IngredientKey(name)), "IngredientRestocked")
        case .bar(.orderingPaused): (barStream, "OrderingPaused")
        case .bar(.orderingResumed): (barStream, "OrderingResumed")
        case .settings(.changed): (settingsStream, "SettingsChanged")
        case .order(.placed(let order)): (stream(of: order.id), "OrderPlaced")
        case .order(.statusChanged(let change)): (stream(of: change.id), "OrderStatusChanged")
        case .code(let event): address(of: event)
        case .guest(let event): address(of: event)
        case .account(let event): address(of: event)
        case .session(let event): address(of: event)
        case .apiKey(let event): address(of: event)
        case .image(.uploaded(let image)): (stream(of: image.name.id), "ImageUploaded")
        case .logRestored: (logStream, "LogRestored")
        }
    }

    private static func write(_ event: Event, into json: inout JSONWriter) {
        switch event {
        case .section(.created(let id, let facts)), .section(.updated(let id, let facts)):
            write(facts, of: id, into: &json)
        case .section(.deleted(let id)): json.member("section_id", id.description)
        case .drink(.created(let id, let facts)), .drink(.updated(let id, let facts)):
            write(facts, of: id, into: &json)
        case .drink(.imageAttached(let id, let image)):
            json.member("drink_id", id.description)
            json.member("image_key", image.key)
            json.member("image_url", image.url)
        case .drink(.imageRemoved(let id)), .drink(.deleted(let id)):
            json.member("drink_id", id.description)
        case .ingredient(.ranOut(let name)), .ingredient(.restocked(let name)):
            json.member("ingredient", name)
        case .bar(.orderingPaused(let message)), .bar(.orderingResumed(let message)):
            if let message { json.member("message", message) }
        case .settings(.changed(let settings)):
            json.member("name", settings.name)
            json.member("show_recipes", settings.showRecipes)
            json.member("max_active_orders", orNull: settings.maxActiveOrders)
            json.member("wait_minutes", settings.waitMinutes)
            json.member("late_minutes", settings.lateMinutes)
        case .order(.placed(let order)):
            json.member("order_id", order.id.description)
            json.member("ticket", order.ticket)
            if let guest = order.guest { json.member("guest_id", guest.description) }
            json.name("drink")
            json.object {
                $0.member("id", order.drink.id.description)
                $0.member("version", order.drink.version.number)
                $0.member("name", order.drink.name)
            }
            json.member("quantity", order.quantity)
            if let name = order.username { json.member("username", name) }
            if !order.note.isEmpty { json.member("note", order.note) }
        case .order(.statusChanged(let change)):
            json.member("order_id", change.id.description)
            json.member("from", change.from.rawValue)
            json.member("to", change.to.rawValue)
            if let reason = change.reason { json.member("reason", reason) }
        case .code(let event): write(event, into: &json)
        case .guest(let event): write(event, into: &json)
        case .account(let event): write(event, into: &json)
        case .session(let event): write(event, into: &json)
        case .apiKey(let event): write(event, into: &json)
        case .image(.uploaded(let image)): write(image, into: &json)
        case .logRestored(let backup):
            json.member("position", backup.position.number)
            json.member("root", backup.root)
            json.member("made_at", backup.madeAt.description)
        }
    }

    /// Reads a stored event.
    ///
    /// - Throws: ``LogError/notInCatalogue(type:schema:)`` or
    ///   ``LogError/undecodable(type:schema:reason:)``.
    public static func decode(
        type: String, schema: Int, data: [UInt8]
    ) throws(LogError) -> Event {
        let today = try Catalogue.current.upcast(type: type, schema: schema, data: data)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: today) } catch {
            throw .undecodable(type: type, schema: schema, reason: error.description)
        }
        guard let object = value.object else {
            throw .undecodable(type: type, schema: schema, reason: "not an object")
        }
        do throws(MissingField) {
            return try read(type, Fields(object))
        } catch {
            throw .undecodable(type: type, schema: schema, reason: error.description)
        }
    }

    private static func read(_ type: String, _ fields: Fields) throws(MissingField) -> Event {
        switch type {
        case "SectionCreated":
            .section(.created(try fields.id("section_id"), try readSection(fields)))
        case "SectionUpdated":
            .section(.updated(try fields.id("section_id"), try readSection(fields)))
        case "SectionDeleted": .section(.deleted(try fields.id("section_id")))
        case "DrinkCreated": .drink(.created(try fields.id("drink_id"), try readDrink(fields)))
        case "DrinkUpdated": .drink(.updated(try fields.id("drink_id"), try readDrink(fields)))
        case "DrinkImageAttached":
            .drink(.imageAttached(try fields.id("drink_id"), try readAttached(fields)))
        case "DrinkImageRemoved": .drink(.imageRemoved(try fields.id("drink_id")))
        case "DrinkDeleted": .drink(.deleted(try fields.id("drink_id")))
        case "IngredientRanOut": .ingredient(.ranOut(name: try fields.text("ingredient")))
        case "IngredientRestocked": .ingredient(.restocked(name: try fields.text("ingredient")))
        case "OrderingPaused": .bar(.orderingPaused(message: try fields.optionalText("message")))
        case "OrderingResumed": .bar(.orderingResumed(message: try fields.optionalText("message")))
        case "SettingsChanged": .settings(.changed(try readSettings(fields)))
        case "OrderPlaced": .order(.placed(try readOrderPlaced(fields)))
        case "OrderStatusChanged":
            .order(
                .statusChanged(
                    OrderStatusChanged(
                        id: try fields.id("order_id"), from: try fields.status("from"),
                        to: try fields.status("to"), reason: try fields.optionalText("reason"))))
        case "ImageUploaded": .image(.uploaded(try readImage(fields)))
        case "LogRestored":
            .logRestored(
                LogRestored(
                    position: Position(try fields.integer("position")),
                    root: try fields.text("root"), madeAt: try fields.time("made_at")))
        default: try readAccess(type, fields)
        }
    }

    private static func readSettings(_ fields: Fields) throws(MissingField) -> Settings {
        var settings = Settings()
        settings.name = try fields.text("name")
        settings.showRecipes = try fields.bool("show_recipes")
        settings.maxActiveOrders = try fields.integer(orNull: "max_active_orders")
        settings.waitMinutes = try fields.integer("wait_minutes")
        settings.lateMinutes = try fields.integer("late_minutes")
        return settings
    }

    private static func readOrderPlaced(_ fields: Fields) throws(MissingField) -> OrderPlaced {
        let drink = try fields.object("drink")
        return OrderPlaced(
            id: try fields.id("order_id"), ticket: try fields.integer("ticket"),
            guest: try fields.optionalID("guest_id"),
            username: try fields.optionalText("username"),
            drink: OrderedDrink(
                id: try drink.id("id"), version: Version(try drink.integer("version")),
                name: try drink.text("name")),
            quantity: try fields.integer("quantity"), note: try fields.optionalText("note") ?? "")
    }
}
