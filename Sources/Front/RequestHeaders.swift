internal import Domain
internal import HTTP

/// Who asks, as X-Guest says it.
enum Asker {
    /// There is no such header, or nothing in it.
    case nobody
    case guest(String)
    /// It cannot be read; who sent it is a guest, but nobody knows which.
    case unreadable

    /// Percent-encoded UTF-8, since header values are ASCII.
    init(_ request: borrowing Request) {
        guard let header = request.header("X-Guest"), !header.isEmpty else {
            self = .nobody
            return
        }
        // What was not UTF-8 as it stood would make one guest of many.
        let isText = !header.unicodeScalars.contains("\u{FFFD}")
        // One name typed in two ways is one guest.
        self =
            (isText ? percentDecoded(header) : nil).map { .guest($0.normalized) } ?? .unreadable
    }
}

private func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2,
            // Asked first: the conversion would take a sign for a digit.
            rest.prefix(2).allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}

func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    let type = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    return type == jsonType
}

/// A name that only this machine answers to: a page elsewhere cannot make a browser say it.
func isOwnHost(_ host: String?) -> Bool {
    guard let host else { return true }
    let name: Substring
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
        name = host[host.index(after: host.startIndex)..<end]
    } else {
        name = host.prefix { $0 != ":" }
    }
    return name.lowercased() == "localhost" || name == "::1" || isLoopbackIPv4(name)
}

private func isLoopbackIPv4(_ name: Substring) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
}
