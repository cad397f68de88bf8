import Foundation
import Testing

/// The repository, wherever it was cloned.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The rooms each room may import, besides Swift's own Synchronization.
///
/// A room over C sees its C room and the C library; everybody else sees neither.
private let mayImport: [String: Set<String>] = [
    "Sources/SQLite": ["CSQLite", "Glibc"],
    "Sources/HTTP": ["CMicrohttpd", "Glibc"],
    "Sources/Crypto": ["CCrypto", "Glibc"],
    "Sources/Compression": ["CZlib", "Glibc"],
    "Sources/QRCode": ["CQRencode", "Glibc"],
    "Sources/System": ["CLinux", "Glibc"],
    "Sources/WebClient": ["CCurl", "Glibc"],

    "Sources/JSON": [],
    "Sources/Pictures": [],
    // Only for Unicode normalization, which Swift keeps behind @_spi.
    "Sources/Domain": ["Swift"],
    "eventstore": ["Crypto", "Domain", "JSON", "SQLite"],
    "Sources/ReadModels": ["Domain", "JSON", "SQLite"],
    "Sources/Wire": ["Domain", "JSON"],
    "Sources/Tokens": ["Crypto", "Domain", "JSON"],

    "Sources/Commands": [
        "Crypto", "DemoMenu", "Domain", "EventStore", "JSON", "Pictures", "SQLite", "System",
        "Tokens", "Wire",
    ],
    "Sources/Projectors": [
        "Crypto", "Domain", "EventStore", "JSON", "ReadModels", "SQLite", "System",
    ],
    // The front never sees the log. Of the supervisor it reads the list of processes.
    "Sources/Front": [
        "Compression", "Crypto", "Domain", "HTTP", "JSON", "QRCode", "ReadModels", "SQLite",
        "Supervisor", "System", "Tokens", "WebApp", "Wire",
    ],
    "Sources/Subscribers": ["Domain", "JSON", "System", "Tokens", "WebClient"],
    // The supervisor knows processes, not drinks.
    "Sources/Supervisor": ["System"],
    "Sources/Audit": [
        "Crypto", "Domain", "EventStore", "JSON", "ReadModels", "SQLite", "System", "Wire",
    ],
    // The subcommands: they open what they show, and leave every decision to a room.
    "Sources/barback": [
        "Audit", "Commands", "Compression", "Crypto", "Domain", "EventStore", "Front", "HTTP",
        "JSON", "Projectors", "QRCode", "ReadModels", "SQLite", "Subscribers", "Supervisor",
        "System", "Tokens", "WebClient", "Wire",
    ],
]

@Suite("The rooms") struct RoomTests {
    @Test(arguments: mayImport.keys.sorted())
    func `import only the rooms below them`(room: String) throws {
        let allowed = try #require(mayImport[room]).union(["Synchronization"])
        for file in try files(under: room, ending: "swift") {
            for module in importedModules(try text(of: file)) where !allowed.contains(module) {
                Issue.record("\(file) imports \(module)")
            }
        }
    }

    @Test func `all stand in the table`() throws {
        for file in try files(under: "Sources", ending: "swift") {
            let room = file.split(separator: "/").prefix(2).joined(separator: "/")
            #expect(mayImport[room] != nil, "nobody said what \(room) may import")
        }
    }

    @Test func `are described as they are`() throws {
        let rows = try text(of: "docs/ARCHITECTURE.md").split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }.filter { $0.count == 3 }
        // What all rooms of a kind may see stands above the table.
        let inWords: Set = ["their C room", "the process rooms"]
        for (room, allowed) in mayImport {
            let name =
                room == "eventstore" ? "EventStore (`eventstore/`)" : String(room.dropFirst(8))
            let row = try #require(
                rows.first { $0[0].components(separatedBy: ", ").contains(name) },
                "docs/ARCHITECTURE.md does not name \(name)")
            guard !inWords.contains(row[2]) else { continue }
            let said = row[2] == "nothing" ? [] : Set(row[2].components(separatedBy: ", "))
            let forAll: Set = said == ["System"] ? [] : ["System", "Swift"]
            #expect(said == allowed.subtracting(forAll), "docs/ARCHITECTURE.md on \(name)")
        }
    }

    @Test(arguments: [
        ("import Foundation", ["Foundation"]), ("public import Domain", ["Domain"]),
        ("@preconcurrency internal import struct Glibc.stat", ["Glibc"]),
        ("@_spi(_Unicode) import Swift", ["Swift"]),
        ("import Synchronization // for Mutex", ["Synchronization"]),
        ("// import Foundation", []),
    ])
    func `are read from every form of import`(line: String, modules: [String]) {
        #expect(importedModules(line) == modules)
    }
}

@Suite("The sources") struct SourceTests {
    @Test func `live without Foundation`() throws {
        for room in ["Sources", "eventstore"] {
            for file in try files(under: room, ending: "swift") {
                let modules = importedModules(try text(of: file))
                #expect(!modules.contains { $0.hasPrefix("Foundation") }, "\(file)")
            }
        }
    }

    @Test func `carry the description of the API that docs/openapi.yaml has`() throws {
        let check = Process()
        check.executableURL = URL(fileURLWithPath: "\(root)/.ci/openapi")
        check.arguments = ["--check"]
        try check.run()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0, "run .ci/openapi")
    }

    @Test func `need no package of anybody's`() throws {
        let manifest = try text(of: "Package.swift")
        #expect(!manifest.contains(".package("))
        #expect(!manifest.contains(".product("))
    }

    @Test func `are short enough to be read in one sitting`() throws {
        for file in try swiftFiles() {
            let lines = try text(of: file).split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count < 600, "\(file) has \(lines.count) lines")
        }
    }

    @Test func `do not trust luck`() throws {
        // Written in two parts so that this file does not find itself.
        for word in ["try" + "!", "as" + "! "] {
            for file in try swiftFiles() {
                #expect(try !text(of: file).contains(word), "\(file) says \(word)")
            }
        }
    }

    @Test func `name no path of somebody's machine`() throws {
        let places = ["home", "Users", "work", "root"].map { "/\($0)" + "/" }
        let endings = ["swift", "sql", "md", "json", "c", "h", "js", "html", "css"]
        for ending in endings {
            for file in try files(under: "", ending: ending) {
                let text = try text(of: file)
                for place in places {
                    #expect(!text.contains("\"\(place)"), "\(file) names \(place)")
                    #expect(!text.contains(" \(place)"), "\(file) names \(place)")
                }
            }
        }
    }

    private func swiftFiles() throws -> [String] { try files(under: "", ending: "swift") }
}

/// Paths from the repository's root; what is built or hidden is not ours.
private func files(under folder: String, ending: String) throws -> [String] {
    let base = folder.isEmpty ? root : "\(root)/\(folder)"
    let found = try FileManager.default.subpathsOfDirectory(atPath: base)
        .filter { $0.hasSuffix(".\(ending)") && !$0.hasPrefix(".") }
        .map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
    return found
}

private func text(of file: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
}

/// The modules that a source file imports.
private func importedModules(_ source: String) -> [String] {
    let keywords: Set<Substring> = [
        "public", "internal", "package", "private", "fileprivate", "struct", "class", "enum",
        "func", "var", "let", "protocol", "typealias", "import",
    ]
    return source.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"),
            words[..<place].allSatisfy({ keywords.contains($0) || $0.hasPrefix("@") }),
            let name = words[(place + 1)...].first(where: { !keywords.contains($0) })
        else { return nil }
        return name.split(separator: ".").first.map(String.init)
    }
}
