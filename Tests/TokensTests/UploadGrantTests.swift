import Domain
import JSON
import Testing
import Tokens

@Suite("A grant to upload") struct UploadGrantTests {
    private static let now = Time(microseconds: 1_790_000_000_000_000)
    private let name = ImageName(
        id: ImageID(UUID(high: 1, low: 2)), after: String(repeating: "x", count: 99), ending: "webp"
    )

    private func grant(
        bytes: Int64? = 10_485_760, drink: DrinkID? = DrinkID(UUID(high: .max, low: .max)),
        caller: Caller = .staff("host"), session: SessionID? = SessionID(UUID(high: 3, low: 4))
    ) -> UploadGrant {
        UploadGrant(
            name: name, contentType: "image/webp", bytes: bytes, drinkID: drink, caller: caller,
            session: session, at: Self.now)
    }

    private func claims(_ grant: UploadGrant) -> Claims {
        grant.claims(issuer: "urn:uuid:\(UUID(high: 5, low: 6))", audience: "barback", at: Self.now)
    }

    @Test func `comes back as it went`() {
        for grant in [
            grant(), grant(bytes: nil), grant(drink: nil), grant(session: nil),
            grant(caller: .commandLine("kim")),
        ] {
            #expect(UploadGrant(claims(grant)) == grant)
        }
    }

    @Test func `lets an upload begin for ten minutes, and end in three more`() {
        let claims = claims(grant())
        #expect(grant().until == Time(microseconds: 1_790_000_600_000_000))
        #expect(claims.expires == 1_790_000_780)
    }

    @Test func `is made of nothing else`() {
        for member in ["image", "content_type", "until"] {
            var claims = claims(grant())
            claims.extra[member] = nil
            #expect(UploadGrant(claims) == nil, "\(member)")
        }
        var access = claims(grant())
        access.role = "admin"
        #expect(UploadGrant(access) == nil)
        var path = claims(grant())
        path.extra["image"] = .string("../keys/log.key")
        #expect(UploadGrant(path) == nil)
    }

    /// The request's target may have 2,048 bytes.
    @Test func `fits into an address at its longest`() {
        let keys = SigningKeys(at: Self.now)
        let long = grant(caller: .staff(String(repeating: "ñ", count: 100)))
        let token = keys.sign(claims(long), type: .upload)
        #expect("/images/uploads/\(name)?grant=\(token)".utf8.count < 2_048)
    }

    @Test func `is no access token, and no access token is one`() throws {
        let keys = SigningKeys(at: Self.now)
        let claims = claims(grant())
        let set = keys.publicSet(issuer: claims.issuer, at: Self.now)
        func verifier(_ type: TokenType) -> TokenVerifier {
            TokenVerifier(keys: set, issuer: claims.issuer, audience: "barback", type: type)
        }
        let upload = keys.sign(claims, type: .upload)
        #expect(try verifier(.upload).verify(upload, at: Self.now) == claims)
        #expect(throws: TokenError.type) { try verifier(.access).verify(upload, at: Self.now) }
        let access = keys.sign(claims, type: .access)
        #expect(throws: TokenError.type) { try verifier(.upload).verify(access, at: Self.now) }
    }
}
