internal import Crypto
public import Domain
internal import JSON

/// The private keys that sign tokens, newest last: the file `keys/token.json`, readable by its owner alone.
///
///     {"keys": [{"pkcs8": BASE64URL, "made": SECONDS, "retired": SECONDS or null}]}
///
/// One key signs. A retired one is published until the last token under it has ended, and then dropped.
public struct SigningKeys: Sendable {
    private struct Entry: Sendable {
        let id: String
        let key: P256PrivateKey
        let made: Int64
        var retired: Int64?

        init(_ key: P256PrivateKey, made: Int64, retired: Int64?) {
            id = key.publicKey.thumbprint
            self.key = key
            self.made = made
            self.retired = retired
        }

        /// Tokens under it may still be in use.
        func isKept(at seconds: Int64) -> Bool {
            retired.map { seconds < $0 + SigningKeys.longestTokenSeconds } ?? true
        }
    }

    /// A guest's access token lives longest, for four hours; a minute more for a clock that was set.
    static let longestTokenSeconds: Int64 = 4 * 3_600 + 60

    private var retired: [Entry]
    private var current: Entry

    /// A first key.
    public init(at now: Time) {
        retired = []
        current = Entry(P256PrivateKey(), made: now.seconds, retired: nil)
    }

    /// Reads the file's form; nil for anything else, and unless the last key and no other is in use.
    public init?(json: [UInt8]) {
        guard json.count <= 65_536, let file = try? JSONValue(parsing: json).object,
            let items = file["keys"]?.array, items.count <= KeySet.mostKeys
        else { return nil }
        var entries: [Entry] = []
        for item in items {
            guard let item = item.object, let text = item["pkcs8"]?.string,
                let bytes = Base64URL.decode(text), let key = P256PrivateKey(pkcs8: bytes),
                let made = item["made"]?.integer, knownSeconds.contains(made)
            else { return nil }
            switch item["retired"] {
            case .integer(let retired) where knownSeconds.contains(retired):
                entries.append(Entry(key, made: made, retired: retired))
            case .null: entries.append(Entry(key, made: made, retired: nil))
            default: return nil
            }
        }
        guard let last = entries.popLast(), last.retired == nil,
            entries.allSatisfy({ $0.retired != nil })
        else { return nil }
        retired = entries
        current = last
    }

    /// The file's form, which is secret.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.name("keys")
            json.array { json in
                for entry in retired + [current] {
                    json.object { json in
                        json.member("pkcs8", Base64URL.encode(entry.key.pkcs8))
                        json.member("made", entry.made)
                        json.member("retired", orNull: entry.retired)
                    }
                }
            }
        }
        return json.bytes
    }

    /// When the key that signs was made.
    public var made: Time { Time(seconds: current.made) }

    /// Has a fresh key sign from now on, and drops those under which no token can be in use any more.
    public mutating func rotate(at now: Time) {
        current.retired = now.seconds
        retired = (retired + [current]).filter { $0.isKept(at: now.seconds) }
        // A set that readers refuse would end every session: the oldest go, whatever is still under them.
        retired.removeFirst(max(0, retired.count - (KeySet.mostKeys - 1)))
        current = Entry(P256PrivateKey(), made: now.seconds, retired: nil)
    }

    /// The public halves of the key that signs, first, and of those that must still be known.
    public func publicSet(issuer: String, at now: Time) -> KeySet {
        let known = [current] + retired.filter { $0.isKept(at: now.seconds) }
        return KeySet(
            issuer: issuer,
            entries: known.map { KeySet.Entry(id: $0.id, key: .p256($0.key.publicKey)) })
    }

    /// The token in its compact form.
    ///
    /// - Precondition: it is no longer than a verifier reads; names and ids are bounded by whoever makes them.
    public func sign(_ claims: Claims, type: TokenType) -> String {
        var header = JSONWriter()
        header.object { json in
            json.member("alg", "ES256")
            json.member("kid", current.id)
            json.member("typ", type.rawValue)
        }
        let signed = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.payload)
        let signature = current.key.sign(Array(signed.utf8))
        let token = signed + "." + Base64URL.encode(signature)
        precondition(
            token.utf8.count <= CompactToken.mostBytes, "a token of ours is longer than is read")
        return token
    }
}

extension Time {
    /// Whole seconds since 1970, rounded down.
    var seconds: Int64 {
        microseconds / 1_000_000 - (microseconds % 1_000_000 < 0 ? 1 : 0)
    }

    init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }
}
