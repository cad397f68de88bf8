public import Domain

/// An event on its way into the log.
public struct NewEvent: Sendable {
    public var stream: String
    public var expected: ExpectedVersion
    public var type: String
    public var schema: Int
    /// JSON.
    public var data: [UInt8]
    /// The person whose key seals a part of it; nil where nothing is sealed.
    public var keyID: [UInt8]?

    public init(
        stream: String, expected: ExpectedVersion, type: String, schema: Int, data: [UInt8]
    ) {
        self.stream = stream
        self.expected = expected
        self.type = type
        self.schema = schema
        self.data = data
    }
}

/// What must be true of a stream for an append to it to happen.
public enum ExpectedVersion: Equatable, Sendable {
    case any
    case noStream
    case exists
    case exactly(Version)
}

/// An event as it stands in the log.
public struct Envelope: Equatable, Sendable {
    public let position: Position
    public let stream: String
    public let version: Version
    public let id: UUID
    public let type: String
    public let schema: Int
    public let recordedAt: Time
    public let actor: String
    public let commandID: UUID
    public let correlationID: UUID
    public let causationID: UUID?
    public let keyID: [UInt8]?
    /// JSON as it was written.
    public let data: [UInt8]
}
