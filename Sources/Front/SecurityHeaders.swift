/// Headers that tell browsers to be careful.
///
/// The policy of what a page may load stands beside the pages, in ``Pages``; that an answer is nothing but its
/// Content-Type says every one, in ``HTTP/Response``.
enum SecurityHeaders {
    /// On pages and their files: their addresses, which may hold a join code, are told to nobody, and no other page
    /// shows them as its own.
    static let pages = [
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// On every answer that nobody could read along: never again in the clear, for a year, and no window of another page
    /// holds on to this one.
    ///
    /// The first, browsers pass over where they do not trust the certificate, and at addresses in figures; of the second
    /// they complain where the page came in the clear.
    static let secure = [
        ("Strict-Transport-Security", "max-age=31536000"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
}
