public import Domain
internal import JSON

/// Permission to upload one photo, once: what a token of type ``TokenType/upload`` says.
///
/// The front checks it before it reads a byte of the photo, the commands process again before it stores it. The token
/// itself lives somewhat longer than an upload may begin, so that what has begun in time can come to its end.
public struct UploadGrant: Equatable, Sendable {
    public let name: ImageName
    /// What the photo has to be sent as, and has to be: `image/jpeg`, `image/png` or `image/webp`.
    public let contentType: String
    /// The exact length; nil for any.
    public let bytes: Int64?
    /// The drink that will show it; nil for none.
    public let drinkID: DrinkID?
    /// Who asked for it.
    public let caller: Caller
    /// The session that it ends with; nil where somebody at the server itself asked.
    public let session: SessionID?
    /// When the upload must have begun.
    public let until: Time

    /// How long an upload may begin, and how much longer it may last.
    public static let seconds: Int64 = 600
    private static let moreSeconds: Int64 = 180
    private static let role = "upload"
    private static let noSession = "none"

    public init(
        name: ImageName, contentType: String, bytes: Int64?, drinkID: DrinkID?, caller: Caller,
        session: SessionID?, at now: Time
    ) {
        self.name = name
        self.contentType = contentType
        self.bytes = bytes
        self.drinkID = drinkID
        self.caller = caller
        self.session = session
        until = Time(seconds: now.seconds + Self.seconds)
    }

    /// Reads the claims of a token that was found good; nil where they are no grant.
    public init?(_ claims: Claims) {
        guard claims.role == Self.role, let caller = Caller(claims.subject),
            let name = claims.extra["image"]?.string.flatMap({ ImageName($0) }),
            let contentType = claims.extra["content_type"]?.string,
            let until = claims.extra["until"]?.integer
        else { return nil }
        self.name = name
        self.contentType = contentType
        bytes = claims.extra["bytes"]?.integer
        drinkID = claims.extra["drink"]?.string.flatMap { DrinkID($0) }
        self.caller = caller
        session = SessionID(claims.session)
        self.until = Time(seconds: until)
    }

    public func claims(issuer: String, audience: String, at now: Time) -> Claims {
        var extra = JSONObject()
        extra["image"] = .string(name.description)
        extra["content_type"] = .string(contentType)
        extra["until"] = .integer(until.seconds)
        if let bytes { extra["bytes"] = .integer(bytes) }
        if let drinkID { extra["drink"] = .string(drinkID.description) }
        return Claims(
            issuer: issuer, audience: audience, subject: caller.description, role: Self.role,
            session: session?.description ?? Self.noSession, id: name.id.description,
            name: Self.role,
            issuedAt: now.seconds, notBefore: now.seconds,
            expires: until.seconds + Self.moreSeconds, extra: extra)
    }
}
