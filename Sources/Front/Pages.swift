internal import HTTP
internal import System
internal import WebApp

/// The files of the web app, as finished answers.
///
/// The pages carry an API key of their own, which the commands process writes to `run/web-key`.
final class Pages {
    private var answers: [String: Prepared] = [:]
    private let keyPath: String
    private var keyFile: Files.Stamp?
    private var key = ""

    /// Where the key stands in a page, the languages that there are words in, and in the service worker what it keeps.
    private static let keyMark = "{{api-key}}"
    private static let languagesMark = "{{languages}}"
    private static let assetsMark = "{{assets}}"

    init(dataDirectory: String) {
        keyPath = dataDirectory + "/run/web-key"
        for file in Self.files where !file.hasMarks {
            answers[file.path] = Prepared(file.bytes, type: file.type, headers: Self.headers)
        }
        fill()
        refresh()
    }

    /// Sees whether the key is another now.
    func refresh() {
        let now = Files.stamp(keyPath)
        guard now != keyFile, now != nil, let bytes = try? Files.readAll(keyPath, limit: 200) else {
            return
        }
        keyFile = now
        key = String(decoding: bytes, as: UTF8.self)
        fill()
    }

    /// What has marks, few of all, is another with every key.
    private func fill() {
        for file in Self.files where file.hasMarks {
            answers[file.path] = Prepared(
                filled(file.bytes), type: file.type, headers: Self.headers)
        }
    }

    private func filled(_ page: [UInt8]) -> [UInt8] {
        let text = String(decoding: page, as: UTF8.self)
            .components(around: Self.keyMark).joined(separator: key)
            .components(around: Self.languagesMark).joined(separator: Self.languages)
            .components(around: Self.assetsMark).joined(separator: Self.assets)
        return Array(text.utf8)
    }

    /// All there are, as they are served, but for what stands in the place of marks.
    private static let files = Array(
        sequence(first: 0) { $0 + 1 }.lazy
            .map { file(at: $0) }.prefix { $0 != nil }.compactMap { $0 })

    private static let paths = files.map(\.path)

    /// The codes of the files in `words`, with spaces between.
    private static let languages = paths.compactMap(\.wordsLanguage).joined(separator: " ")

    /// What a phone keeps: nothing of the host's pages.
    private static let assets = paths.filter {
        $0.hasPrefix("/assets/") && !$0.hasPrefix("/assets/host")
    }.joined(separator: " ")

    /// Only what this server sends may run or be shown, and nobody may frame it.
    private static let headers =
        [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'"
            )
        ] + SecurityHeaders.pages

    /// Nil where the path is no page's.
    func page(_ path: String) -> Prepared? { answers[path] }

    /// The guests' page.
    var home: Prepared {
        guard let page = answers["/"] else { preconditionFailure("the web app has a page") }
        return page
    }
}

extension String {
    /// `es` of `/assets/words/es.json`.
    fileprivate var wordsLanguage: Substring? {
        let folder = "/assets/words/"
        return hasPrefix(folder) ? dropFirst(folder.count).prefix { $0 != "." } : nil
    }

    /// The pieces around the places where a text stands; at least one.
    fileprivate func components(around mark: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            pieces.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return pieces + [rest]
    }
}

private struct File: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    var hasMarks: Bool { type.hasPrefix("text/html") || path == "/service-worker.js" }
}

private func file(at index: Int) -> File? {
    let asset = web_asset_at(index)
    guard let path = asset.path, let type = asset.content_type else { return nil }
    let bytes = [UInt8](UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    let isCode = ["text/javascript", "text/css"].contains { String(cString: type).hasPrefix($0) }
    return File(
        path: String(cString: path), type: String(cString: type),
        bytes: isCode ? withoutComments(bytes) : bytes)
}
