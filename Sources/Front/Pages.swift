internal import HTTP
internal import WebApp

/// The files of the web app, as finished answers.
struct Pages {
    private let answers: [String: Prepared]

    init() {
        var answers: [String: Prepared] = [:]
        var index = 0
        while let (path, type, bytes) = asset(at: index) {
            answers[path] = Prepared(bytes, type: type, headers: Self.headers)
            index += 1
        }
        self.answers = answers
    }

    /// Only what this server sends may run or be shown, and nobody may frame it.
    private static let headers = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]

    /// Nil where the path is no page's.
    func page(_ path: String) -> Prepared? { answers[path] }
}

private func asset(at index: Int) -> (path: String, type: String, bytes: [UInt8])? {
    let asset = web_asset_at(index)
    guard let path = asset.path, let type = asset.content_type else { return nil }
    return (
        String(cString: path), String(cString: type),
        [UInt8](UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    )
}
