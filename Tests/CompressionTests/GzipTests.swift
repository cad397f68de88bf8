import Compression
import Foundation
import Testing

@Suite("A gzipped answer") struct GzipTests {
    @Test(arguments: [0, 1, 100, 60_000, 1_000_000], [1, 6, 9])
    func `is what it was once gzip has opened it`(count: Int, level: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        #expect(try gunzip(Gzip.compress(bytes, level: level)) == bytes)
    }

    @Test func `is smaller than a menu`() {
        let menu = [UInt8](repeating: UInt8(ascii: "a"), count: 60_000)
        #expect(Gzip.compress(menu, level: 6).count < 1_000)
    }
}

/// By the system's own gzip, which shares no line with ours but zlib's format.
private func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("barback-\(UUID().uuidString).gz")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let plain = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return [UInt8](plain)
}
