import Foundation
import Testing

private let room = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
private let root = room.deletingLastPathComponent().deletingLastPathComponent()

/// A Python that drives a browser; nil where none can be had, and then `.ci/browser` has said how to get one.
private let python: String? = {
    guard let (code, output) = try? run(root.path + "/.ci/browser", []), code == 0 else {
        return nil
    }
    return output.split(separator: "\n").last.map(String.init)
}()

/// The files in `journeys`.
private let journeys: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: room.path + "/journeys")
    return (names ?? []).filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }.sorted()
}()

/// One journey at one address.
struct Trip: Sendable, CustomTestStringConvertible {
    let journey: String
    let host: String
    var testDescription: String { "\(journey) at \(host)" }
}

/// Those that only look take long, and see the same everywhere.
private let looking = [
    "nothing_bars_the_way", "no_page_scrolls_sideways", "every_drink_has_its_picture",
    "nothing_bars_a_host_at_menu_and_shelf",
]

private let trips = journeys.flatMap { journey in
    (looking.contains(journey) ? ["bar.test"] : ["localhost", "bar.test"]).map {
        Trip(journey: journey, host: $0)
    }
}

/// Journeys of guests and hosts in a real browser.
///
/// Each is gone through twice: at localhost, which browsers take for safe, and at http://bar.test as on a party's
/// Wi-Fi, where they keep much of what they can do to themselves.
@Suite(
    "In a browser", .serialized,
    .enabled(if: python != nil, "run .ci/browser, which says what is missing"))
struct BrowserTests {
    @Test(arguments: trips)
    func `all goes well where`(_ trip: Trip) throws {
        let python = try #require(python)
        let (code, output) = try run(
            python, ["-B", room.path + "/run.py", barback, trip.host, trip.journey])
        #expect(code == 0, "\(output)")
    }

    @Test func `there are journeys`() { #expect(!journeys.isEmpty) }
}

/// `.build/debug/barback` beside the test bundle, or $BARBACK_BIN.
private let barback =
    ProcessInfo.processInfo.environment["BARBACK_BIN"] ?? root.path + "/.build/debug/barback"

/// Runs a program to its end; its exit code and all that it wrote.
private func run(_ program: String, _ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
