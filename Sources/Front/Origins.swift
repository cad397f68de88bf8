internal import HTTP

/// Pages of other servers that may use this one from a browser (CORS); none unless `--allow-origin` names them.
///
/// An origin is answered by its name, never with `*`, and credentials are never allowed: tokens and keys travel in
/// headers that a page has to set itself.
///
/// Source: https://fetch.spec.whatwg.org/#http-cors-protocol
struct Origins: Sendable {
    private let allowed: Set<String>

    init(_ origins: [WebOrigin]) { allowed = Set(origins.map(\.description)) }

    private static let requestHeaders =
        "X-Api-Key, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Barback-After, "
        + "X-Registration-Code, Last-Event-ID"
    private static let answerHeaders =
        "Barback-Position, ETag, Location, RateLimit, RateLimit-Policy, Retry-After"

    /// Nothing but "no other origin": caches need not tell answers apart.
    private var isEmpty: Bool { allowed.isEmpty }

    /// What goes on every answer of the API to a request with this Origin header, also a refusal.
    func headers(for header: @autoclosure () -> String?) -> [(String, String)] {
        guard !isEmpty else { return [] }
        guard let origin = header(), allowed.contains(origin) else { return [("Vary", "Origin")] }
        return [
            ("Vary", "Origin"), ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", Self.answerHeaders),
        ]
    }

    /// Answers a browser that asks before it sends; nil where this is no such question, or not from an allowed page.
    ///
    /// `requested` is Access-Control-Request-Method; `allow` the methods of the address, as in the header Allow. It
    /// lacks ``headers(for:)``, as every answer does: a browser refuses an origin that is allowed twice.
    func preflight(origin: String?, requested: String?, allow: String) -> Response? {
        guard let origin, requested != nil, allowed.contains(origin) else { return nil }
        return Response(
            status: 204,
            headers: [
                ("Access-Control-Allow-Methods", allow),
                ("Access-Control-Allow-Headers", Self.requestHeaders),
                ("Access-Control-Max-Age", "7200"), ("Cache-Control", "no-store"),
            ])
    }
}
