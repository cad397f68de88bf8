internal import Crypto
public import Domain
internal import EventStore
internal import SQLite
internal import System
internal import Tokens

/// Every secret of the bar but the log's own key: `keys/master.key`, `keys/local.key`, `keys/token.json`
/// and `secrets/`.
///
/// Codes, API keys and refresh tokens are codes (RFC 2104) over their ids under keys that come from one
/// master key. So none of them is stored anywhere, and a request that is repeated is answered the same.
public final class Vault {
    let directory: String
    /// Of ``files``, those that were made anew at this start.
    let missing: [String]
    /// What somebody at the server itself shows.
    let localKey: [UInt8]
    let people: People
    let passwords: PasswordTable
    let refreshes: RefreshTable
    let usage: UsageTable
    private let secrets: Connection
    private let codes: HMACSHA256
    private let apiKeys: HMACSHA256
    private let refreshTokens: HMACSHA256
    private let names: HMACSHA256
    private let bodies: HMACSHA256
    private let hash = SHA256()
    private(set) var signing: SigningKeys
    /// `urn:uuid:` and the log's id: it stays while addresses change.
    let issuer: String

    /// Opens what is there and makes what is not.
    ///
    /// - Throws: ``SystemError``, `SQLiteError`.
    public init(dataDirectory: String, logID: UUID, at now: Time) throws {
        directory = dataDirectory
        issuer = "urn:uuid:\(logID)"
        missing = Self.files.filter { !Files.exists("\(dataDirectory)/\($0)") }
        for folder in ["keys", "secrets"] {
            try Files.makeDirectory("\(dataDirectory)/\(folder)")
        }
        let master = try Self.key("master.key", dataDirectory)
        localKey = try Self.key("local.key", dataDirectory)
        let root = HMACSHA256(key: master)
        func derived(_ purpose: String) -> HMACSHA256 {
            HMACSHA256(key: root.code(over: Array("barback/\(purpose)".utf8)))
        }
        codes = derived("registration-code")
        apiKeys = derived("api-key")
        refreshTokens = derived("refresh-token")
        names = derived("guest-name")
        bodies = derived("request-body")
        signing = try Self.signingKeys(dataDirectory, now)
        people = try Self.opened("people.db", dataDirectory) { path throws(SQLiteError) in
            try People.writable(path: path)
        }
        (secrets, passwords, refreshes, usage) = try Self.opened("secrets.db", dataDirectory) {
            path throws(SQLiteError) in
            let connection = try Connection(path: path, mode: .readWrite)
            try connection.execute("PRAGMA journal_mode = WAL")
            try connection.execute("PRAGMA synchronous = FULL")
            return (
                connection, try PasswordTable(connection), try RefreshTable(connection),
                try UsageTable(connection)
            )
        }
    }

    private static func opened<Value>(
        _ name: String, _ dataDirectory: String, _ open: (String) throws(SQLiteError) -> Value
    ) throws(SystemError) -> Value {
        let path = "\(dataDirectory)/secrets/\(name)"
        do throws(SQLiteError) { return try open(path) } catch {
            throw SystemError(
                "open", path, code: 5,
                reason: error.isCorrupt
                    ? "it is damaged; put it back from a backup" : "\(error)")
        }
    }

    /// 32 random bytes in base64url, made at the first start.
    private static func key(_ name: String, _ dataDirectory: String) throws -> [UInt8] {
        let path = "\(dataDirectory)/keys/\(name)"
        if !Files.exists(path) {
            let key = Random.bytes(32)
            try Files.writeAtomically(
                Array((Base64URL.encode(key) + "\n").utf8), to: path, mode: 0o600)
        }
        return try readKey(path)
    }

    /// What somebody at the server itself shows: the front cannot open the file.
    static func localKey(dataDirectory: String) throws(SystemError) -> [UInt8] {
        try readKey(dataDirectory + "/keys/local.key")
    }

    private static func readKey(_ path: String) throws(SystemError) -> [UInt8] {
        let text = String(decoding: try Files.readAll(path, limit: 1_000), as: UTF8.self)
        guard let key = Base64URL.decode(String(text.prefix { $0 != "\n" })), key.count == 32 else {
            throw SystemError(
                "read", path, code: 22,
                reason: "it does not hold a key; put it back from a backup")
        }
        return key
    }

    private static func signingKeys(
        _ dataDirectory: String, _ now: Time
    ) throws -> SigningKeys {
        let path = dataDirectory + "/keys/token.json"
        guard Files.exists(path) else {
            let keys = SigningKeys(at: now)
            try Files.writeAtomically(keys.json, to: path, mode: 0o600)
            return keys
        }
        guard let keys = SigningKeys(json: try Files.readAll(path, limit: 65_536)) else {
            throw SystemError(
                "read", path, code: 22,
                reason:
                    "it does not hold token keys; put it back from a backup, or remove it: then "
                    + "everybody signs in again")
        }
        return keys
    }

    /// Copies the write-ahead logs into their files, which change seldom.
    func copyWriteAheadLogs() throws(SQLiteError) {
        try people.copyWriteAheadLog()
        _ = try secrets.checkpoint(.truncate(busyMilliseconds: 100))
    }

    private static let files = ["keys/master.key", "secrets/secrets.db", "secrets/people.db"]

    /// What is lost with each of the files that were made anew, where the bar is not new itself.
    var losses: [String] {
        missing.map { name in
            let loss =
                switch name {
                case "keys/master.key":
                    "codes, API keys and sessions of before open nothing any more"
                case "secrets/secrets.db":
                    "no account can sign in; put it back from a backup, or give each a password "
                        + "with barback admin passwd"
                default:
                    "names and notes of before cannot be read when a read model is built anew; "
                        + "put it back from a backup"
                }
            return "\(name) was missing and is made anew: \(loss)"
        }
    }

    // MARK: What is made from an id

    /// Twelve characters of 60 bits, in three groups, without letters that look alike.
    func code(of id: CodeID) -> String {
        let text = CrockfordBase32.encode(codes.code(over: id.uuid.bytes)).prefix(12)
        return [text.prefix(4), text.dropFirst(4).prefix(4), text.dropFirst(8)]
            .joined(separator: "-")
    }

    /// 256 bits.
    func apiKey(of id: APIKeyID) -> String {
        "barback_" + Base64URL.encode(apiKeys.code(over: id.uuid.bytes))
    }

    func hash(ofCode code: String) -> [UInt8] {
        hash.digest(of: Array(RegistrationCode.normalized(code).utf8)).bytes
    }

    func hash(ofKey key: String) -> [UInt8] { hash.digest(of: Array(key.utf8)).bytes }

    /// Two names are the same name where these are equal.
    func nameHash(_ name: String) -> [UInt8] { names.code(over: Array(Guest.nameKey(name).utf8)) }

    func fingerprint(of body: [UInt8]) -> [UInt8] { bodies.code(over: body) }

    // MARK: Refresh tokens

    /// The token of a session after so many refreshes.
    func refreshToken(of session: SessionID, counter: Int64) -> String {
        let text = "\(session).\(counter)"
        return "\(text).\(Base64URL.encode(refreshTokens.code(over: Array(text.utf8))))"
    }

    /// Nil for whatever this vault has not made.
    func readRefreshToken(_ token: String) -> (session: SessionID, counter: Int64)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 200, parts.count == 3, let session = SessionID(String(parts[0])),
            let counter = Int64(parts[1]), counter >= 0
        else { return nil }
        let made = refreshToken(of: session, counter: counter)
        return isEqualInConstantTime(Array(made.utf8), Array(token.utf8))
            ? (session, counter) : nil
    }

    // MARK: Access tokens

    func accessToken(
        subject: String, role: Role, session: SessionID, name: String, at now: Time
    ) -> String {
        let seconds = now.microseconds / 1_000_000
        let lifetime = role == .guest ? Session.guestAccessSeconds : Session.staffAccessSeconds
        let id = Base64URL.encode(Random.bytes(12))
        return signing.sign(
            Claims(
                issuer: issuer, audience: Claims.ownAudience, subject: subject, role: role.rawValue,
                session: session.description, id: id, name: name, issuedAt: seconds,
                notBefore: seconds, expires: seconds + lifetime), type: .access)
    }

    func verifier(at now: Time, type: TokenType = .access) -> TokenVerifier {
        TokenVerifier(
            keys: signing.publicSet(issuer: issuer, at: now), issuer: issuer,
            audience: Claims.ownAudience, type: type)
    }

    func sign(_ grant: UploadGrant, at now: Time) -> String {
        let claims = grant.claims(issuer: issuer, audience: Claims.ownAudience, at: now)
        return signing.sign(claims, type: .upload)
    }

    /// The keys of an outside provider, as its subscriber has fetched them; nil where there is none.
    func outsideProvider() -> OutsideProvider? {
        (try? Files.readAll(directory + "/run/oidc.json", limit: 1 << 20)).flatMap {
            OutsideProvider(json: $0)
        }
    }

    /// A fresh signing key; tokens under the one before are good until they end.
    func rotateSigning(at now: Time) throws(SystemError) {
        var rotated = signing
        rotated.rotate(at: now)
        try Files.writeAtomically(rotated.json, to: directory + "/keys/token.json", mode: 0o600)
        signing = rotated
        try publishKeys(at: now)
    }

    /// For the front, which has public halves only.
    func publishKeys(at now: Time) throws(SystemError) {
        try publish(signing.publicSet(issuer: issuer, at: now).json, as: "jwks.json")
    }

    /// Not written where it says so already: a full disk holds up nobody who has been let in.
    private func publish(_ bytes: [UInt8], as name: String) throws(SystemError) {
        let path = "\(directory)/run/\(name)"
        if let present = try? Files.readAll(path, limit: 65_536), present == bytes { return }
        try Files.writeAtomically(bytes, to: path, mode: 0o644)
    }

    /// The page's own key: shown to every visitor, and so no secret.
    func publishWebKey(_ id: APIKeyID) throws(SystemError) {
        try publish(Array(apiKey(of: id).utf8), as: "web-key")
    }
}
