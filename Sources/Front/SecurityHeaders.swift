/// Headers that tell browsers to be careful.
///
/// The policy of what a page may load stands beside the pages, in ``Pages``.
enum SecurityHeaders {
    /// On every answer: it is what it says it is, and addresses, which may hold a join code, are told to nobody.
    static let always = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]

    /// On pages and their files: no window of another page holds on to them, and none shows them as its own.
    static let pages =
        always + [
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]

    /// On every answer by TLS: never again without, for a year.
    ///
    /// Browsers pass it over where they do not trust the certificate, and at addresses in figures.
    static let secure = [("Strict-Transport-Security", "max-age=31536000")]
}
