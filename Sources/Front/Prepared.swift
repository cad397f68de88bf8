internal import Compression
internal import Crypto
internal import Domain
internal import HTTP

/// An answer made once and sent many times, plain and gzipped.
///
/// The ETag is a digest of the body alone: the position moves with every order in the house, the
/// menu does not, and a phone that has the menu need not fetch it again.
struct Prepared {
    private let plain: Response
    private let gzipped: Response
    private let plainTag: String
    private let gzippedTag: String
    private var position: Position?

    /// Bytes from which packing as small as can be would hold everybody up.
    private static let long = 1_000_000

    /// `position` is that of the read model it was made from; nil where it does not come from one.
    init(
        _ body: [UInt8], type: String, cacheControl: String = "no-cache",
        position: Position? = nil, headers: [(String, String)] = []
    ) {
        let tag = String(SHA256().digest(of: body).hex.prefix(24))
        plainTag = "\"\(tag)\""
        gzippedTag = "\"\(tag)-gz\""
        self.position = position
        var common =
            [("Content-Type", type), ("Cache-Control", cacheControl), ("Vary", "Accept-Encoding")]
            + headers
        if let position { common.append((Header.position, position.description)) }
        plain = Response(status: 200, headers: common + [("ETag", plainTag)], body: body)
        gzipped = Response(
            status: 200,
            headers: common + [("ETag", gzippedTag), ("Content-Encoding", "gzip")],
            body: Gzip.compress(body, level: body.count > Self.long ? 1 : 6))
    }

    /// The same content at a later position.
    mutating func move(to position: Position) {
        guard let known = self.position, known != position else { return }
        self.position = position
        plain.setHeader(Header.position, position.description)
        gzipped.setHeader(Header.position, position.description)
    }

    func answer(_ request: borrowing Request) -> Response {
        let zipped = request.header("Accept-Encoding").map(acceptsGzip) ?? false
        let response = zipped ? gzipped : plain
        guard let known = request.header("If-None-Match"),
            matches(known, zipped ? gzippedTag : plainTag)
        else { return response }
        return response.notModified
    }
}

enum Header {
    static let position = "Barback-Position"
}

/// Whether gzip is among the codings, and not with a weight of zero.
func acceptsGzip(_ value: String) -> Bool {
    value.split(separator: ",").contains { item in
        let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
        guard let coding = parts.first?.lowercased(), coding == "gzip" || coding == "*" else {
            return false
        }
        return !parts.dropFirst().contains {
            $0.hasPrefix("q=") && (Double($0.dropFirst(2)) ?? 1) == 0
        }
    }
}

/// If-None-Match: a list of tags, weak or not, or `*`.
func matches(_ header: String, _ tag: String) -> Bool {
    header.split(separator: ",").contains { item in
        let item = item.drop { $0 == " " }.prefix { $0 != " " }
        return item == "*" || item == tag || item == "W/" + tag
    }
}
