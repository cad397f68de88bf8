internal import Crypto
public import Domain
internal import JSON

/// The key of one person, under which everything personal about them stands in the log.
///
/// Whoever destroys it has forgotten the person; the log still verifies.
public struct PersonKey: Sendable {
    /// What the event's `key_id` says; 16 bytes.
    public let id: UUID
    let cipher: AES256GCM

    /// `key` has 32 bytes.
    public init(id: UUID, key: [UInt8]) {
        self.id = id
        cipher = AES256GCM(key: key)
    }
}

/// Where keys are found by who reads names.
public protocol PersonKeys {
    /// Nil for a person who is forgotten.
    func key(_ id: UUID) -> PersonKey?
}

/// Personal members of an event's JSON, written as one member `sealed`.
///
/// It is base64 of 12 bytes of nonce, AES-256-GCM of a JSON object with these members, and 16 bytes of
/// tag; the event's stream is authenticated with it, so that no text can be moved to another.
/// ``Catalogue/personal(of:)`` names the members.
public enum Sealed {
    static let member = "sealed"

    /// The same event with its personal members sealed; unchanged where it has none.
    public static func seal(
        _ event: NewEvent, under key: PersonKey, _ catalogue: Catalogue = .current
    ) -> NewEvent {
        let names = catalogue.personal(of: event.type)
        guard !names.isEmpty, var open = try? JSONValue(parsing: event.data).object else {
            return event
        }
        var personal = JSONObject()
        for name in names {
            guard let value = open[name] else { continue }
            personal[name] = value
            open[name] = nil
        }
        guard !personal.members.isEmpty else { return event }
        let cipher = key.cipher.seal(
            bytes(of: personal), authenticating: Array(event.stream.utf8))
        open[member] = .string(Base64.encode(cipher))
        var sealed = event
        sealed.data = bytes(of: open)
        sealed.keyID = key.id.bytes
        return sealed
    }

    /// The data with its personal members back; without them where the person is forgotten or the text
    /// was tampered with.
    public static func open(
        _ data: [UInt8], stream: String, keyID: [UInt8], with keys: any PersonKeys
    ) -> [UInt8] {
        if let cut = sealedEnd(of: data),
            let id = UUID(bytes: keyID), let key = keys.key(id),
            let cipher = Base64.decode(String(decoding: data[cut.text], as: UTF8.self)),
            let plain = key.cipher.open(cipher, authenticating: Array(stream.utf8)),
            plain.count > 2, plain.first == UInt8(ascii: "{"), plain.last == UInt8(ascii: "}")
        {
            return Array(data[..<cut.start]) + plain.dropFirst()
        }
        guard var object = try? JSONValue(parsing: data).object,
            let text = object[member]?.string
        else { return data }
        object[member] = nil
        if let id = UUID(bytes: keyID), let key = keys.key(id),
            let cipher = Base64.decode(text),
            let plain = key.cipher.open(cipher, authenticating: Array(stream.utf8)),
            let personal = try? JSONValue(parsing: plain).object
        {
            for item in personal.members { object[item.name] = item.value }
        }
        return bytes(of: object)
    }

    /// Where the name of the sealed member begins, and its text, if it is the last, as ``seal(_:under:_:)`` writes it.
    ///
    /// What was sealed can then be put in its place without reading the rest.
    private static func sealedEnd(of data: [UInt8]) -> (start: Int, text: Range<Int>)? {
        guard data.count > 2, data[data.count - 1] == UInt8(ascii: "}"),
            data[data.count - 2] == UInt8(ascii: "\""),
            let quote = data[..<(data.count - 2)].lastIndex(of: UInt8(ascii: "\"")),
            data[..<quote].suffix(lastMember.count).elementsEqual(lastMember)
        else { return nil }
        return (quote - lastMember.count + 1, quote + 1..<data.count - 2)
    }

    private static let lastMember = Array(",\"sealed\":".utf8)

    private static func bytes(of object: JSONObject) -> [UInt8] {
        var json = JSONWriter(reserving: 256)
        json.value(.object(object))
        return json.bytes
    }
}
