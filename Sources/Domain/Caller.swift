/// Who asks for a change; the log keeps it with every event.
public enum Caller: Hashable, Sendable, CustomStringConvertible {
    case guest(GuestID)
    case staff(String)
    /// A person at the server's own command line.
    case commandLine(String)
    /// The bar itself, such as the demo menu.
    case system(String)

    /// `guest:ID`, `staff:host`, `cli:root`, `system:demo`.
    public var description: String {
        switch self {
        case .guest(let id): "guest:\(id)"
        case .staff(let name): "staff:" + name
        case .commandLine(let user): "cli:" + user
        case .system(let part): "system:" + part
        }
    }

    /// `guest`, `staff`, `cli` or `system`.
    public var role: String {
        switch self {
        case .guest: "guest"
        case .staff: "staff"
        case .commandLine: "cli"
        case .system: "system"
        }
    }

    /// Of the account, of the user at the server, or of the bar's part; nil for a guest, who has an id.
    public var name: String? {
        switch self {
        case .guest: nil
        case .staff(let name), .commandLine(let name), .system(let name): name
        }
    }

    /// The same caller however the accents of the name are typed: see ``FieldRules``.
    public var normalized: Caller {
        switch self {
        case .staff(let name): .staff(name.normalized)
        case .commandLine(let user): .commandLine(user.normalized)
        case .guest, .system: self
        }
    }

    /// Reads the written form; nil for anything else.
    public init?(_ text: String) {
        // By code points: a name that begins with a combining mark makes one character with the colon.
        guard let colon = text.unicodeScalars.firstIndex(of: ":") else { return nil }
        let name = String(text.unicodeScalars[colon...].dropFirst())
        switch String(text.unicodeScalars[..<colon]) {
        // Before guests had ids their names stood here.
        case "guest": self = .guest(GuestID(name) ?? GuestID(UUID(high: 0, low: 0)))
        case "staff": self = .staff(name)
        case "cli": self = .commandLine(name)
        case "system": self = .system(name)
        default: return nil
        }
    }
}
