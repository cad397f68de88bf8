import Foundation
import Testing

@testable import Front

private let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/WebApp/public")

/// Every script and style, by its path.
private let sources: [String] = {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String]
    return (paths ?? []).filter { $0.hasSuffix(".js") || $0.hasSuffix(".css") }.sorted()
}()

private func served(_ source: String) -> String {
    String(decoding: withoutComments(Array(source.utf8)), as: UTF8.self)
}

@Suite("A script as it is served") struct CommentsTests {
    @Test(arguments: [
        ("// @ts-check\nrun();\n", "\nrun();\n"),
        ("  // why\n  run(); // how\n", "\n  run(); // how\n"),
        ("/** One line. */\nrun();", "\nrun();"),
        ("/**\n * Many.\n */\nrun();", "\n\n\nrun();"),
        ("/* a */ run(); /* b */", "/* a */ run(); /* b */"),
        ("/** @type {X} */ (a).b();", "/** @type {X} */ (a).b();"),
        ("/*\n */ run();\nstop();", "\n run();\nstop();"),
        ("run(\"// no\");\nlet a = b / c;", "run(\"// no\");\nlet a = b / c;"),
        ("", ""),
    ])
    func `lacks the lines that are comments, and keeps the numbers of all others`(
        _ source: String, _ expected: String
    ) {
        #expect(served(source) == expected)
    }

    @Test func `is a tenth shorter at least, with as many lines`() throws {
        let texts = try sources.map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        #expect(texts.count > 40)
        #expect(
            texts.allSatisfy {
                $0.split(separator: "\n", omittingEmptySubsequences: false).count
                    == served($0).split(separator: "\n", omittingEmptySubsequences: false).count
            })
        #expect(
            texts.reduce(0) { $0 + served($1).utf8.count } * 10
                < texts.reduce(0) { $0 + $1.utf8.count } * 9)
    }

    @Test(arguments: sources)
    func `loses nothing that stands in a template`(_ path: String) throws {
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        let before = text.split(separator: "\n", omittingEmptySubsequences: false)
        let after = served(text).split(separator: "\n", omittingEmptySubsequences: false)
        var quotes = 0
        for (source, line) in zip(before, after) {
            if line != source { #expect(quotes.isMultiple(of: 2), "\(path): \(source)") }
            quotes += line.count { $0 == "`" }
        }
    }
}
