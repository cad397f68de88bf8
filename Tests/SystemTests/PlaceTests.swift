import Foundation
import Glibc
import Testing

/// Every subcommand that reads or writes a data directory, as somebody types it.
private func commandLines(data: String, backup: String, target: String) throws -> [[String]] {
    let listen = ["--listen", "127.0.0.1:\(try freePort())"]
    let lines =
        [
            ["serve"] + listen, ["commands"], ["projector", "menu"], ["projector", "orders"],
            ["front"] + listen,
        ] + readers + [["backup", target], ["restore", backup, "--replace"]]
    return lines.map { $0 + ["--data", data] }
}

/// Those that write nothing.
private let readers = [["log"], ["verify"], ["status"], ["rebuild", "all", "--check"]]

/// Those that make files in it.
private func writers(data: String, backup: String) throws -> [[String]] {
    let menu = (backup as NSString).deletingLastPathComponent + "/menu.jsonl"
    try Data("{\"barback\":\"menu\",\"version\":1}\n".utf8)
        .write(to: URL(fileURLWithPath: menu))
    let lines = try commandLines(data: data, backup: backup, target: "").filter { words in
        words[0] != "backup" && !readers.contains { words.starts(with: $0) }
    }
    return lines + [["rebuild", "all", "--data", data], ["import", menu, "--data", data]]
}

/// One line, which says what is wrong, and exit code 3.
private func expectSentence(
    _ words: [String], naming causes: [String], program: String = Launched.barback,
    before: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let scratch = try Scratch()
    let process = try Launched(
        before.isEmpty ? words : Array(before.dropFirst()) + [program] + words,
        program: before.first ?? program, notes: scratch("said"))
    defer { process.end() }
    let line = words.joined(separator: " ")
    let code = try process.wait(within: 20)
    #expect(code == 3, "\(line)", sourceLocation: sourceLocation)
    // The front says first what it is confined to, and a supervisor passes on what its children say.
    let said = process.errors.split(separator: "\n").filter { !$0.contains("confined by") }
    #expect(said.count == 1, "\(line): \(process.errors)", sourceLocation: sourceLocation)
    #expect(
        causes.contains { said.first?.contains($0) == true }, "\(line): \(process.errors)",
        sourceLocation: sourceLocation)
}

extension WholeBar {
    @Suite("A place that will not do", .serialized) struct PlaceTests {
        private let cellar: Cellar
        private let backup: String

        init() throws {
            cellar = try Cellar(orders: 2)
            backup = cellar.scratch("backup")
            #expect(try barback("backup", backup, "--data", cellar.data).code == 0)
        }

        @Test func `is named in one sentence when a file stands there`() throws {
            let file = cellar.scratch("file")
            try Data("x".utf8).write(to: URL(fileURLWithPath: file))
            for data in [file, file + "/below"] {
                for words in try commandLines(
                    data: data, backup: backup, target: cellar.scratch("new"))
                {
                    try expectSentence(words, naming: ["name a directory with --data"])
                }
            }
            #expect(!FileManager.default.fileExists(atPath: cellar.scratch("new")))
        }

        @Test func `is named in one sentence when no bar is there`() throws {
            let nowhere = cellar.scratch("nowhere/at/all")
            for words in [["log"], ["verify"], ["rebuild", "all", "--check"], ["backup", "x"]] {
                try expectSentence(
                    words + ["--data", nowhere], naming: ["there is no log at \(nowhere)/log.db"])
            }
            #expect(!FileManager.default.fileExists(atPath: nowhere))
        }

        @Test(
            .enabled(if: geteuid() == 0, "only root may become somebody else"),
            arguments: [false, true])
        func `is named in one sentence when it is another user's`(isOpen: Bool) throws {
            // What another user can reach: the program, and a directory above the bar's.
            chmod(cellar.scratch.path, 0o755)
            let program = cellar.scratch("barback")
            try FileManager.default.copyItem(atPath: Launched.barback, toPath: program)
            chmod(program, 0o755)
            if isOpen { chmod(cellar.data, 0o755) }
            let lines = try commandLines(
                data: cellar.data, backup: backup, target: cellar.scratch("new"))
            for words in lines where !isOpen || words[0] != "status" {
                try expectSentence(
                    words,
                    naming: [
                        "Permission denied; give the user", "belong to the user",
                        "run this as that user",
                    ],
                    program: program,
                    before: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
            }
            #expect(!FileManager.default.fileExists(atPath: cellar.scratch("new")))
        }

        @Test(.enabled(if: geteuid() == 0, "only root may give a directory away"))
        func `takes no file that its own user could not open`() throws {
            chown(cellar.data, 65_534, 65_534)
            let before = try cellar.files(of: cellar.data)
            for words in try writers(data: cellar.data, backup: backup) {
                try expectSentence(
                    words, naming: ["run this as that user: sudo -u nobody barback \(words[0])"])
            }
            #expect(try cellar.files(of: cellar.data) == before)
            chown(cellar.data, geteuid(), getegid())
        }

        @Test func `takes no file where it is a backup`() throws {
            let before = try cellar.files(of: backup)
            for words in try writers(data: backup, backup: backup) {
                try expectSentence(
                    words, naming: ["is a backup; restore it into another directory"])
            }
            #expect(try cellar.files(of: backup) == before)
        }

        @Test func `is not opened as an empty bar where the log was lost`() throws {
            let data = try cellar.copy("lost") { try FileManager.default.removeItem(atPath: $0) }
            try Data("events".utf8).write(to: URL(fileURLWithPath: data + "/log.db-wal"))
            let before = FileManager.default.contents(atPath: data + "/keys/log.vkey")
            for words in try writers(data: data, backup: backup)
            where ["serve", "commands", "import"].contains(words[0]) {
                let process = try Launched(words, notes: cellar.scratch("lost-" + words[0]))
                defer { process.end() }
                #expect(try process.wait(within: 20) == 3)
                #expect(process.errors.contains("the log is missing; put it back from a backup"))
            }
            #expect(!FileManager.default.fileExists(atPath: data + "/log.db"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: data + "/log.db-wal")).count == 6)
            #expect(FileManager.default.contents(atPath: data + "/keys/log.vkey") == before)
            let said = try barback("restore", backup, "--data", data, "--replace")
            #expect(said.code == 0, "\(said.errors)")
            #expect(try barback("verify", "--data", data).code == 0)
        }

        @Test(
            .enabled(if: SmallDisk.isPossible, "only root may mount"), arguments: ["media", "keys"])
        func `is not half restored where something is mounted in it`(piece: String) throws {
            let data = try cellar.copy("mounted") { _ in }
            let before = try cellar.files(of: data)
            mkdir("\(data)/\(piece)", 0o700)
            // The same disk under another name: the device number says nothing.
            #expect(mount("\(data)/\(piece)", "\(data)/\(piece)", "", UInt(MS_BIND), "") == 0)
            defer { umount2("\(data)/\(piece)", Int32(MNT_DETACH)) }
            try expectSentence(
                ["restore", backup, "--data", data, "--replace"],
                naming: ["\(data)/\(piece) is mounted there and cannot be set aside"])
            let after = try cellar.files(of: data)
            #expect(
                after.subtracting(before).isSubset(of: [
                    "media", "run", "run/commands.lock",
                ]), "\(after)")
        }

        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
        func `is named in one sentence when it is read-only, and can be read`() throws {
            let disk = try SmallDisk(megabytes: 16)
            defer { disk.remove() }
            let data = disk.path + "/data"
            try FileManager.default.copyItem(atPath: cellar.data, toPath: data)
            mkdir(data + "/run", 0o700)
            try disk.makeReadOnly()
            let lines = try commandLines(data: data, backup: backup, target: disk.path + "/new")
            for words in lines where !readers.contains(where: { words.starts(with: $0) }) {
                try expectSentence(words, naming: ["mount that disk for writing"])
            }
            #expect(try barback("verify", "--data", data).code == 0)
            #expect(try barback("log", "--data", data).code == 0)
            let doctor = try barback(
                "doctor", "--data", data, "--listen", "127.0.0.1:\(freePort())")
            #expect(doctor.code == 1)
            #expect(doctor.output.contains("nothing can be written in \(data)"))
            let saved = try barback("backup", cellar.scratch("saved"), "--data", data)
            #expect(saved.code == 0, "\(saved.errors)")
        }

        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk"))
        func `is named in one sentence when it is full`() throws {
            let disk = try SmallDisk(megabytes: 16)
            defer { disk.remove() }
            try disk.fill()
            let data = disk.path + "/data"
            let target = disk.path + "/new"
            // A front needs no room; it waits for somebody to write.
            for words in try commandLines(data: data, backup: backup, target: target)
            where !readers.contains(where: { words.starts(with: $0) }) && words[0] != "front" {
                try expectSentence(words, naming: ["make room", "there is no log"])
            }
        }

        @Test func `does not trouble the doctor`() throws {
            let file = cellar.scratch("file")
            try Data("x".utf8).write(to: URL(fileURLWithPath: file))
            for (data, code) in [(cellar.data, 0), (cellar.scratch("none"), 0), (file, 1)] {
                let said = try barback(
                    "doctor", "--data", data, "--listen", "127.0.0.1:\(freePort())")
                #expect(said.code == Int32(code), "\(said.output)")
                #expect(said.errors.isEmpty)
                let json = try barback(
                    "doctor", "--json", "--data", data, "--listen", "127.0.0.1:\(freePort())")
                let object = JSON(
                    try JSONSerialization.jsonObject(with: Data(json.output.utf8)))
                #expect(object["well"].bool == (code == 0))
                #expect(object["findings"].list.count > 8)
            }
        }

        @Test func `is what the doctor sees around a bar that runs`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let said = try barback(
                "doctor", "--data", bar.data, "--listen", "127.0.0.1:\(bar.port)")
            #expect(said.code == 0, "\(said.output)")
            #expect(said.output.contains("is taken, by this bar"))
            #expect(said.output.contains("  running, "))
            let stuck = try bar.whileStopped("commands") {
                try barback("doctor", "--data", bar.data, "--listen", "127.0.0.1:\(bar.port)")
            }
            #expect(stuck.code == 1)
            #expect(stuck.output.contains("runs and does not answer"), "\(stuck.output)")
            let other = try barback(
                "doctor", "--data", cellar.data, "--listen", "127.0.0.1:\(bar.port)")
            #expect(other.code == 1)
            #expect(other.output.contains("cannot listen on 127.0.0.1:\(bar.port)"))
        }
    }
}
