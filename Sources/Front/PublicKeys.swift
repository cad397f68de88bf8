internal import System
internal import Tokens

/// The keys that tokens are signed with, public halves: `run/jwks.json`, which the commands process writes.
final class PublicKeys {
    private let path: String
    private var file: Files.Stamp?
    /// Nil until the file is there.
    private(set) var verifier: TokenVerifier?
    /// Reads grants of uploads; nil until the file is there.
    private(set) var uploads: TokenVerifier?
    /// The file's bytes, as `/.well-known/jwks.json` shows them.
    private(set) var json: [UInt8] = []

    /// The bar's own keys; nil until the file is there.
    private(set) var own: KeySet?

    /// An outside provider's keys, `run/oidc.json`; nil where there is none.
    private(set) var outside: OutsideProvider?
    private let outsidePath: String
    private var outsideFile: Files.Stamp?

    init(dataDirectory: String) {
        path = dataDirectory + "/run/jwks.json"
        outsidePath = dataDirectory + "/run/oidc.json"
        _ = refresh()
    }

    /// Reads the files anew where others have taken their place; true if one did.
    func refresh() -> Bool {
        let isOutsideNew = refreshOutside()
        return refreshOwn() || isOutsideNew
    }

    private func refreshOutside() -> Bool {
        let now = Files.stamp(outsidePath)
        guard now != outsideFile else { return false }
        outsideFile = now
        outside = (try? Files.readAll(outsidePath, limit: 1 << 20)).flatMap {
            OutsideProvider(json: $0)
        }
        return true
    }

    private func refreshOwn() -> Bool {
        let now = Files.stamp(path)
        guard now != file, now != nil, let bytes = try? Files.readAll(path, limit: 65_536),
            let set = KeySet(json: bytes)
        else { return false }
        file = now
        json = bytes
        own = set
        verifier = TokenVerifier(
            keys: set, issuer: set.issuer, audience: Claims.ownAudience, type: .access)
        uploads = TokenVerifier(
            keys: set, issuer: set.issuer, audience: Claims.ownAudience, type: .upload)
        return true
    }
}
