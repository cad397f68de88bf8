internal import CCurl

/// An address that may be asked: `https`, or plain `http` where the host is this machine.
///
/// Read by libcurl itself, so that nobody understands it in another way than whoever connects.
public struct WebAddress: Equatable, Sendable, CustomStringConvertible {
    public let text: String
    /// Nobody else can read or answer what goes there.
    public let isLoopback: Bool

    /// Nil for other protocols, for plain http to another machine, and for addresses with a user name, a password,
    /// or a fragment.
    public init?(_ text: String) {
        guard text.utf8.count <= 2_000, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            Library.isLoaded, let url = ccurl_url_read(text)
        else { return nil }
        defer { ccurl_url_free(url) }
        guard let scheme = Self.part(CURLUPART_SCHEME, of: url),
            let host = Self.part(CURLUPART_HOST, of: url),
            [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT]
                .allSatisfy({ Self.part($0, of: url) == nil })
        else { return nil }
        isLoopback = Self.isLoopback(host)
        guard scheme == "https" || scheme == "http" && isLoopback else { return nil }
        self.text = text
    }

    public var description: String { text }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        guard let text = ccurl_url_part(url, part) else { return nil }
        defer { ccurl_text_free(text) }
        return String(cString: text)
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
