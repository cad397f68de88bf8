/// Why a token is refused.
///
/// Whoever sent it learns only that it is; the reason is for tests and logs.
public enum TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLong
    case notThreeParts
    case notBase64URL
    case headerIsNoObject
    /// `crit`, or a member that would have us fetch a key or take the one that comes along.
    case forbiddenHeader
    case algorithm
    case type
    case unknownKey
    case signature
    case claimsAreNoObject
    /// Missing, empty, or of another type.
    case claim(String)
    case issuer
    case audience
    case expired
    case notYetValid
    /// An identity provider's keys were fetched too long ago.
    case staleKeys

    public var description: String {
        switch self {
        case .tooLong: "the token is longer than \(CompactToken.mostBytes) bytes"
        case .notThreeParts: "the token has not three parts"
        case .notBase64URL: "a part of the token is not base64url"
        case .headerIsNoObject: "the token's header is no JSON object"
        case .forbiddenHeader: "the token's header has a member that is not accepted"
        case .algorithm: "the token is signed in another way than its key's"
        case .type: "the token is for something else"
        case .unknownKey: "the token's key is not known"
        case .signature: "the token's signature is not good"
        case .claimsAreNoObject: "the token's claims are no JSON object"
        case .claim(let name): "the token has no \(name), or one of another kind"
        case .issuer: "the token is from somebody else"
        case .audience: "the token is for somebody else"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .staleKeys: "the identity provider's keys were fetched more than a day ago"
        }
    }
}
