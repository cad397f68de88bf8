/// What a token of ours is for; its header's `typ`, so that one kind is never taken for another.
///
/// Source: RFC 8725, section 3.11; RFC 9068, section 2.1
public enum TokenType: String, Sendable {
    case access = "at+jwt"
    /// Permits one upload.
    case upload = "upload+jwt"
}
