/// What a program shows with every request: control, not authentication.
public enum APIKey {
    public enum Event: Equatable, Sendable {
        case issued(APIKeyIssued)
        case disabled(APIKeyID)
    }
}

/// How much a key may ask for; the front knows the numbers.
public enum Plan: String, CaseIterable, Sendable {
    case `public`, admin, unlimited
}

public struct APIKeyIssued: Equatable, Sendable {
    public let id: APIKeyID
    public let name: String
    public let plan: Plan
    /// SHA-256 of the key, 32 bytes; the key itself is nowhere.
    public let hash: [UInt8]
    /// The one that the pages of this server use.
    public let isWebKey: Bool

    public init(id: APIKeyID, name: String, plan: Plan, hash: [UInt8], isWebKey: Bool) {
        self.id = id
        self.name = name
        self.plan = plan
        self.hash = hash
        self.isWebKey = isWebKey
    }
}
