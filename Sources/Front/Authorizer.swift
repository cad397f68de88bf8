internal import Crypto
internal import Domain
internal import HTTP
internal import ReadModels
internal import SQLite
internal import System
internal import Tokens

/// Who sends a request, once key and token have been believed.
struct Asker {
    let key: KeyRow
    /// Nil without a token.
    let claims: Claims?
    /// The token as it came, for the commands process, which believes nobody.
    let token: String?

    var role: Role? { claims.flatMap { Role(rawValue: $0.role) } }

    /// The guest whose token it is.
    var guest: String? { role == .guest ? claims?.subject : nil }
}

/// What somebody was let in by, as far as it may end while they stay.
struct Pass: Sendable {
    let key: String
    let session: String
    let issuedAt: Int64
    let expires: Int64
    let issuer: Issuer

    /// Whose keys the token was believed by, and which these were.
    enum Issuer: Sendable {
        case own(KeySet)
        /// The provider writes the same keys again and again: when it did says nothing.
        case outside(KeySet, OutsideSettings)
    }
}

enum CodeStanding {
    /// It lets somebody in now.
    case good
    /// It once did: whoever it let in may ask again what they were answered.
    case over
    case worthless
}

/// Decides for every route who may use it, from the access read model and public keys.
///
/// What it has found out is kept until the model or the keys change: a signature costs three times as much to
/// check as the rest of a request.
final class Authorizer {
    let access: Model<AccessReader>
    let publicKeys: PublicKeys
    private let hash = SHA256()
    private var keys: [String: KeyRow?] = [:]
    private var tokens: [String: Claims] = [:]
    private var sessions: [String: SessionStanding] = [:]
    private var keysById: [String: Bool] = [:]
    private var changed = Position.start
    private var generation = 0

    /// Keys, tokens and sessions kept, each; beyond it all are forgotten and found out again.
    private static let mostKept = 10_000

    init(dataDirectory: String) {
        access = Model("access", dataDirectory: dataDirectory) {
            path throws(SQLiteError) in try AccessReader(path: path)
        }
        publicKeys = PublicKeys(dataDirectory: dataDirectory)
    }

    /// Sees whether anything has changed since the last look.
    func refresh() {
        access.refresh()
        if access.state.changed != changed || access.generation != generation {
            changed = access.state.changed
            generation = access.generation
            keys.removeAll(keepingCapacity: true)
            sessions.removeAll(keepingCapacity: true)
            keysById.removeAll(keepingCapacity: true)
        }
        _ = refreshKeys()
    }

    /// What other keys have signed is found out anew.
    private func refreshKeys() -> Bool {
        guard publicKeys.refresh() else { return false }
        tokens.removeAll(keepingCapacity: true)
        return true
    }

    /// - Throws: the answer to give instead.
    func identify(
        _ request: borrowing Request, for audience: Audience, ignoringToken: Bool = false
    ) throws(Problem) -> Asker {
        guard let reader = access.reader else { throw .notReady }
        guard let text = request.header("X-Api-Key") else { throw .noKey }
        guard let key = try key(text, reader), key.disabledAt == nil else { throw .unknownKey }
        var claims: Claims?
        var token: String?
        if !ignoringToken, let header = request.header("Authorization") {
            let bearer = try bearer(header)
            claims = try self.claims(of: bearer, reader)
            token = bearer
        }
        let asker = Asker(key: key, claims: claims, token: token)
        guard audience.admits(asker.role) else {
            throw claims == nil ? .notSignedIn : Problem(Domain.Refusal.notAllowed)
        }
        return asker
    }

    /// What the asker may stay by; nil without a token.
    func pass(of asker: Asker) -> Pass? {
        guard let claims = asker.claims, let issuer = issuer(isOutside: claims.isOutside) else {
            return nil
        }
        return Pass(
            key: asker.key.id, session: claims.session, issuedAt: claims.issuedAt,
            expires: claims.expires, issuer: issuer)
    }

    /// Whether somebody may stay who was let in by it.
    ///
    /// - Throws: ``Problem/notReady`` where nobody can tell now.
    func admits(_ pass: Pass) throws(Problem) -> Bool {
        let now = Time(microseconds: Clock.wallMicroseconds())
        // Another reactor that gave out the pass may know newer keys.
        guard pass.expires * 1_000_000 > now.microseconds,
            isCurrent(pass.issuer) || (refreshKeys() && isCurrent(pass.issuer))
        else { return false }
        guard let reader = access.reader else { throw .notReady }
        guard try isGood(key: pass.key, reader) else { return false }
        if case .outside = pass.issuer { return true }
        return try goesOn(pass.session, since: pass.issuedAt, at: now, reader)
    }

    private func isCurrent(_ issuer: Pass.Issuer) -> Bool {
        switch issuer {
        case .own(let keys): keys == publicKeys.own
        case .outside(let keys, let settings):
            keys == publicKeys.outside?.keys && settings == publicKeys.outside?.settings
        }
    }

    private func issuer(isOutside: Bool) -> Pass.Issuer? {
        isOutside
            ? publicKeys.outside.map { .outside($0.keys, $0.settings) }
            : publicKeys.own.map { .own($0) }
    }

    private func isGood(key id: String, _ reader: AccessReader) throws(Problem) -> Bool {
        if let known = keysById[id] { return known }
        let found = try ask { () throws(SQLiteError) in try reader.isKeyGood(id) }
        keysById[id] = found
        return found
    }

    /// What is known here of a registration code.
    func standing(ofCode code: String) -> CodeStanding {
        guard let reader = access.reader else { return .worthless }
        let digest = hash.digest(of: Array(RegistrationCode.normalized(code).utf8)).bytes
        guard let row = try? reader.code(hash: Base64.encode(digest)) else { return .worthless }
        if row.status(at: Time(microseconds: Clock.wallMicroseconds())) == "active" {
            return .good
        }
        return row.used > 0 ? .over : .worthless
    }

    private func key(_ text: String, _ reader: AccessReader) throws(Problem) -> KeyRow? {
        guard text.utf8.count <= 100, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if let known = keys[text] { return known }
        let digest = hash.digest(of: Array(text.utf8)).bytes
        let found = try ask { () throws(SQLiteError) in
            try reader.key(hash: Base64.encode(digest))
        }
        if keys.count >= Self.mostKept { keys.removeAll() }
        keys[text] = .some(found)
        return found
    }

    /// The token after `Bearer`.
    ///
    /// Source: RFC 6750, section 2.1
    private func bearer(_ header: String) throws(Problem) -> String {
        guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else {
            throw .badToken
        }
        let token = String(header.dropFirst(7))
        // One text for each token: two that Unicode takes for equal would share what was found out.
        guard token.utf8.allSatisfy({ $0 < 0x80 }) else { throw .badToken }
        return token
    }

    private func claims(
        of token: String, _ reader: AccessReader
    ) throws(Problem) -> Claims {
        let now = Time(microseconds: Clock.wallMicroseconds())
        let claims: Claims
        if let known = tokens[token] {
            guard known.expires * 1_000_000 > now.microseconds else {
                tokens[token] = nil
                throw .badToken
            }
            claims = known
        } else {
            claims = try verified(token, at: now)
            if tokens.count >= Self.mostKept { tokens.removeAll() }
            tokens[token] = claims
        }
        if claims.isOutside { return claims }
        guard try goesOn(claims.session, since: claims.issuedAt, at: now, reader) else {
            throw .badToken
        }
        return claims
    }

    /// Whether the session of a token is one of this bar's and has not been ended.
    ///
    /// One that began a moment ago may not have got here yet. An older one that is not known was never of this log,
    /// as after a backup was restored.
    private func goesOn(
        _ id: String, since issuedAt: Int64, at now: Time, _ reader: AccessReader
    ) throws(Problem) -> Bool {
        switch try session(id, reader) {
        case .goingOn(let end): now < end
        case .ended: false
        case .unknown: now.microseconds < (issuedAt + Self.onItsWaySeconds) * 1_000_000
        }
    }

    private static let onItsWaySeconds: Int64 = 60

    private func verified(_ token: String, at now: Time) throws(Problem) -> Claims {
        guard publicKeys.verifier != nil else { throw .notReady }
        func own() -> Claims? { try? publicKeys.verifier?.verify(token, at: now) }
        // It may be signed with a key that is newer than what was read last.
        if let claims = own() ?? (refreshKeys() ? own() : nil) {
            guard Role(rawValue: claims.role) != nil else { throw .badToken }
            return claims
        }
        guard let provider = publicKeys.outside,
            let identity = try? OutsideVerifier(provider).verify(token, at: now)
        else { throw .badToken }
        return Claims(identity, of: provider.settings)
    }

    private func session(
        _ id: String, _ reader: AccessReader
    ) throws(Problem) -> SessionStanding {
        if let known = sessions[id] { return known }
        let found = try ask { () throws(SQLiteError) in try reader.standing(ofSession: id) }
        if sessions.count >= Self.mostKept { sessions.removeAll() }
        sessions[id] = found
        return found
    }

    private func ask<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(Problem) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            access.fail(error)
            throw .notReady
        }
    }
}
