/// What somebody asks for, as the front or the command line passes it on.
///
/// The body is JSON as it came: the commands process reads and checks it, in one place for all.
public struct CommandRequest: Equatable, Sendable {
    public var route: CommandRoute
    public var credential: Credential
    /// The id of the API key that came with it; nil from the command line.
    public var apiKey: String?
    /// The id or name in the path; empty where the route has none.
    public var target: String
    /// The client's Idempotency-Key; nil without one.
    public var key: String?
    /// The client's If-Match; nil without one.
    public var ifMatch: String?
    public var body: [UInt8]

    public init(
        route: CommandRoute, credential: Credential, apiKey: String? = nil, target: String = "",
        key: String? = nil, ifMatch: String? = nil, body: [UInt8]
    ) {
        self.route = route
        self.credential = credential
        self.apiKey = apiKey
        self.target = target
        self.key = key
        self.ifMatch = ifMatch
        self.body = body
    }

    func encode(into frame: inout WireEncoder) {
        frame.byte(route.rawValue)
        credential.encode(into: &frame)
        frame.optionalText(apiKey)
        frame.text(target)
        frame.optionalText(key)
        frame.optionalText(ifMatch)
        frame.blob(body)
    }

    init(from frame: inout WireDecoder) throws(WireError) {
        guard let route = CommandRoute(rawValue: try frame.byte()) else {
            throw WireError(reason: "an unknown route")
        }
        self.route = route
        credential = try Credential(from: &frame)
        apiKey = try frame.optionalText()
        target = try frame.text()
        key = try frame.optionalText()
        ifMatch = try frame.optionalText()
        body = try frame.blob()
    }
}
