internal import HTTP

/// Scheme, host and port of a web address: `https://bar.example.org`, `http://[::1]:8080`.
public struct WebOrigin: Hashable, Sendable, CustomStringConvertible {
    public let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    public let host: String
    public let port: UInt16

    /// Reads an origin as a browser writes it, and with capitals, the usual port or one slash at its end.
    ///
    /// Nil for anything else: paths, user names, `*`, `null`.
    public init?(_ text: String) {
        let text = text.lowercased()
        let rest: Substring
        if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        guard let (host, port) = splitHost(rest.hasSuffix("/") ? rest.dropLast() : rest) else {
            return nil
        }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
    }

    public init(isSecure: Bool, host: String, port: UInt16) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// As browsers write it: the scheme's usual port is left out.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let scheme = isSecure ? "https" : "http"
        return port == (isSecure ? 443 : 80) ? "\(scheme)://\(name)" : "\(scheme)://\(name):\(port)"
    }
}

/// The name or address of `host[:port]` in lower case, without brackets; nil where it is neither.
func splitHost(_ text: some StringProtocol) -> (host: String, port: UInt16?)? {
    var name = text[...]
    var port: UInt16?
    if let colon = text.lastIndex(of: ":"), text[colon...].allSatisfy({ $0 != "]" }) {
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits),
            number > 0
        else { return nil }
        port = number
        name = text[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
        let literal = name.dropFirst().dropLast()
        guard literal.contains(":"), Address(String(literal)) != nil else { return nil }
        return (literal.lowercased(), port)
    }
    guard (1...253).contains(name.utf8.count),
        name.utf8.allSatisfy({
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        })
    else { return nil }
    return (name.lowercased(), port)
}
