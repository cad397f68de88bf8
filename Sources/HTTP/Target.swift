/// A request target, taken apart and decoded once (RFC 3986).
///
/// `..` and `//` are kept as they are: they name no route.
public struct Target: Equatable, Sendable {
    /// The path between its slashes, percent escapes decoded: `/drinks/a%2Fb` is `["drinks", "a/b"]`, `/` is `[""]`.
    public let segments: [String]
    /// The query's items in their order, `+` and percent escapes decoded.
    public let query: [QueryItem]

    static let root = Target(segments: [""], query: [])

    private init(segments: [String], query: [QueryItem]) {
        self.segments = segments
        self.query = query
    }

    /// Reads a target as it was sent; every part of it must be UTF-8 when decoded.
    init(_ bytes: some Collection<UInt8>) throws(Refusal) {
        guard bytes.first == 0x2F, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x23 })
        else {
            throw .malformed(.target)
        }
        let mark = bytes.firstIndex(of: 0x3F)
        var segments: [String] = []
        let path = bytes[bytes.index(after: bytes.startIndex)..<(mark ?? bytes.endIndex)]
        for part in path.split(separator: 0x2F, omittingEmptySubsequences: false) {
            segments.append(try decode(part, plusIsSpace: false))
        }
        var query: [QueryItem] = []
        if let mark {
            for item in bytes[bytes.index(after: mark)...].split(separator: 0x26) {
                let equals = item.firstIndex(of: 0x3D)
                let name = try decode(item[..<(equals ?? item.endIndex)], plusIsSpace: true)
                let value = item[(equals.map { item.index(after: $0) } ?? item.endIndex)...]
                query.append(QueryItem(name: name, value: try decode(value, plusIsSpace: true)))
            }
        }
        self.segments = segments
        self.query = query
    }
}

/// One `name=value` of a query; `?name` alone has an empty value.
public struct QueryItem: Equatable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

private func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) throws(Refusal) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
        let byte = bytes[index]
        bytes.formIndex(after: &index)
        if byte == 0x2B && plusIsSpace {
            decoded.append(0x20)
        } else if byte != 0x25 {
            decoded.append(byte)
        } else {
            var value: UInt8 = 0
            for _ in 0..<2 {
                guard index < bytes.endIndex, let digit = bytes[index].hexValue else {
                    throw .malformed(.escape)
                }
                value = value << 4 | digit
                bytes.formIndex(after: &index)
            }
            guard value != 0 else { throw .malformed(.escape) }
            decoded.append(value)
        }
    }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw .malformed(.encoding) }
    return text
}
