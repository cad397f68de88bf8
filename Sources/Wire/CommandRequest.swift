public import Domain

/// A change somebody asks for, as the front or the command line passes it on.
///
/// The body is JSON as it came: the commands process reads and checks it, in one place for all.
public struct CommandRequest: Equatable, Sendable {
    public var route: CommandRoute
    public var caller: Caller
    /// The id or name in the path; empty where the route has none.
    public var target: String
    /// The client's Idempotency-Key; nil without one.
    public var key: String?
    /// The client's If-Match; nil without one.
    public var ifMatch: String?
    public var body: [UInt8]

    public init(
        route: CommandRoute, caller: Caller, target: String = "", key: String? = nil,
        ifMatch: String? = nil, body: [UInt8]
    ) {
        self.route = route
        self.caller = caller
        self.target = target
        self.key = key
        self.ifMatch = ifMatch
        self.body = body
    }

    func encode(into frame: inout WireEncoder) {
        frame.byte(route.rawValue)
        frame.text(caller.description)
        frame.text(target)
        frame.optionalText(key)
        frame.optionalText(ifMatch)
        frame.blob(body)
    }

    init(from frame: inout WireDecoder) throws(WireError) {
        guard let route = CommandRoute(rawValue: try frame.byte()) else {
            throw WireError(reason: "an unknown route")
        }
        guard let caller = Caller(try frame.text()) else {
            throw WireError(reason: "an unknown caller")
        }
        self.route = route
        self.caller = caller
        target = try frame.text()
        key = try frame.optionalText()
        ifMatch = try frame.optionalText()
        body = try frame.blob()
    }
}

/// The requests that change something.
///
/// The numbers are part of the frame: add, never reuse.
public enum CommandRoute: UInt8, CaseIterable, Sendable {
    case createSection = 1
    case createDrink = 2
    case markIngredient = 3
    case acceptOrders = 4
    case placeOrder = 5
    case changeOrderStatus = 6
    case updateSection = 7
    case deleteSection = 8
    case updateDrink = 9
    case deleteDrink = 10
    case cancelOrder = 11
    case placeOrderForGuest = 12
    case changeSettings = 13

    /// Method and path as the public contract writes them; part of a command's id.
    public var text: String {
        switch self {
        case .createSection: "POST /admin/sections"
        case .createDrink: "POST /admin/drinks"
        case .markIngredient: "PUT /admin/ingredients/{name}"
        case .acceptOrders: "PUT /admin/bar"
        case .placeOrder: "POST /orders"
        case .changeOrderStatus: "PUT /admin/orders/{id}"
        case .updateSection: "PUT /admin/sections/{id}"
        case .deleteSection: "DELETE /admin/sections/{id}"
        case .updateDrink: "PUT /admin/drinks/{id}"
        case .deleteDrink: "DELETE /admin/drinks/{id}"
        case .cancelOrder: "POST /orders/{id}/cancel"
        case .placeOrderForGuest: "POST /admin/orders"
        case .changeSettings: "PUT /admin/settings"
        }
    }
}
