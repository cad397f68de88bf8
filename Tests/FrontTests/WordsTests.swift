import Foundation
import JSON
import Testing
import WebApp

/// The repository, wherever it was cloned.
private let app = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/WebApp")

private func files(in folder: String, ending: String) throws -> [String] {
    let path = app.appendingPathComponent(folder).path
    return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(ending) }.sorted()
}

private func text(of file: String) throws -> String {
    try String(contentsOf: app.appendingPathComponent(file), encoding: .utf8)
}

/// The sentences of one language.
private struct Words {
    let sentences: [String: JSONValue]

    init(_ file: String, in folder: String) throws {
        let value = try JSONValue(parsing: Array(try text(of: "\(folder)/\(file)").utf8))
        let members = try #require(value.object).members
        sentences = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    /// What is said of other languages' names of ingredients is not in every file.
    var keys: Set<String> { Set(sentences.keys).subtracting(["ingredients"]) }

    /// The one form, or those by number.
    func forms(_ key: String) -> [String: String] {
        let members = sentences[key]?.object?.members ?? []
        if let form = sentences[key]?.string { return ["other": form] }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.string ?? "") })
    }

    func gaps(_ key: String) -> Set<String> {
        Set(
            forms(key).values.flatMap {
                $0.matches(of: /\{\w+(:\w+)?\}/).map { String($0.output.0) }
            })
    }
}

/// The folder of a page's words, and where the page's own scripts are.
private struct Page: Sendable, CustomTestStringConvertible {
    let words: String
    let scripts: [String]
    let page: String
    var testDescription: String { page }

    static let all = [
        Page(
            words: "public/words", scripts: ["public", "public/views"], page: "public/guest.html"),
        Page(words: "public/host/words", scripts: ["public/host"], page: "public/host.html"),
    ]
}

@Suite("The words of a page") struct WordsTests {
    @Test(arguments: Page.all)
    fileprivate func `are in every language the same sentences with the same gaps`(
        _ page: Page
    ) throws {
        let english = try Words("en.json", in: page.words)
        let languages = try files(in: page.words, ending: ".json")
        #expect(languages.contains("es.json"))
        for file in languages {
            let words = try Words(file, in: page.words)
            #expect(words.keys.symmetricDifference(english.keys).sorted() == [], "\(file)")
            for key in words.keys {
                let forms = words.forms(key)
                #expect(forms["other"]?.isEmpty == false, "\(file): \(key)")
                #expect(words.gaps(key) == english.gaps(key), "\(file): \(key)")
                #expect((forms.count > 1) == (english.forms(key).count > 1), "\(file): \(key)")
            }
        }
    }

    @Test(arguments: Page.all)
    fileprivate func `are carried by the program as soon as their file is there`(
        _ page: Page
    ) throws {
        let carried = (0...).lazy.map { web_asset_at($0).path.map { String(cString: $0) } }
            .prefix { $0 != nil }.compactMap { $0 }
        let folder = page.words.replacing("public/", with: "/assets/")
        for file in try files(in: page.words, ending: ".json") {
            #expect(
                carried.contains("\(folder)/\(file)"),
                "touch Sources/WebApp/assets.c; and its code has to stand in languages.h")
        }
    }

    /// The host's pages have the guests' sentences, too.
    @Test(arguments: Page.all)
    fileprivate func `hold every sentence that it asks for`(_ page: Page) throws {
        let known = try Set([page.words, "public/words"]).reduce(into: Set<String>()) {
            $0.formUnion(try Words("en.json", in: $1).keys)
        }
        let scripts = try page.scripts.flatMap { folder in
            try files(in: folder, ending: ".js").map { "\(folder)/\($0)" }
        }
        var asked = 0
        for file in scripts + [page.page] {
            let calls = try text(of: file).matches(
                of: /(?:\bt\(|data-words(?:-label|-placeholder)?=)"([^"]+)"/)
            for call in calls {
                asked += 1
                #expect(known.contains(String(call.output.1)), "\(file): \(call.output.1)")
            }
        }
        #expect(asked > 0)
    }
}
