public import JSON

/// What a token of ours says, and of whom. Source: RFC 7519, section 4.1
///
/// | Claim | Member | |
/// | --- | --- | --- |
/// | iss | issuer | `urn:uuid:` and the log's id |
/// | aud | audience | one text |
/// | sub | subject | a guest's or an account's id |
/// | role | role | |
/// | sid | session | the session it ends with |
/// | jti | id | unique |
/// | name | name | the username |
/// | iat, nbf, exp | issuedAt, notBefore, expires | whole seconds since 1970 UTC |
public struct Claims: Equatable, Sendable {
    public var issuer: String
    public var audience: String
    public var subject: String
    public var role: String
    public var session: String
    public var id: String
    public var name: String
    public var issuedAt: Int64
    public var notBefore: Int64
    public var expires: Int64
    /// Whom every token of ours is for.
    public static let ownAudience = "barback"

    /// Members beyond these, for types that say more; never one of the names above.
    public var extra: JSONObject

    public init(
        issuer: String, audience: String, subject: String, role: String, session: String,
        id: String, name: String, issuedAt: Int64, notBefore: Int64, expires: Int64,
        extra: JSONObject = JSONObject()
    ) {
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.role = role
        self.session = session
        self.id = id
        self.name = name
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.expires = expires
        self.extra = extra
    }
}

extension Claims {
    /// Reads the payload of a token whose signature is good; all claims must be there and of their type.
    init(payload: [UInt8]) throws(TokenError) {
        var rest = try claimsObject(payload)
        issuer = try rest.takeText("iss")
        audience = try rest.takeText("aud")
        subject = try rest.takeText("sub")
        role = try rest.takeText("role")
        session = try rest.takeText("sid")
        id = try rest.takeText("jti")
        name = try rest.takeText("name")
        issuedAt = try rest.takeSeconds("iat")
        notBefore = try rest.takeSeconds("nbf")
        expires = try rest.takeSeconds("exp")
        extra = rest
    }

    /// The payload as JSON.
    var payload: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("iss", issuer)
            json.member("aud", audience)
            json.member("sub", subject)
            json.member("role", role)
            json.member("sid", session)
            json.member("jti", id)
            json.member("name", name)
            json.member("iat", issuedAt)
            json.member("nbf", notBefore)
            json.member("exp", expires)
            for member in extra.members {
                json.name(member.name)
                json.value(member.value)
            }
        }
        return json.bytes
    }
}

/// A payload as an object; a name that stands twice is no JSON here.
func claimsObject(_ payload: [UInt8]) throws(TokenError) -> JSONObject {
    guard let value = try? JSONValue(parsing: payload), let object = value.object else {
        throw .claimsAreNoObject
    }
    return object
}

extension JSONObject {
    /// Takes a text of at least one byte out of the object.
    mutating func takeText(_ name: String) throws(TokenError) -> String {
        guard let text = self[name]?.string, !text.isEmpty else { throw .claim(name) }
        self[name] = nil
        return text
    }

    /// Takes a time out of the object: whole seconds since 1970.
    mutating func takeSeconds(_ name: String) throws(TokenError) -> Int64 {
        guard let moment = self[name]?.integer, knownSeconds.contains(moment) else {
            throw .claim(name)
        }
        self[name] = nil
        return moment
    }
}

/// What is a time: 1970 to the year 9999, so that ``Time``, in microseconds, holds it.
let knownSeconds: ClosedRange<Int64> = 0...253_402_300_799

extension Claims {
    /// An outside token as one of ours: without a session, which cannot be ended from here, and with the role
    /// `admin` or none.
    ///
    /// The name says where it is from, so that nobody out there passes for an account of this bar.
    public init(_ outside: OutsideIdentity, of provider: OutsideSettings) {
        let host = provider.issuer.split(separator: "/").dropFirst().first.map { String($0) }
        self.init(
            issuer: provider.issuer, audience: provider.audience, subject: outside.subject,
            role: outside.isAdmin ? "admin" : "", session: "", id: "",
            name: "\(Self.plain(outside.name ?? outside.subject))@\(host ?? provider.issuer)",
            issuedAt: 0,
            notBefore: 0, expires: outside.expires)
    }

    /// What may stand as a name in the log: whatever the provider lets people call themselves, it is one short word
    /// of ASCII here.
    private static func plain(_ name: String) -> String {
        String(
            decoding: name.utf8.prefix(60).map { (0x21...0x7E).contains($0) ? $0 : 0x5F },
            as: UTF8.self)
    }

    /// Whether an outside provider has said it.
    public var isOutside: Bool { session.isEmpty }
}
