import Foundation
import Testing

private let room = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
private let root = room.deletingLastPathComponent().deletingLastPathComponent()

/// A Python that drives a browser; nil where none can be had, and then `.ci/browser` has said how to get one.
private let python: String? = {
    let run = Run(root.path + "/.ci/browser", [])
    guard (try? run.start()) != nil else { return nil }
    let (code, output) = run.end()
    guard code == 0 else { return nil }
    return output.split(separator: "\n").last.map(String.init)
}()

/// A file in `journeys`, which says itself what it needs.
struct Journey: Sendable, CustomTestStringConvertible {
    let name: String
    /// It has the machine to itself.
    let measuresTime: Bool
    /// It takes long, and sees the same at every address.
    let onlyLooks: Bool

    var testDescription: String { name }

    /// localhost, which browsers take for safe, and http://bar.test as on a party's Wi-Fi, where they keep much of
    /// what they can do to themselves.
    var hosts: [String] { onlyLooks ? ["bar.test"] : ["localhost", "bar.test"] }

    static let all: [Journey] = {
        let folder = room.path + "/journeys"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".py") }.sorted().map { file in
            let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            let says = { (word: String) in text?.contains("\n\(word) = True\n") ?? false }
            return Journey(
                name: String(file.dropLast(3)), measuresTime: says("MEASURES_TIME"),
                onlyLooks: says("ONLY_LOOKS"))
        }
    }()
}

/// Journeys of guests and hosts in a real browser, each to both addresses at once.
///
/// They wait more than they work, so two take hardly longer than one.
@Suite(
    "In a browser", .serialized,
    .enabled(if: python != nil, "run .ci/browser, which says what is missing"))
struct BrowserTests {
    @Test(arguments: Journey.all)
    func `all goes well where`(_ journey: Journey) throws {
        let python = try #require(python)
        let trips = journey.hosts.map { host in
            (host, Run(python, ["-B", room.path + "/run.py", barback, host, journey.name]))
        }
        if !journey.measuresTime { for (_, run) in trips { try run.start() } }
        for (host, run) in trips {
            if journey.measuresTime { try run.start() }
            let (code, output) = run.end()
            #expect(code == 0, "at \(host): \(output)")
        }
    }

    @Test func `there are journeys`() { #expect(Journey.all.contains { $0.measuresTime }) }
}

/// `.build/debug/barback` beside the test bundle, or $BARBACK_BIN.
private let barback =
    ProcessInfo.processInfo.environment["BARBACK_BIN"] ?? root.path + "/.build/debug/barback"

/// A program that is run to its end.
private final class Run {
    private let process = Process()
    private let pipe = Pipe()

    init(_ program: String, _ arguments: [String]) {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
    }

    func start() throws { try process.run() }

    /// Its exit code and all that it wrote.
    func end() -> (Int32, String) {
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
