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
    /// Every token carries the name, and every request a token: so a character may not be of any size.
    public static func name(
        _ field: String, _ given: String, _ rules: inout FieldRules
    ) -> String {
        let spaced = given.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let name = rules.text(field, spaced, 1...100)
        if name.unicodeScalars.contains(where: { $0.isHidden && !$0.isJoiner }) {
            rules.refuse(field, "contains an invisible character")
        } else if nameKey(name).isEmpty || name.unicodeScalars.contains("\u{2800}")
            || name.unicodeScalars.first?.isMark == true
        {
            rules.refuse(field, "must not be empty")
        } else if name.utf8.count > mostBytes {
            rules.refuse(field, "has more than \(mostBytes) bytes")
        }
        return name
    }

    /// A hundred characters of a script that needs five code points for each.
    private static let mostBytes = 1_500

    /// What makes two names the same name: the letters without case and width, and nothing invisible.
    public static func nameKey(_ name: String) -> String {
        var narrow = String.UnicodeScalarView()
        narrow.append(contentsOf: name.unicodeScalars.lazy.map(\.narrow))
        var key = String.UnicodeScalarView()
        key.append(
            // Up and down again: ß and ss are one, and so are the two small sigmas.
            contentsOf: String(narrow).uppercased().lowercased().unicodeScalars.lazy.filter {
                !$0.isHidden
            })
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

    /// It stands on the letter before it, and alone on nothing.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// ASCII as it is, where it was typed as wide as a Chinese character.
    fileprivate var narrow: Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(value) else { return self }
        return Unicode.Scalar(UInt8(value - 0xFF01) + 0x21)
    }

    /// Zero-width joiner and non-joiner, and the signs that say how an emoji is drawn.
    fileprivate var isJoiner: Bool {
        (0x200C...0x200D).contains(value) || (0xFE00...0xFE0F).contains(value)
            || (0xE0020...0xE007F).contains(value)
    }
}
