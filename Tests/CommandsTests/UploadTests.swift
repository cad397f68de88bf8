import Domain
import EventStore
import Foundation
import JSON
import System
import TestSamples
import Testing
import Wire

@testable import Commands

/// A bar that gives grants, and a spool that the test fills.
private final class Darkroom {
    let bar: TestBar
    let desk: ImageDesk

    init() throws {
        bar = try TestBar()
        desk = try ImageDesk()
        for folder in ["spool", "media"] {
            try FileManager.default.createDirectory(
                atPath: "\(bar.directory)/\(folder)", withIntermediateDirectories: false)
        }
    }

    struct Grant {
        let token: String
        let name: ImageName
        let document: JSONObject
    }

    func grant(_ more: String = "", type: String = "image/jpeg") throws -> Grant {
        let body = #"{"content_type":"\#(type)"\#(more)}"#
        let outcome = try accepted(bar.handle(bar.make(.grantUpload, body)))
        let document = try #require(JSONValue(parsing: outcome.document).object)
        let url = try #require(document["upload_url"]?.string)
        let parts = url.split(separator: "?grant=", maxSplits: 1)
        let prefix = "/images/uploads/"
        try #require(parts.count == 2 && url.hasPrefix(prefix))
        let name = try #require(ImageName(String(parts[0].dropFirst(prefix.count))))
        return Grant(token: String(parts[1]), name: name, document: document)
    }

    func request(_ grant: Grant, target: String? = nil) -> CommandRequest {
        CommandRequest(
            route: .storeImage, credential: .none, target: target ?? grant.name.description,
            body: Array(#"{"grant":"\#(grant.token)"}"#.utf8))
    }

    func spool(_ grant: Grant, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(bar.directory)/spool/\(grant.name.id)"))
    }

    /// As the loop does it.
    func store(_ grant: Grant, _ bytes: [UInt8]? = SamplePictures.jpeg) throws -> CommandOutcome {
        if let bytes { try spool(grant, bytes) }
        var command = PreparedCommand(request: request(grant))
        do {
            command.image = try develop(bar.handler.imageWork(for: command.request))
        } catch let refusal as Refusal {
            return .refused(refusal)
        }
        return try #require(bar.handler.handle([command]).first)
    }

    func develop(_ work: ImageWork) throws -> ImageResult {
        try #require(try desk.ask(work, token: 7))
        let loop = try EventLoop()
        try loop.watch(desk.descriptor, readable: true, token: 0)
        var ready: [Ready] = []
        try loop.wait(timeoutMilliseconds: 20_000, into: &ready)
        let (token, result) = try #require(desk.take().first)
        #expect(token == 7)
        desk.settled(result)
        return result
    }

    var media: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: bar.directory + "/media")) ?? []
    }
}

@Suite("A photo") struct UploadTests {
    private let darkroom: Darkroom
    private var bar: TestBar { darkroom.bar }

    init() throws { darkroom = try Darkroom() }

    @Test func `is granted an address of its own`() throws {
        let grant = try darkroom.grant(#","filename":"../../My Photo.JPG""#)
        #expect(grant.name.words == "my-photo" && grant.name.ending == "jpg")
        #expect(grant.document["image_key"]?.string == grant.name.key)
        #expect(grant.document["image_url"]?.string == grant.name.url)
        let expiry = try #require(grant.document["expires_at"]?.string.flatMap { Time($0) })
        let seconds = (expiry.microseconds - bar.clock.now.microseconds) / 1_000_000
        #expect((598...600).contains(seconds))
        #expect(try darkroom.grant().name != grant.name)
        #expect(try bar.events().isEmpty)
    }

    @Test(arguments: [
        (#"{}"#, ["content_type"]), (#"{"content_type":"image/svg+xml"}"#, ["content_type"]),
        (#"{"content_type":"image/png","size":0}"#, ["size"]),
        (#"{"content_type":"image/png","size":10485761}"#, ["size"]),
        (#"{"content_type":"image/png","size":"1"}"#, ["size"]),
        (#"{"content_type":"image/png","drink_id":"x"}"#, ["drink_id"]),
        (
            #"{"content_type":"image/png","drink_id":"019ac0de-0000-7004-8000-000000000001"}"#,
            ["drink_id"]
        ),
    ])
    func `is granted nothing for wrong values`(body: String, fields: [String]) throws {
        let outcome = try bar.handle(bar.make(.grantUpload, body))
        guard case .refused(.invalid(let errors)) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(errors.map(\.field) == fields)
    }

    @Test func `is stored without metadata, and shown by its drink`() throws {
        let drink = try bar.drink(bar.section())
        let grant = try darkroom.grant(
            #","drink_id":"\#(drink)","size":\#(SamplePictures.jpeg.count)"#)
        let stored = try accepted(darkroom.store(grant))
        #expect(stored.created && stored.id == grant.name.description)
        #expect(darkroom.media == [grant.name.description])
        let file = "\(bar.directory)/media/\(grant.name)"
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("Spy Phone"))
        guard case .image(.uploaded(let image)) = try bar.last("image-\(grant.name.id)") else {
            Issue.record("no ImageUploaded")
            return
        }
        #expect(image.name == grant.name && image.width == 12 && image.height == 8)
        #expect(image.bytes == Int64(bytes.count) && image.contentType == "image/jpeg")
        #expect(image.drinkID?.description == drink)
        let id = try #require(DrinkID(drink))
        #expect(try bar.last("drink-\(drink)") == .drink(.imageAttached(id, grant.name)))
        // One command, and an act of whoever asked for the address.
        let last = try bar.events().suffix(2)
        #expect(Set(last.map(\.commandID)).count == 1)
        #expect(last.allSatisfy { $0.actor == "staff:host" })
        try bar.reopen()
        #expect(bar.handler.log.damage == nil)
    }

    @Test func `is stored once`() throws {
        let grant = try darkroom.grant()
        _ = try accepted(darkroom.store(grant))
        let count = try bar.events().count
        #expect(try darkroom.store(grant) == .refused(.alreadyUploaded))
        #expect(try bar.events().count == count)
        // Nor while it is being stored.
        let other = try darkroom.grant()
        try darkroom.spool(other, SamplePictures.jpeg)
        let work = try bar.handler.imageWork(for: darkroom.request(other))
        #expect(try darkroom.desk.ask(work, token: 1))
        #expect(throws: Refusal.alreadyUploaded) { try darkroom.desk.ask(work, token: 2) }
    }

    @Test func `of a drink that is gone by then is stored for none`() throws {
        let drink = try bar.drink(bar.section())
        let grant = try darkroom.grant(#","drink_id":"\#(drink)""#)
        _ = try accepted(bar.handle(bar.make(.deleteDrink, "{}", target: drink)))
        _ = try accepted(darkroom.store(grant))
        #expect(try bar.last("drink-\(drink)") == .drink(.deleted(try #require(DrinkID(drink)))))
    }

    @Test func `needs a grant of this bar, for its own name, that is not over`() throws {
        let grant = try darkroom.grant()
        try darkroom.spool(grant, SamplePictures.jpeg)
        func refused(_ request: CommandRequest) -> Bool {
            do {
                _ = try bar.handler.imageWork(for: request)
                return false
            } catch {
                return error as? Refusal == .uploadRefused
            }
        }
        #expect(!refused(darkroom.request(grant)))
        #expect(refused(darkroom.request(grant, target: "other")))
        for body in ["{}", "[]", #"{"grant":7}"#, #"{"grant":"\#(grant.token)x"}"#] {
            var request = darkroom.request(grant)
            request.body = Array(body.utf8)
            #expect(refused(request), "\(body)")
        }
        let stranger = try Darkroom()
        #expect(refused(stranger.request(try stranger.grant())))
        bar.clock.now = Time(microseconds: bar.clock.now.microseconds + 779_000_000)
        #expect(!refused(darkroom.request(grant)))
        bar.clock.now = Time(microseconds: bar.clock.now.microseconds + 2_000_000)
        #expect(refused(darkroom.request(grant)))
        // Straight into the socket, past the look at the file.
        #expect(try bar.handle(darkroom.request(grant)) == .refused(.uploadRefused))
    }

    @Test(arguments: [
        "", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "<!doctype html><script>alert(1)</script>",
        "GIF89a",
    ])
    func `is a picture and nothing else`(text: String) throws {
        let grant = try darkroom.grant()
        let outcome = try darkroom.store(grant, Array(text.utf8))
        #expect(outcome == .refused(.noPicture(wanted: "image/jpeg")))
        #expect(darkroom.media.isEmpty)
        #expect(try bar.events().isEmpty)
    }

    @Test func `is of the type and size that were granted`() throws {
        let png = try darkroom.grant(type: "image/png")
        #expect(try darkroom.store(png) == .refused(.noPicture(wanted: "image/png")))
        let other = try darkroom.grant(#","size":880"#)
        #expect(try darkroom.store(other) == .refused(.uploadRefused))
        let cut = try darkroom.store(try darkroom.grant(), SamplePictures.jpeg.dropLast(2))
        #expect(cut == .refused(.invalid([FieldError("image", "ends too early")])))
        #expect(darkroom.media.isEmpty)
    }

    @Test func `is read from a file of the spool alone`() throws {
        let linked = try darkroom.grant()
        let secret = "\(bar.directory)/secret"
        try Data(SamplePictures.jpeg).write(to: URL(fileURLWithPath: secret))
        symlink(secret, "\(bar.directory)/spool/\(linked.name.id)")
        guard case .failed = try darkroom.store(linked, nil) else {
            Issue.record("the link was followed")
            return
        }
        let pipe = try darkroom.grant()
        mkfifo("\(bar.directory)/spool/\(pipe.name.id)", 0o600)
        guard case .failed = try darkroom.store(pipe, nil) else {
            Issue.record("the pipe was read")
            return
        }
        #expect(try darkroom.store(try darkroom.grant(), nil) == .refused(.notFound("upload")))
    }

    @Test func `that no event names goes when it is a day old`() throws {
        let grant = try darkroom.grant()
        _ = try accepted(darkroom.store(grant))
        let orphan = try darkroom.grant().name
        let fresh = try darkroom.grant().name
        let names = [
            "\(grant.name)", "\(orphan)", "\(orphan).12.1.tmp", "notes.txt", "\(fresh)",
        ]
        for name in names {
            let path = "\(bar.directory)/media/\(name)"
            if name != "\(grant.name)" { try Data([1]).write(to: URL(fileURLWithPath: path)) }
            let age = name == "\(fresh)" ? 80_000.0 : 90_000.0
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
        }
        try bar.handler.sweepMedia()
        #expect(Set(darkroom.media) == ["\(grant.name)", "notes.txt", "\(fresh)"])
    }
}
