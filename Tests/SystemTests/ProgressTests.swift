import Foundation
import Glibc
import Testing

/// Long work without a long log: the kernel takes its time for each read of a database.
private let slowly = [
    "-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64", "-e",
    "inject=pread64:delay_enter=50000",
]

private let hasTools = access("/usr/bin/strace", X_OK) == 0 && access("/usr/bin/script", X_OK) == 0

extension WholeBar {
    @Suite("Work that takes more than a second", .serialized) struct ProgressTests {
        @Test(
            .enabled(if: hasTools, "strace slows down, script is a terminal"),
            arguments: ["verify", "backup", "restore"])
        func `shows a bar on a terminal and none in a pipe`(name: String) throws {
            let cellar = try Cellar(orders: 3)
            let backup = cellar.scratch("backup")
            #expect(try barback("backup", backup, "--data", cellar.data).code == 0)
            func words(_ number: Int) -> [String] {
                switch name {
                case "backup": ["backup", cellar.scratch("new-\(number)"), "--data", cellar.data]
                case "restore": ["restore", backup, "--data", cellar.scratch("new-\(number)")]
                default: ["verify", "--data", cellar.data]
                }
            }
            let line = (["strace"] + slowly + [Launched.barback] + words(1))
                .joined(separator: " ")
            let terminal = try Launched(
                ["-qec", line, "/dev/null"], program: "script", notes: cellar.scratch("terminal"))
            #expect(try terminal.wait(within: 60) == 0)
            #expect(terminal.output.contains("\r\u{1B}[K[####"))
            #expect(terminal.output.contains(" of \(cellar.head) events"))
            // The line is gone when the answer comes.
            let last = terminal.output.components(separatedBy: "\r\u{1B}[K").last
            #expect(last?.contains("[#") == false)

            let pipe = try Launched(
                slowly + [Launched.barback] + words(2), program: "strace",
                notes: cellar.scratch("pipe"))
            #expect(try pipe.wait(within: 60) == 0)
            #expect(!(pipe.output + pipe.errors).contains("[#"))
            #expect(!(pipe.output + pipe.errors).contains("\u{1B}"))
        }
    }
}
