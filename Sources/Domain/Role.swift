/// What somebody is to the bar.
public enum Role: String, CaseIterable, Sendable {
    case guest
    /// The host: everything.
    case admin
    /// Works the bar: orders and the shelf.
    case bartender
    /// Reads the log and changes nothing.
    case auditor
}

/// Who may use a route: the one rule that the front asks before it reads a body, and the commands
/// process again before it decides.
public enum Audience: Equatable, Sendable {
    /// Whoever has an API key.
    case anyone
    case guests
    /// Guests, for what is their own, and staff of any role.
    case everyoneSignedIn
    /// Any role but a guest's.
    case staff
    case admins
    /// Admins and bartenders.
    case bar
    /// Only somebody at the server itself.
    case commandLine

    public func admits(_ role: Role?) -> Bool {
        switch self {
        case .anyone: true
        case .guests: role == .guest
        case .everyoneSignedIn: role != nil
        case .staff: role.map { $0 != .guest } ?? false
        case .admins: role == .admin
        case .bar: role == .admin || role == .bartender
        case .commandLine: false
        }
    }
}
