import Foundation
import Testing

extension WholeBar {
    @Suite("The standard streams", .serialized) struct StreamsTests {
        private func shell(_ command: String, _ scratch: Scratch) throws -> Launched {
            try Launched(["-c", command], program: "sh", notes: scratch("shell"))
        }

        @Test(arguments: ["--help", "help serve", "--version", "doctor --json", "export"])
        func `that take nothing any more are a failure`(words: String) throws {
            let scratch = try Scratch()
            let cellar = try Cellar(orders: 1)
            let data = words == "export" ? "--data \(cellar.data)" : ""
            let full = try shell("\(Launched.barback) \(words) \(data) > /dev/full", scratch)
            #expect(try full.wait() == 3)
            #expect(full.errors.contains("cannot write to standard output"))
        }

        /// A lock or a socket with the number of standard error would be written into.
        @Test func `are there, whoever starts the bar without them`() throws {
            let scratch = try Scratch()
            let cellar = try Cellar(orders: 1)
            let writer = try shell(
                "exec \(Launched.barback) commands --data \(cellar.data) <&- >&- 2>&-", scratch)
            defer { writer.end() }
            try eventually("a writer") {
                FileManager.default.fileExists(atPath: cellar.data + "/run/commands.sock")
                    ? true : nil
            }
            for stream in 0...2 {
                let target = try FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(writer.pid)/fd/\(stream)")
                #expect(target == "/dev/null")
            }
        }
    }
}
