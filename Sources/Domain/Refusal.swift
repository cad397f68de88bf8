/// Why a command was not carried out.
///
/// Expected, part of the domain; nothing is stored.
public enum Refusal: Error, Hashable, Sendable {
    /// The request has wrong values; every wrong field is named.
    case invalid([FieldError])
    /// There is no such thing, or it is somebody else's.
    case notFound(String)
    /// The caller's role does not allow this.
    case notAllowed
    /// The bar takes no orders now; the host may have said why.
    case orderingPaused(message: String?)
    /// The drink is known but not served.
    case notOnMenu(drink: String)
    /// These ingredients are out.
    case soldOut(missing: [String])
    /// The guest has as many active orders as the bar allows at a time.
    case tooManyActiveOrders(limit: Int)
    case invalidTransition(from: OrderStatus, to: OrderStatus)
    /// Somebody else moved the order first.
    case statusChanged(present: OrderStatus)
    /// The thing has another version than the caller took it to have.
    case versionChanged(present: Version)
    /// A section goes only when its drinks have gone.
    case sectionNotEmpty(drinks: Int)
    /// The Idempotency-Key was used before with another body.
    case keyReused
    /// There is no token, or none that is good any more.
    case notSignedIn
    /// The registration code lets nobody in: unknown, used up, over or revoked.
    case wrongCode
    /// The name or the password is wrong; which of them is not said.
    case wrongPassword
    /// Another guest who is here goes by this name.
    case nameTaken
    /// The last administrator stays, or nobody could let another one in.
    case lastAdmin
    /// The grant of an upload is none, is over, or is for another upload.
    case uploadRefused
    /// The photo of this grant is there.
    case alreadyUploaded
    /// What was uploaded is no picture, or not of this type.
    case noPicture(wanted: String)
}

/// One wrong field of a request: its name as the client wrote it, and a sentence.
public struct FieldError: Hashable, Sendable {
    public let field: String
    public let message: String

    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}
