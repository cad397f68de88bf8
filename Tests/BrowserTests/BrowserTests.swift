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
/// They wait more than they work, so two take hardly longer than one. What is to be seen within a second may take longer
/// where two browsers start at once: one that fails is gone through once more by itself, and that is said.
@Suite(
    "In a browser", .serialized,
    .enabled(if: python != nil, "run .ci/browser, which says what is missing"))
struct BrowserTests {
    @Test(arguments: Journey.all)
    func `all goes well where`(_ journey: Journey) throws {
        let python = try #require(python)
        let trips = journey.hosts.map { ($0, trip(journey, to: $0, python)) }
        if !journey.measuresTime { for (_, trip) in trips { try trip.start() } }
        for (host, first) in trips {
            if journey.measuresTime { try first.start() }
            let (code, output) = first.end()
            guard code != 0 else { continue }
            print("\(journey.name) at \(host) failed, and is gone through once more:\n\(output)")
            let second = trip(journey, to: host, python)
            try second.start()
            let (again, words) = second.end()
            #expect(again == 0, "at \(host), twice: \(words)")
        }
    }

    private func trip(_ journey: Journey, to host: String, _ python: String) -> Run {
        Run(python, ["-B", room.path + "/run.py", barback, host, journey.name])
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
