internal import Front
internal import HTTP
internal import System

/// Where the front listens, as `ADDR:PORT` on the command line.
struct ListenAddress: Equatable {
    static let usual = "0.0.0.0:8080"

    /// Numeric.
    let host: String
    let port: UInt16
    /// It stands for every address of this machine.
    let isAny: Bool

    /// Reads `0.0.0.0:8080`, `[::1]:8080` or `localhost:8080`.
    ///
    /// - Throws: ``UsageError`` for anything else, names included: which of a name's addresses was meant?
    init(_ text: String, from source: String = "--listen") throws(UsageError) {
        guard let (host, port) = Self.split(text), let address = Address(host) else {
            throw UsageError(
                "\(source) takes an address and a port, such as \(Self.usual) or [::1]:8080, "
                    + "not \(quoted(text))")
        }
        self.host = host
        self.port = port
        isAny = address.isAny
    }

    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// How others reach it.
    ///
    /// An address that nobody can dial is the one of the default route in its place.
    func url(isSecure: Bool) -> WebOrigin {
        let named = isAny ? OwnAddress.ofDefaultRoute(withIPv6: host.contains(":")) : host
        return WebOrigin(isSecure: isSecure, host: named ?? "127.0.0.1", port: port)
    }

    /// Whether others have no way to it, as this machine has no address on a network.
    var isOffNetwork: Bool {
        isAny && OwnAddress.ofDefaultRoute(withIPv6: host.contains(":")) == nil
    }

    private static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits),
            port > 0, !host.isEmpty
        else { return nil }
        if host == "localhost" { return ("127.0.0.1", port) }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            // ::1:8080 is an address of its own.
            return nil
        }
        return (String(host), port)
    }
}
