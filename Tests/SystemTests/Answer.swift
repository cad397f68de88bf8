import Foundation

/// What the bar said to one request.
struct Answer: Sendable {
    let status: Int
    private let headers: [(name: String, value: String)]
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            return (parts[0].lowercased(), value)
        }
    }

    subscript(_ header: String) -> String? {
        headers.first { $0.name == header.lowercased() }?.value
    }

    /// Of every line with this name.
    func values(_ header: String) -> [String] {
        headers.filter { $0.name == header.lowercased() }.map(\.value)
    }

    /// The whole answer but for the time, to be compared byte for byte.
    var timeless: String {
        let lines = headers.filter { $0.name != "date" }.map { "\($0.name): \($0.value)" }
        return ([String(status)] + lines + [text]).joined(separator: "\n")
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON {
        JSON(try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed))
    }
    /// What stands under `data`.
    var data: JSON { json["data"] }
    /// The log position that the answer knows.
    var position: Int? { self["Barback-Position"].flatMap { Int($0) } }

    // MARK: Problems

    /// The stable code of an error that follows RFC 9457; nil for anything else.
    var code: String? {
        guard self["Content-Type"] == "application/problem+json", json["status"].int == status,
            json["title"].string?.isEmpty == false, json["detail"].string?.isEmpty == false,
            json["type"].string != nil
        else { return nil }
        return json["code"].string
    }
    /// The fields that an answer 422 names.
    var fields: [String] { json["errors"].list.compactMap { $0["field"].string } }
}

/// A JSON value, read by somebody else's parser: ours is under test.
struct JSON {
    private let value: Any?

    init(_ value: Any?) { self.value = value }

    subscript(_ name: String) -> JSON { JSON((value as? [String: Any])?[name]) }
    subscript(_ index: Int) -> JSON { JSON(list.indices.contains(index) ? list[index].value : nil) }
    var list: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
    /// Of an object.
    var members: [String: Any] { value as? [String: Any] ?? [:] }
    var string: String? { value as? String }
    var int: Int? { value as? Int }
    var bool: Bool? { value as? Bool }
    /// Written as `null`; a member that is absent is not.
    var isNull: Bool { value is NSNull }
    var isAbsent: Bool { value == nil }
}

/// Text as a JSON string, quotes included.
func quoted(_ text: String) -> String {
    let bytes = try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? "null"
}
