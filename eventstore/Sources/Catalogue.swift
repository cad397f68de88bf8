public import JSON

/// The event types this log takes, each with the version of its schema that is written today.
///
/// `eventstore/catalogue/TYPE.VERSION.json` describes each in JSON Schema with examples.
public struct Catalogue: Sendable {
    /// Rewrites the data of one schema version as the next would have written it.
    ///
    /// Pure.
    public typealias Upcaster = @Sendable (JSONObject) -> JSONObject

    /// One type: it is written with schema `upcasters.count + 1`, and `upcasters[n - 1]` lifts
    /// version n to n + 1.
    public struct Entry: Sendable {
        public let type: String
        public let upcasters: [Upcaster]
        /// Members that stand sealed in the log.
        public let personal: [String]

        public init(_ type: String, upcasters: [Upcaster] = [], personal: [String] = []) {
            self.type = type
            self.upcasters = upcasters
            self.personal = personal
        }

        public var schema: Int { upcasters.count + 1 }
    }

    private let entries: [String: Entry]

    public init(_ entries: [Entry]) {
        self.entries = Dictionary(entries.map { ($0.type, $0) }) { first, _ in first }
    }

    /// The catalogue of this release.
    public static let current = Catalogue([
        Entry("SectionCreated"), Entry("SectionUpdated"), Entry("SectionDeleted"),
        Entry("DrinkCreated"), Entry("DrinkUpdated"), Entry("DrinkDeleted"),
        Entry("DrinkImageAttached"), Entry("DrinkImageRemoved"), Entry("ImageUploaded"),
        Entry("IngredientRanOut"), Entry("IngredientRestocked"),
        Entry("OrderingPaused"), Entry("OrderingResumed"),
        Entry("SettingsChanged", upcasters: [sayWhenOrdersAreLate]),
        Entry("OrderPlaced", upcasters: [nameGuestOfOrder], personal: ["username", "note"]),
        Entry("OrderStatusChanged"),
        Entry("RegistrationCodeIssued"), Entry("RegistrationCodeRevoked"),
        Entry("GuestRegistered", personal: ["username"]), Entry("GuestDisabled"),
        Entry("GuestLeft"), Entry("GuestForgotten"),
        Entry("AccountAdded"), Entry("AccountRemoved"), Entry("AccountPasswordChanged"),
        Entry("AccountSignedIn"), Entry("SessionEnded"),
        Entry("ApiKeyIssued"), Entry("ApiKeyDisabled"),
        Entry("LogRestored"),
    ])

    /// Members of a type's data that are about a person, and sealed when it is appended.
    public func personal(of type: String) -> [String] { entries[type]?.personal ?? [] }

    public var types: [String] { entries.keys.sorted() }

    /// The schema that a type is written with; nil for a type that is not in the catalogue.
    public func schema(of type: String) -> Int? { entries[type]?.schema }

    /// Lifts stored data to the schema of today; data of today's schema is returned as it is.
    ///
    /// - Throws: ``LogError/notInCatalogue(type:schema:)`` for an unknown type or a schema of the
    ///   future, ``LogError/undecodable(type:schema:reason:)`` for data that is not a JSON object.
    public func upcast(
        type: String, schema: Int, data: [UInt8]
    ) throws(LogError) -> [UInt8] {
        guard let entry = entries[type], (1...entry.schema).contains(schema) else {
            throw .notInCatalogue(type: type, schema: schema)
        }
        guard schema < entry.schema else { return data }
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: data) } catch {
            throw .undecodable(type: type, schema: schema, reason: error.description)
        }
        guard var object = value.object else {
            throw .undecodable(type: type, schema: schema, reason: "not an object")
        }
        for upcaster in entry.upcasters[(schema - 1)...] { object = upcaster(object) }
        var json = JSONWriter(reserving: data.count + 64)
        json.value(.object(object))
        return json.bytes
    }
}

/// Before there were settings for it, both boards coloured an order after 5 and 8 minutes.
private func sayWhenOrdersAreLate(_ settings: JSONObject) -> JSONObject {
    var lifted = settings
    lifted["wait_minutes"] = .integer(5)
    lifted["late_minutes"] = .integer(8)
    return lifted
}

/// Before guests had ids an order named them, and wrote every note in the open.
private func nameGuestOfOrder(_ order: JSONObject) -> JSONObject {
    var lifted = order
    for name in ["guest", "note"] { lifted[name] = nil }
    // What is missing was never right, and is not taken for an order without a name.
    lifted["username"] = order["guest"] ?? .null
    let note = order["note"] ?? .null
    if note != .string("") { lifted["note"] = note }
    return lifted
}
