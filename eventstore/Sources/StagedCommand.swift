public import Domain

/// A decided command on its way into the log: its events and what a repeated request is told.
public struct StagedCommand: Sendable {
    /// The id every event of it carries.
    public let id: UUID
    public let actor: String
    /// Nil for a request without Idempotency-Key, which nobody can repeat.
    public let key: CommandKey?
    /// At least one.
    public let events: [StagedEvent]
    /// When its first event was recorded.
    public let recordedAt: Time
    /// Status and ids only: never a token, key, code, name or note.
    public let reply: [UInt8]
    /// The command that a chain of commands began with; nil where this is the first.
    public var correlationID: UUID?
    /// The event that caused this command.
    public var causationID: UUID?

    public init(id: UUID, actor: String, key: CommandKey?, events: [StagedEvent], reply: [UInt8]) {
        self.id = id
        self.actor = actor
        self.key = key
        guard let first = events.first else {
            preconditionFailure("a command without events has nothing to append")
        }
        self.events = events
        recordedAt = first.recordedAt
        self.reply = reply
    }
}

/// What makes a repeated request recognisable.
public struct CommandKey: Equatable, Sendable {
    /// The first 16 bytes of SHA-256 over caller, route and Idempotency-Key.
    public let id: UUID
    /// The first 16 bytes of SHA-256 over the request: the same key with another body is an error.
    public let fingerprint: [UInt8]

    public init(id: UUID, fingerprint: [UInt8]) {
        self.id = id
        self.fingerprint = fingerprint
    }
}

/// An event with the time and the id it will be recorded under.
public struct StagedEvent: Sendable {
    public let event: NewEvent
    public let id: UUID
    public let recordedAt: Time

    /// `recordedAt` comes from ``LogWriter/stamp(_:)``.
    public init(_ event: NewEvent, at recordedAt: Time, random: UInt64) {
        self.event = event
        self.recordedAt = recordedAt
        id = UUID(version7At: recordedAt, random: random)
    }
}
