import Crypto
import Domain
import EventStore
import Foundation
import Testing

@testable import Audit

/// A data directory with a small bar in it, and room for its backups.
private final class Cellar {
    let path: String
    var data: String { path + "/data" }
    var backup: String { path + "/backup" }
    let key = SigningKey()

    init(events: Int = 20) throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("barback-\(Foundation.UUID().uuidString)").path
        for folder in ["keys", "secrets", "media/2026"] {
            try FileManager.default.createDirectory(
                atPath: "\(path)/data/\(folder)", withIntermediateDirectories: true)
        }
        try Data(key.text.utf8).write(to: URL(fileURLWithPath: data + "/keys/log.key"))
        try Data("tokens".utf8).write(to: URL(fileURLWithPath: data + "/keys/token.json"))
        let people = try People.writable(path: data + "/secrets/people.db")
        _ = try people.add(Domain.UUID(high: 1, low: 2))
        try Data("a photo".utf8).write(to: URL(fileURLWithPath: data + "/media/2026/1.jpg"))
        try pause(times: events)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func writer() throws -> LogWriter {
        try LogWriter(path: data + "/log.db", now: now, publicKey: key.publicKey)
    }

    func pause(times: Int) throws {
        let log = try writer()
        for number in 0..<times {
            let event = Event.bar(.orderingPaused(message: "\(number)"))
            let staged = StagedEvent(
                EventCoding.encode(event, expecting: .any), at: log.stamp(now), random: 7)
            try log.commit([
                StagedCommand(
                    id: staged.id, actor: "staff:host", key: nil, events: [staged], reply: [])
            ])
        }
        try log.signCheckpoint(with: key)
        try log.close()
    }

    /// The event says that the photo holds these bytes.
    func upload(_ bytes: [UInt8]) throws -> String {
        let log = try writer()
        let name = ImageName(id: ImageID(UUID(high: 1, low: 2)), after: "a.jpg", ending: "jpg")
        let image = ImageUploaded(
            name: name, contentType: "image/jpeg", bytes: Int64(bytes.count), width: 1, height: 1,
            sha256: SHA256().digest(of: bytes).hex, drinkID: nil)
        let staged = StagedEvent(
            EventCoding.encode(.image(.uploaded(image)), expecting: .noStream), at: log.stamp(now),
            random: 7)
        try log.commit([
            StagedCommand(id: staged.id, actor: "staff:host", key: nil, events: [staged], reply: [])
        ])
        try log.signCheckpoint(with: key)
        try log.close()
        return "media/\(name)"
    }

    @discardableResult
    func makeBackup() throws -> BackupManifest {
        try Backup.make(of: data, in: backup, version: "1.2.3", now: now) { _, _, _ in }
    }

    func restore(
        into folder: String = "other", replacing: Bool = false, now time: Time = now
    ) throws -> Restore.Result {
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        return try Restore.run(
            backup, into: "\(path)/\(folder)", replacing: replacing, by: .commandLine("kim"),
            now: time, locked: { try $0() }, progress: { _, _ in })
    }

    func entries(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    func head(_ folder: String) throws -> Int64 {
        try LogReader(path: "\(path)/\(folder)/log.db").head().position.number
    }
}

private let now = Time(microseconds: 1_800_000_000_000_000)

@Suite("A backup") struct BackupTests {
    private let cellar: Cellar

    init() throws { cellar = try Cellar() }

    @Test func `names what it holds`() throws {
        let manifest = try cellar.makeBackup()
        #expect(
            manifest.files.map(\.path) == [
                "keys/log.key", "keys/log.vkey", "keys/token.json", "log.db", "media/2026/1.jpg",
                "secrets/people.db",
            ])
        #expect(manifest.position == Position(20))
        #expect(manifest.madeAt == now)
        #expect(manifest.version == "1.2.3")
        #expect(try BackupManifest.read(from: cellar.backup) == manifest)
        #expect(try cellar.entries("") == ["backup", "data"])
    }

    @Test func `holds each photo that the log names, and says which is not whole`() throws {
        let photo = try cellar.upload(Array("a photo".utf8))
        let missing = try cellar.makeBackup()
        #expect(missing.flawedPhotos == [photo])
        #expect(try BackupManifest.read(from: cellar.backup) == missing)
        for (content, flaws) in [("a photO", [photo]), ("a photo", [])] {
            try FileManager.default.removeItem(atPath: cellar.backup)
            try Data(content.utf8).write(to: URL(fileURLWithPath: "\(cellar.data)/\(photo)"))
            try Data("half".utf8).write(
                to: URL(fileURLWithPath: "\(cellar.data)/\(photo).12.1.tmp"))
            let manifest = try cellar.makeBackup()
            #expect(manifest.flawedPhotos == flaws, "\(content)")
            #expect(manifest.files.map(\.path).filter { $0.hasPrefix("media/0") } == [photo])
        }
        _ = try cellar.restore()
        let other = "\(cellar.path)/other"
        #expect(try String(contentsOfFile: "\(other)/\(photo)", encoding: .utf8) == "a photo")
        let check = try PhotoCheck.run(log: other + "/log.db", in: other, digests: true)
        #expect(check.count == 1 && check.flawed.isEmpty)
    }

    @Test func `is not made over anything`() throws {
        try cellar.makeBackup()
        #expect(throws: BackupError.self) { try cellar.makeBackup() }
        #expect(try cellar.entries("") == ["backup", "data"])
    }

    @Test func `fills an empty directory`() throws {
        try FileManager.default.createDirectory(
            atPath: cellar.backup, withIntermediateDirectories: false)
        #expect(try cellar.makeBackup().position == Position(20))
    }

    @Test(arguments: ["link", "file/below", "data/backup", "data", "data/media/../new", ""])
    func `is refused a place before anything is copied`(place: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: cellar.path + "/empty", withIntermediateDirectories: false)
        try manager.createSymbolicLink(
            atPath: cellar.path + "/link", withDestinationPath: "empty")
        try Data().write(to: URL(fileURLWithPath: cellar.path + "/file"))
        let before = try manager.subpathsOfDirectory(atPath: cellar.path)
        #expect(throws: BackupError.self) {
            try Backup.make(
                of: cellar.data, in: place.isEmpty ? "" : "\(cellar.path)/\(place)", version: "1",
                now: now
            ) { _, _, _ in Issue.record("it has begun") }
        }
        #expect(try Set(manager.subpathsOfDirectory(atPath: cellar.path)) == Set(before))
    }

    @Test(arguments: ["garbage", SigningKey().text])
    func `is not begun without the log's key`(key: String) throws {
        try Data(key.utf8).write(to: URL(fileURLWithPath: cellar.data + "/keys/log.key"))
        #expect(throws: (any Error).self) {
            try Backup.make(of: cellar.data, in: cellar.backup, version: "1", now: now) {
                _, _, _ in Issue.record("it has begun")
            }
        }
        #expect(try cellar.entries("") == ["data"])
    }

    @Test func `is not restored into itself`() throws {
        try cellar.makeBackup()
        let before = try FileManager.default.subpathsOfDirectory(atPath: cellar.backup)
        #expect(throws: BackupError.self) {
            try Restore.run(
                cellar.backup, into: cellar.backup + "/data", replacing: false,
                by: .commandLine("kim"), now: now,
                locked: { try $0() }, progress: { _, _ in })
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: cellar.backup) == before)
    }

    @Test func `leaves nothing behind when it is stopped`() throws {
        struct Enough: Error {}
        for stopAt in [Backup.Step.copying, .verifying] {
            #expect(throws: Enough.self) {
                try Backup.make(of: cellar.data, in: cellar.backup, version: "1", now: now) {
                    step, _, _ in if step == stopAt { throw Enough() }
                }
            }
            #expect(try cellar.entries("") == ["data"])
        }
    }

    @Test func `of a damaged log is refused`() throws {
        let path = cellar.data + "/log.db"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        while let found = bytes.range(of: Data(#"{"message":"7"}"#.utf8)) {
            bytes[found.lowerBound + 12] = UInt8(ascii: "8")
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: LogError.self) { try cellar.makeBackup() }
        #expect(try cellar.entries("") == ["data"])
    }

    @Test func `is restored with all it holds, and the log says so`() throws {
        let manifest = try cellar.makeBackup()
        #expect(try cellar.restore() == .restored(manifest, replaced: nil))
        let log = try LogReader(path: cellar.path + "/other/log.db")
        let last = try #require(try log.read(after: Position(20), limit: 9).first)
        #expect(last.type == "LogRestored")
        #expect(last.stream == "log")
        #expect(last.actor == "cli:kim")
        let event = try EventCoding.decode(type: last.type, schema: last.schema, data: last.data)
        #expect(
            event
                == .logRestored(
                    LogRestored(position: Position(20), root: manifest.root, madeAt: now)))
        #expect(
            try String(contentsOfFile: cellar.path + "/other/media/2026/1.jpg", encoding: .utf8)
                == "a photo")
        #expect(
            try cellar.entries("other") == [
                "keys", "log.db", "log.db-shm", "log.db-wal", "media", "secrets",
            ])
        let people = People(path: cellar.path + "/other/secrets/people.db")
        #expect(people.key(Domain.UUID(high: 1, low: 2)) != nil)
        let proof = try Verification.run(
            path: cellar.path + "/other/log.db",
            key: VerifierKey(
                String(contentsOfFile: cellar.path + "/other/keys/log.vkey", encoding: .utf8))
        ) { _, _ in }
        #expect(proof.events == Position(21))
        #expect(proof.checkpoints == 2)
    }

    @Test func `sets the bar before it aside`() throws {
        try cellar.makeBackup()
        try cellar.pause(times: 5)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: cellar.data + "/first-run.json"))
        #expect(throws: BackupError.self) { try cellar.restore(into: "data") }
        #expect(try cellar.head("data") == 25)
        guard case .restored(_, let folder?) = try cellar.restore(into: "data", replacing: true)
        else {
            Issue.record("nothing was replaced")
            return
        }
        #expect(try cellar.head("data") == 21)
        #expect(try LogReader(path: folder + "/log.db").head().position.number == 25)
        #expect(FileManager.default.fileExists(atPath: folder + "/keys/log.key"))
        #expect(FileManager.default.fileExists(atPath: folder + "/media/2026/1.jpg"))
        // The account that it names is not in the new bar.
        #expect(FileManager.default.fileExists(atPath: folder + "/first-run.json"))
        #expect(!FileManager.default.fileExists(atPath: cellar.data + "/first-run.json"))
    }

    @Test func `finishes a restore that was cut off while it was read`() throws {
        try cellar.makeBackup()
        try cellar.pause(times: 5)
        _ = try cellar.restore(into: "next")
        let data = cellar.data
        let result = try Restore.run(
            cellar.backup, into: data, replacing: true, by: .commandLine("kim"), now: now,
            locked: { change in
                try FileManager.default.moveItem(
                    atPath: cellar.path + "/next", toPath: data + "/restored")
                try FileManager.default.createDirectory(
                    atPath: data + "/restoring/keys", withIntermediateDirectories: true)
                return try change()
            }, progress: { _, _ in })
        #expect(result == .finishedEarlier)
        #expect(try cellar.head("data") == 21)
        #expect(try LogReader(path: data + "/replaced/log.db").head().position.number == 25)
        #expect(!FileManager.default.fileExists(atPath: data + "/restoring"))
    }

    /// Each state that a power cut between two steps can leave.
    @Test(arguments: 0...10)
    func `that was being restored is restored by the next attempt`(steps: Int) throws {
        try cellar.makeBackup()
        try cellar.pause(times: 5)
        _ = try cellar.restore(into: "next")
        let restored = cellar.data + "/restored"
        try FileManager.default.moveItem(atPath: cellar.path + "/next", toPath: restored)
        let aside = cellar.data + "/replaced-then"
        try Data("replaced-then".utf8).write(to: URL(fileURLWithPath: restored + "/replaces"))
        var left = steps
        func move(_ from: String, _ to: String) throws {
            guard left > 0, FileManager.default.fileExists(atPath: from) else { return }
            left -= 1
            try FileManager.default.createDirectory(
                atPath: aside, withIntermediateDirectories: true)
            try FileManager.default.moveItem(atPath: from, toPath: to)
        }
        for piece in Restore.pieces {
            try move("\(cellar.data)/\(piece)", "\(aside)/\(piece)")
            try move("\(restored)/\(piece)", "\(cellar.data)/\(piece)")
        }
        #expect(throws: BackupError.self) {
            try Backup.make(of: cellar.data, in: cellar.path + "/b2", version: "1", now: now) {
                _, _, _ in
            }
        }
        #expect(try cellar.restore(into: "data") == .finishedEarlier)
        #expect(try cellar.head("data") == 21)
        #expect(try LogReader(path: aside + "/log.db").head().position.number == 25)
        #expect(!FileManager.default.fileExists(atPath: restored))
        #expect(FileManager.default.fileExists(atPath: aside + "/keys/log.key"))
        #expect(FileManager.default.fileExists(atPath: cellar.data + "/keys/log.key"))
    }
}

@Suite("A damaged backup") struct DamagedBackupTests {
    private let cellar: Cellar

    init() throws {
        cellar = try Cellar()
        try cellar.makeBackup()
    }

    private static let files = [
        "log.db", "keys/log.key", "keys/log.vkey", "media/2026/1.jpg", "manifest.json",
        "manifest.sha256",
    ]

    /// Nothing is restored, the sentence names the file, and no data directory is touched.
    private func expectRefusal(naming file: String, _ how: String) throws {
        do {
            _ = try cellar.restore()
            Issue.record("restored with \(how)")
        } catch {
            let sentence = "\(error)"
            let isNamed = sentence.contains(file) || sentence.contains("manifest")
            #expect(isNamed, "\(how): \(sentence)")
        }
        #expect(try cellar.entries("other").isEmpty)
    }

    @Test(arguments: files) func `is refused with a byte flipped anywhere`(file: String) throws {
        let url = URL(fileURLWithPath: "\(cellar.backup)/\(file)")
        let whole = try Data(contentsOf: url)
        // Every byte of a small file, and one in each region of a large one.
        let step = max(1, whole.count / 150)
        for place in stride(from: 0, to: whole.count, by: step) {
            var flipped = whole
            flipped[place] ^= 1 << UInt8(place % 8)
            try flipped.write(to: url)
            try expectRefusal(naming: file, "byte \(place) of \(file) flipped")
        }
        try whole.write(to: url)
        _ = try cellar.restore()
    }

    @Test(arguments: files) func `is refused with a file cut or longer`(file: String) throws {
        let url = URL(fileURLWithPath: "\(cellar.backup)/\(file)")
        let whole = try Data(contentsOf: url)
        for bytes in [Data(), whole.dropLast(), whole.prefix(whole.count / 2), whole + [0]] {
            try bytes.write(to: url)
            try expectRefusal(naming: file, "\(bytes.count) bytes of \(file)")
        }
        try FileManager.default.removeItem(at: url)
        try expectRefusal(naming: file, "no \(file)")
    }

    @Test func `is refused with a file too many`() throws {
        try Data().write(to: URL(fileURLWithPath: cellar.backup + "/log.db-wal"))
        try expectRefusal(naming: "log.db-wal", "a write-ahead log beside it")
    }

    /// Somebody who makes the digests fit again still meets the signed tree.
    @Test(arguments: ["log.db", "keys/log.key", "keys/log.vkey"])
    func `is refused with a file of another bar`(file: String) throws {
        let other = try Cellar(events: 20)
        try other.makeBackup()
        let path = "\(cellar.backup)/\(file)"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: "\(other.backup)/\(file)", toPath: path)
        try sign(try changed { _ in })
        try expectRefusal(naming: "backup", "\(file) of another bar")
    }

    @Test func `is refused with another head than its log's`() throws {
        try sign(try changed { $0 = $0.replacing(#""position":20"#, with: #""position":19"#) })
        try expectRefusal(naming: "log.db", "another position")
    }

    @Test(arguments: [
        #""format":0"#, #""format":-1"#, #""log_format":0"#, #""bytes":-1"#,
        #""bytes":9223372036854775807"#, #""path":"log.db""#, #""position":-1"#,
    ])
    func `is refused with numbers and names that no backup has`(member: String) throws {
        let name = member.prefix { $0 != ":" }
        try sign(
            try changed {
                $0 = $0.replacingOccurrences(
                    of: #"\#(name):("[^"]*"|[0-9]+)"#, with: member, options: .regularExpression)
            })
        #expect(throws: BackupError.self) { try BackupManifest.read(from: cellar.backup) }
    }

    @Test(arguments: [#""format":1"#, #""log_format":1"#])
    func `of a later release is refused`(member: String) throws {
        try sign(try changed { $0 = $0.replacing(member, with: member.dropLast() + "9") })
        try expectRefusal(naming: "newer barback", "a later format")
    }

    /// The manifest made anew over the files as they are now, then changed.
    private func changed(_ change: (inout String) -> Void) throws -> [UInt8] {
        let old = try BackupManifest.read(from: cellar.backup)
        let files = try Backup.files(of: cellar.backup).filter { !$0.path.hasPrefix("manifest.") }
        let manifest = BackupManifest(
            version: old.version, logID: old.logID, logFormat: old.logFormat,
            position: old.position, root: old.root, madeAt: old.madeAt, files: files,
            flawedPhotos: old.flawedPhotos)
        var text = String(decoding: manifest.json, as: UTF8.self)
        change(&text)
        return Array(text.utf8)
    }

    private func sign(_ json: [UInt8]) throws {
        try Data(json).write(to: URL(fileURLWithPath: cellar.backup + "/manifest.json"))
        try Data(BackupManifest.digestLine(of: json))
            .write(to: URL(fileURLWithPath: cellar.backup + "/manifest.sha256"))
    }
}
