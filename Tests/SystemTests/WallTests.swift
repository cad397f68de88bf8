import Foundation
import Glibc
import System
import Testing

extension WholeBar {
    @Suite("The wall around the front", .serialized, .openBar) struct WallTests {
        private static let needsLandlock: ConditionTrait = .enabled(
            if: Landlock.abi >= 1, "this kernel has no Landlock, so the front is not confined here")

        /// The front follows its own pointers and links, and what it says tells whether it got through.
        ///
        /// A file of its own behind the same kind of link shows that the link is not the obstacle.
        @Test(
            needsLandlock,
            arguments: [
                (72, "log.db"), (73, "secrets/secrets.db"), (74, "secrets/people.db"),
                (75, "keys/log.key"), (76, "keys/log.vkey"), (77, "first-run.json"),
                (78, "subscribers/prompts.db"), (79, "keys/master.key"), (80, "keys/local.key"),
                (81, "keys/token.json"),
            ])
        func `lets it read a menu and nothing of the bar's own`(generation: Int, forbidden: String)
            throws
        {
            let bar = try theBar()
            try lay(forbidden, in: bar)
            // What is only for the front's eyes stays where it belongs.
            let pointer = "\(bar.data)/models/menu"
            let before = try String(contentsOfFile: pointer, encoding: .utf8)
            let live = "menu.g\(before.trimmingCharacters(in: .whitespacesAndNewlines)).db"
            let open = "\(bar.data)/models/menu.g71.db"
            let closed = "\(bar.data)/models/menu.g\(generation).db"
            for path in [open, closed] { unlink(path) }
            symlink("../models/\(live)", open)
            symlink("../\(forbidden)", closed)
            defer {
                try? before.write(toFile: pointer, atomically: true, encoding: .utf8)
                for path in [open, closed] { unlink(path) }
            }

            // The projector would put its pointer right before both threads of the front have seen it.
            try bar.whileStopped("projector menu") {
                let said = bar.errors.count
                try "\(generation)\n".write(toFile: pointer, atomically: true, encoding: .utf8)
                let refusal = try eventually("a front that meets \(forbidden)") { () -> String? in
                    bar.errors.dropFirst(said).split(separator: "\n").map(String.init)
                        .first { $0.contains("the read model menu") }
                }
                #expect(refusal.contains(closed), "\(refusal)")
                // 14 is SQLITE_CANTOPEN: with another code the file was opened and found to be no menu.
                #expect(refusal.contains("SQLite error 14"), "\(refusal)")

                try "71\n".write(toFile: pointer, atomically: true, encoding: .utf8)
                try eventually("a front that reads its own file again") {
                    try bar.get("/drinks").status == 200 ? true : nil
                }
            }
        }

        @Test(needsLandlock) func `was tried by the front itself`() throws {
            let bar = try theBar()
            #expect(bar.errors.contains("barback front: confined by Landlock ABI \(Landlock.abi)"))
        }

        @Test func `keeps new privileges out`() throws {
            let bar = try theBar()
            let pid = try bar.pid(of: "front")
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("NoNewPrivs:") }
            #expect(line.map { $0.hasSuffix("1") } == (Landlock.abi >= 1))
        }

        @Test func `has no open file of the log behind it`() throws {
            let bar = try theBar()
            let pid = try bar.pid(of: "front")
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
                .compactMap {
                    try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/\(pid)/fd/\($0)")
                }
            #expect(open.contains { $0.contains("/models/menu.g") })
            #expect(
                !open.contains {
                    $0.contains("log.db") || $0.contains("/keys/") || $0.contains("/secrets/")
                })
        }

        @Test func `leaves the data directory to its owner`() throws {
            let bar = try theBar()
            for name in [
                "", "log.db", "keys", "keys/log.key", "keys/master.key", "keys/local.key",
                "keys/token.json", "secrets", "secrets/secrets.db", "secrets/people.db",
                "first-run.json", "run", "run/commands.sock", "models",
            ] {
                var status = stat()
                #expect(stat("\(bar.data)/\(name)", &status) == 0)
                #expect(status.st_mode & 0o077 == 0, "\(name)")
            }
        }

        /// Files that later releases have are laid where they will be.
        private func lay(_ name: String, in bar: Bar) throws {
            let path = "\(bar.data)/\(name)"
            guard !FileManager.default.fileExists(atPath: path) else { return }
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try "a secret".write(toFile: path, atomically: false, encoding: .utf8)
        }
    }
}
