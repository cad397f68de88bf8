import Crypto
import Foundation

/// Makes tokens with a bar's own key, so that only what a test changes is wrong.
struct Forge {
    private let token: String
    private let header: JSON
    private let claims: JSON
    private let own: P256PrivateKey
    /// The public half, as the bar publishes it.
    private let published: [UInt8]

    /// Tokens that are like this one but for what a test changes.
    init(_ bar: Bar, like token: String) throws {
        let parts = token.split(separator: ".").map { String($0) }
        guard parts.count == 3 else { throw Late(description: "\(token) is no token") }
        self.token = token
        header = try Self.object(Base64URL.decode(parts[0]))
        claims = try Self.object(Base64URL.decode(parts[1]))
        let keys = try Self.object(Self.file(bar.data + "/keys/token.json"))["keys"].list
        guard let text = keys.last?["pkcs8"].string, let bytes = Base64URL.decode(text),
            let own = P256PrivateKey(pkcs8: bytes)
        else { throw Late(description: "keys/token.json holds no key") }
        self.own = own
        published = try Self.file(bar.data + "/run/jwks.json")
    }

    private static func file(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func object(_ bytes: [UInt8]?) throws -> JSON {
        JSON(try JSONSerialization.jsonObject(with: Data(bytes ?? [])))
    }

    /// What is done to a member.
    enum Edit: Sendable {
        case text(String)
        case number(Int)
        case texts([String])
        /// A key's members.
        case key([String: String])
        case left

        fileprivate var value: Any? {
            switch self {
            case .text(let text): text
            case .number(let number): number
            case .texts(let texts): texts
            case .key(let members): members
            case .left: nil
            }
        }
    }

    enum Signature {
        case own, strangers, none
        /// HMAC under what everybody can read: the key as it is published, and as a point.
        case publishedKey, publicPoint
        case bytes([UInt8])
        /// The one of the token before it was changed.
        case kept
    }

    func make(
        header: [String: Edit] = [:], claims: [String: Edit] = [:],
        _ signature: Signature = .own
    ) throws -> String {
        let signed = try [
            part(self.header, header), part(self.claims, claims),
        ].joined(separator: ".")
        let message = Array(signed.utf8)
        let bytes: [UInt8]
        switch signature {
        case .own: bytes = own.sign(message)
        case .strangers: bytes = P256PrivateKey().sign(message)
        case .none: bytes = []
        case .publishedKey: bytes = HMACSHA256(key: published).code(over: message)
        case .publicPoint:
            let key = own.publicKey
            bytes = HMACSHA256(key: [4] + key.x + key.y).code(over: message)
        case .bytes(let given): bytes = given
        case .kept:
            return signed + "." + (token.split(separator: ".").last ?? "")
        }
        return signed + "." + Base64URL.encode(bytes)
    }

    private func part(_ object: JSON, _ edits: [String: Edit]) throws -> String {
        var members = object.members
        for (name, edit) in edits { members[name] = edit.value }
        let json = try JSONSerialization.data(
            withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes])
        return Base64URL.encode(Array(json))
    }

    /// The token as the bar made it.
    var original: String { token }
    /// A number of its claims.
    func claim(_ name: String) -> JSON { claims[name] }
}
