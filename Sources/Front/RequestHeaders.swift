internal import HTTP

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
