/// Somebody at the party, from the code at the door until they leave.
public enum Guest {
    public enum Event: Equatable, Sendable {
        case registered(GuestRegistered)
        /// The host has put the guest out; the session ends with it.
        case disabled(GuestID)
        /// The guest has signed out.
        case left(GuestID)
        /// The guest's key is destroyed after this: name and notes are nowhere any more.
        case forgotten(GuestID)
    }

    /// A guest's name as it is shown: 1 to 100 characters of any script.
    ///
    /// Runs of white space become one space. What nobody sees is refused, since with it two guests
    /// could look the same; joiners stay, as Persian, Indic scripts and emoji are written with them.
    public static func name(
        _ field: String, _ given: String, _ rules: inout FieldRules
    ) -> String {
        let spaced = given.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let name = rules.text(field, spaced, 1...100)
        if name.unicodeScalars.contains(where: { $0.isHidden && !$0.isJoiner }) {
            rules.refuse(field, "contains an invisible character")
        }
        return name
    }

    /// What makes two names the same name: the letters without case, and nothing invisible.
    public static func nameKey(_ name: String) -> String {
        var key = String.UnicodeScalarView()
        key.append(contentsOf: name.lowercased().unicodeScalars.lazy.filter { !$0.isHidden })
        return String(key).normalized
    }
}

public struct GuestRegistered: Equatable, Sendable {
    public let id: GuestID
    /// The code that let the guest in.
    public let code: CodeID
    public let session: SessionID
    /// Nil once the guest is forgotten.
    public let username: String?
    /// When the session ends, and the name is free again.
    public let expires: Time

    public init(
        id: GuestID, code: CodeID, session: SessionID, username: String?, expires: Time
    ) {
        self.id = id
        self.code = code
        self.session = session
        self.username = username
        self.expires = expires
    }
}

extension Unicode.Scalar {
    fileprivate var isHidden: Bool {
        properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
    }

    /// Zero-width joiner and non-joiner, and the signs that say how an emoji is drawn.
    fileprivate var isJoiner: Bool {
        (0x200C...0x200D).contains(value) || (0xFE00...0xFE0F).contains(value)
            || (0xE0020...0xE007F).contains(value)
    }
}
