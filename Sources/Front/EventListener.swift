internal import Tokens

/// Who listens to events.
enum EventListener: Hashable, Sendable {
    /// The guest's id.
    case guest(String)
    /// The account's id.
    case staff(String)

    init?(_ asker: Asker) {
        guard let claims = asker.claims else { return nil }
        self = asker.guest.map(Self.guest) ?? .staff(claims.subject)
    }

    /// Streams open at a time.
    ///
    /// A few tabs, and those that a phone has lost without a word; a bar has more screens.
    var mostStreams: Int {
        switch self {
        case .guest: 8
        case .staff: 32
        }
    }
}
