/// Where the front listens, as `ADDR:PORT` on the command line.
struct ListenAddress: Equatable {
    static let usual = "127.0.0.1:8080"

    /// Numeric.
    let host: String
    let port: UInt16

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`.
    ///
    /// - Throws: ``UsageError`` for anything else, addresses that other machines reach included.
    init(_ text: String, from source: String = "--listen") throws(UsageError) {
        guard let (host, port) = Self.split(text) else {
            throw UsageError(
                "\(source) takes an address and a port, such as \(Self.usual) or [::1]:8080, "
                    + "not \(quoted(text))")
        }
        guard let host = Self.loopback(host) else {
            throw UsageError(
                "\(source) \(quoted(text)) is refused: until barback has sign-in and guest codes, anyone "
                    + "who reaches the port could act as the host; use 127.0.0.1, [::1] or "
                    + "localhost")
        }
        self.host = host
        self.port = port
    }

    var url: String { host.contains(":") ? "http://[\(host)]:\(port)/" : "http://\(host):\(port)/" }
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits),
            port > 0, !host.isEmpty
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            // ::1:8080 is an address of its own.
            return nil
        }
        return (String(host), port)
    }

    /// The numeric address if it is this machine's own and nobody else's.
    private static func loopback(_ host: String) -> String? {
        if host == "localhost" { return "127.0.0.1" }
        if host == "::1" { return host }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127",
            parts.allSatisfy({ part in
                part.allSatisfy { $0.isASCII && $0.isNumber } && UInt8(part) != nil
                    && (part.count == 1 || part.first != "0")
            })
        else { return nil }
        return host
    }
}

extension Arguments {
    func listenAddress() throws(UsageError) -> ListenAddress {
        guard let (text, source) = textAndSource(.listen) else {
            return try ListenAddress(ListenAddress.usual)
        }
        return try ListenAddress(text, from: source)
    }

    func maxActiveOrders() throws(UsageError) -> Int {
        Int(try number(.maxActiveOrders, in: 0...1_000) ?? 3)
    }
}
