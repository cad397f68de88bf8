import Crypto
import Domain
import EventStore
import Foundation
import Testing

@testable import barback

/// A data directory as a writer leaves it, to be spoiled.
private final class Patient {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("barback-\(Foundation.UUID().uuidString)").path

    let key = SigningKey()

    init(hasKey: Bool = true, lastEventAt time: Time = Time(microseconds: 1_700_000_000_000_000))
        throws
    {
        try FileManager.default.createDirectory(
            atPath: path + "/keys", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let log = try LogWriter(
            path: path + "/log.db", now: time, publicKey: key.publicKey)
        let event = Event.bar(.orderingPaused(message: "spoil me"))
        let staged = StagedEvent(
            EventCoding.encode(event, expecting: .any), at: log.stamp(time), random: 7)
        try log.commit([
            StagedCommand(
                id: staged.id, actor: "staff:host", key: nil, events: [staged], reply: [])
        ])
        try log.signCheckpoint(with: key)
        try write(log.verifierKey(of: key.publicKey), "/keys/log.vkey")
        try log.close()
        if hasKey {
            try write(key.text, "/keys/log.key")
            try setMode("/keys/log.key", 0o600)
        }
        try setMode("", 0o700)
        try setMode("/log.db", 0o600)
        try setMode("/keys", 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + name))
    }

    /// The event of a photo alone; its name.
    func upload(bytes: Int64) throws -> String {
        let now = Time(microseconds: 1_700_000_000_000_001)
        let log = try LogWriter(path: path + "/log.db", now: now, publicKey: key.publicKey)
        let name = ImageName(id: ImageID(UUID(high: 1, low: 2)), after: "a.jpg", ending: "jpg")
        let image = ImageUploaded(
            name: name, contentType: "image/jpeg", bytes: bytes, width: 1, height: 1, sha256: "",
            drinkID: nil)
        let staged = StagedEvent(
            EventCoding.encode(.image(.uploaded(image)), expecting: .noStream), at: log.stamp(now),
            random: 7)
        try log.commit([
            StagedCommand(id: staged.id, actor: "staff:host", key: nil, events: [staged], reply: [])
        ])
        try log.signCheckpoint(with: key)
        try log.close()
        return name.description
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + name)
    }

    func setMode(_ name: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path + name)
    }

    var findings: [Finding] { Examination(dataDirectory: path, processes: []).findings }
    var bad: [Finding] { findings.filter { $0.state == .bad && $0.subject != "disk" } }
}

@Suite("The doctor") struct DoctorTests {
    @Test func `finds nothing bad where nothing is`() throws {
        let patient = try Patient()
        #expect(patient.bad == [])
        #expect(patient.findings.contains { $0.subject == "log" && $0.found.hasPrefix("1 events") })
        // Nobody has built them yet, which is nothing bad.
        #expect(patient.findings.contains { $0.subject == "model menu" && $0.state == .warn })
    }

    @Test func `counts the photos that the log names`() throws {
        let patient = try Patient()
        func photos() -> Finding? { patient.findings.first { $0.subject == "photos" } }
        #expect(photos() == nil)
        let name = try patient.upload(bytes: 7)
        try FileManager.default.createDirectory(
            atPath: patient.path + "/media", withIntermediateDirectories: false)
        #expect(photos()?.state == .warn)
        #expect(photos()?.found.contains("1 of 1 are missing or changed, media/\(name)") == true)
        try patient.write("a phot", "/media/\(name)")
        #expect(photos()?.state == .warn)
        try patient.write("a photo", "/media/\(name)")
        #expect(photos()?.state == .ok)
    }

    @Test func `works before there is a data directory`() {
        let findings = Examination(
            dataDirectory: FileManager.default.temporaryDirectory.path + "/nowhere/data",
            processes: []
        ).findings
        #expect(findings.first?.state == .ok)
        #expect(findings.first?.found.contains("barback serve makes it") == true)
    }

    @Test func `sees a file in the directory's place`() throws {
        let patient = try Patient()
        let findings = Examination(dataDirectory: patient.path + "/log.db", processes: []).findings
        #expect(findings.map(\.state) == [.bad])
    }

    @Test func `sees what others may read`() throws {
        let patient = try Patient()
        try patient.setMode("/log.db", 0o644)
        #expect(patient.bad == [])
        #expect(patient.findings.contains { $0.subject == "modes" && $0.state == .warn })
        try patient.setMode("", 0o755)
        #expect(patient.bad.map(\.subject) == ["modes"])
        #expect(patient.bad.first?.mend?.hasPrefix("chmod -R go= ") == true)
    }

    @Test func `sees a damaged log`() throws {
        let patient = try Patient()
        let url = URL(fileURLWithPath: patient.path + "/log.db")
        var bytes = try Data(contentsOf: url)
        let place = try #require(bytes.range(of: Data("spoil me".utf8)))
        bytes[place.lowerBound] = UInt8(ascii: "x")
        try bytes.write(to: url)
        #expect(patient.bad.map(\.subject) == ["log"])
        #expect(patient.bad.first?.found.contains("at position 1") == true)
    }

    @Test func `sees a clock that is behind the log`() throws {
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        let patient = try Patient(lastEventAt: Time(microseconds: now + 7_200_000_000))
        #expect(patient.bad.map(\.subject) == ["clock"])
        #expect(patient.bad.first?.found.contains("1 h 59 min") == true)
    }

    @Test func `sees that the key is gone`() throws {
        let patient = try Patient(hasKey: false)
        #expect(patient.bad.map(\.subject) == ["key"])
    }

    @Test func `sees a file that holds no key`() throws {
        let patient = try Patient()
        try patient.write("garbage", "/keys/log.key")
        #expect(patient.bad.map(\.subject) == ["key"])
        // Where the first start would stop too.
        try patient.remove("/keys/log.vkey")
        for name in ["", "-wal", "-shm"] { try? patient.remove("/log.db\(name)") }
        #expect(patient.bad.map(\.subject) == ["key"])
    }

    @Test(arguments: [true, false])
    func `sees the key of another bar`(hasPublicHalf: Bool) throws {
        let patient = try Patient()
        try patient.write(SigningKey().text, "/keys/log.key")
        if !hasPublicHalf { try patient.remove("/keys/log.vkey") }
        #expect(patient.bad.map(\.subject) == [hasPublicHalf ? "key" : "log"])
    }

    @Test func `sees that the log is gone`() throws {
        let patient = try Patient()
        try patient.remove("/log.db")
        #expect(patient.bad.map(\.subject) == ["log"])
        #expect(patient.bad.first?.found.contains("the log is missing") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root may give files away"))
    func `sees what is another user's, however deep`() throws {
        let patient = try Patient()
        for folder in ["/run", "/models", "/lost+found"] {
            try FileManager.default.createDirectory(
                atPath: patient.path + folder, withIntermediateDirectories: false)
        }
        chown(patient.path + "/lost+found", 65_534, 65_534)
        #expect(patient.bad == [])
        for name in [
            "/supervisor.lock", "/run/menu.bell", "/models/menu.lock", "/keys/log.vkey",
        ] {
            if !FileManager.default.fileExists(atPath: patient.path + name) {
                try patient.write("", name)
            }
            chown(patient.path + name, 65_534, 65_534)
            #expect(patient.bad.map(\.subject) == ["owner"], "\(name)")
            #expect(patient.bad.first?.found.contains(name.dropFirst()) == true, "\(name)")
            chown(patient.path + name, geteuid(), getegid())
        }
        #expect(patient.bad == [])
    }

    @Test(
        .enabled(if: geteuid() != 0, "root may write anywhere"),
        arguments: ["", "/keys", "/models"])
    func `sees a directory that may not be written`(folder: String) throws {
        let patient = try Patient()
        try FileManager.default.createDirectory(
            atPath: patient.path + folder, withIntermediateDirectories: true)
        try patient.setMode(folder, 0o500)
        #expect(patient.bad.map(\.subject) == ["data"])
        try patient.setMode(folder, 0o700)
        #expect(patient.bad == [])
    }

    @Test func `sees a restore that was cut off`() throws {
        let patient = try Patient()
        try FileManager.default.createDirectory(
            atPath: patient.path + "/restored", withIntermediateDirectories: false)
        #expect(patient.bad.map(\.subject) == ["restore"])
    }

    @Test func `says of everything that is not ok how to mend it`() {
        let all = Examination.libraries + Examination.machine
        #expect(all.count >= 8)
        for finding in all { #expect((finding.mend == nil) == (finding.state == .ok)) }
    }
}
