/// Somebody of the staff, who signs in with a name and a password.
public enum Account {
    public enum Event: Equatable, Sendable {
        case added(AccountAdded)
        /// Every session of the account ends with it.
        case removed(AccountID)
        /// Every other session of the account ends; `keeping` is the one that it was changed in.
        case passwordChanged(AccountID, keeping: SessionID?)
    }

    /// A name to sign in with: 1 to 60 characters, without white space around it.
    public static func name(
        _ field: String, _ given: String, _ rules: inout FieldRules
    ) -> String {
        var own = FieldRules()
        let name = Guest.name(field, given, &own)
        for error in own.errors { rules.refuse(error.field, error.message) }
        if name.count > 60 { rules.refuse(field, "has more than 60 characters") }
        return name
    }

    /// Bytes of a password: long enough to be hard to guess, short enough to be hashed.
    public static let passwordLength = 10...200

    public static func check(
        password: String, _ field: String, _ rules: inout FieldRules
    ) {
        if password.count < passwordLength.lowerBound {
            rules.refuse(field, "must have at least \(passwordLength.lowerBound) characters")
        } else if password.utf8.count > passwordLength.upperBound {
            rules.refuse(field, "has more than \(passwordLength.upperBound) bytes")
        }
    }
}

public struct AccountAdded: Equatable, Sendable {
    public let id: AccountID
    public let username: String
    public let role: Role

    public init(id: AccountID, username: String, role: Role) {
        self.id = id
        self.username = username
        self.role = role
    }
}
