import Domain
import Foundation
import Glibc
import TestSamples
import Testing
import Tokens

/// The host, signed in, as somebody with a camera.
private struct Photographer {
    let bar: Bar
    let key: String
    let token: String

    init(_ bar: Bar) throws {
        self.bar = bar
        let path = URL(fileURLWithPath: bar.data + "/first-run.json")
        let first = JSON(try JSONSerialization.jsonObject(with: Data(contentsOf: path)))
        key = try #require(first["api_key"].string)
        let name = try #require(first["admin"]["username"].string)
        let password = try #require(first["admin"]["password"].string)
        let answer = try Client(bar.port).request(
            "POST", "/auth/login", ["X-Api-Key": key],
            "{\"username\":\(quoted(name)),\"password\":\(quoted(password))}")
        token = try #require(answer.data["access_token"].string)
    }

    struct Grant {
        let upload: String
        let image: String
    }

    func ask(_ body: String) throws -> Answer {
        try Client(bar.port).request(
            "POST", "/admin/images/upload-url",
            ["X-Api-Key": key, "Authorization": "Bearer \(token)"], body)
    }

    func grant(_ more: String = "", type: String = "image/jpeg") throws -> Grant {
        let answer = try ask("{\"content_type\":\"\(type)\"\(more)}")
        #expect(answer.status == 200)
        return Grant(
            upload: try #require(answer.data["upload_url"].string),
            image: try #require(answer.data["image_url"].string))
    }

    /// Without an API key and without a token: the grant is enough.
    func send(
        _ bytes: [UInt8], to path: String, method: String = "PUT", type: String = "image/jpeg",
        length: Int? = nil
    ) throws -> Answer {
        let client = try Client(bar.port, seconds: 30)
        try client.send(
            Array(
                ("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
                    + "Content-Length: \(length ?? bytes.count)\r\n\r\n").utf8))
        // Whoever is refused before may have closed already.
        try? client.send(bytes)
        return try client.answer(toHead: method == "HEAD")
    }

    func get(_ path: String) throws -> Answer {
        try Client(bar.port).request("GET", path, ["X-Api-Key": key])
    }

    /// A grant that began so many seconds ago, signed with the bar's own key.
    func grant(secondsAgo: Int64) throws -> String {
        func file(_ name: String) throws -> [UInt8] {
            try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(bar.data)/\(name)")))
        }
        let keys = try #require(SigningKeys(json: try file("keys/token.json")))
        let published = try JSONSerialization.jsonObject(with: Data(file("run/jwks.json")))
        let issuer = try #require(JSON(published)["issuer"].string)
        let then = Time(
            microseconds: Int64((Date().timeIntervalSince1970 * 1e6)) - secondsAgo * 1_000_000)
        let id = ImageID(UUID(version7At: then, random: .random(in: .min ... .max)))
        let name = ImageName(id: id, after: "late.jpg", ending: "jpg")
        let grant = UploadGrant(
            name: name, contentType: "image/jpeg", bytes: nil, drinkID: nil, caller: .staff("host"),
            session: nil, at: then)
        let token = keys.sign(
            grant.claims(issuer: issuer, audience: "barback", at: then), type: .upload)
        return "/images/uploads/\(name)?grant=\(token)"
    }

    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(bar.data)/\(folder)")) ?? ["?"]
    }
}

extension WholeBar {
    @Suite("Upload", .serialized, .openBar) struct UploadTests {
        private let camera: Photographer

        init() throws { camera = try Photographer(theBar()) }

        @Test func `of a photo is stored once, shown by its drink, and says nothing of its sender`()
            throws
        {
            let list = try camera.get("/drinks").data.list
            let drink = try #require(list.first?["id"].string)
            let grant = try camera.grant(",\"drink_id\":\"\(drink)\",\"filename\":\"me.jpg\"")
            let answer = try camera.send(SamplePictures.jpeg, to: grant.upload)
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer.data["image_url"].string == grant.image)
            #expect(answer["Location"] == grant.image)
            // Whoever reads its answer finds the menu as it says.
            #expect(try camera.get("/drinks/\(drink)").data["image_url"].string == grant.image)
            let again = try camera.send(SamplePictures.jpeg, to: grant.upload)
            #expect(again.status == 409 && again.code == "already_uploaded")

            // Anybody may look, without a key.
            let photo = try Client(theBar().port).request("GET", grant.image)
            #expect(photo.status == 200)
            #expect(photo["Content-Type"] == "image/jpeg")
            #expect(photo["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(photo.values("X-Content-Type-Options") == ["nosniff"])
            #expect(photo["Content-Security-Policy"] == "default-src 'none'; sandbox")
            #expect(photo.body.starts(with: [0xFF, 0xD8, 0xFF]))
            #expect(photo.body.count < SamplePictures.jpeg.count)
            let text = String(decoding: photo.body, as: UTF8.self)
            let original = String(decoding: SamplePictures.jpeg, as: UTF8.self)
            for trace in ["Spy Phone", "taken at home"] {
                #expect(original.contains(trace) && !text.contains(trace))
            }
            // The place: tag 0x8825 of EXIF, in either order of bytes.
            #expect(photo.body.firstRange(of: [0x88, 0x25]) == nil)
            let head = try Client(theBar().port).request("HEAD", grant.image)
            #expect(head["Content-Length"] == "\(photo.body.count)" && head.body.isEmpty)
            #expect(camera.names(in: "spool").isEmpty)
        }

        @Test func `with another method, type, path, size, or late, is forbidden`() throws {
            let jpeg = SamplePictures.jpeg
            let grant = try camera.grant(",\"size\":\(jpeg.count)")
            let other = try camera.grant()
            for method in ["POST", "GET", "DELETE", "PATCH"] {
                let answer = try camera.send(
                    method == "GET" ? [] : jpeg, to: grant.upload, method: method)
                #expect(answer.status == 403, "\(method)")
            }
            let query = try #require(grant.upload.split(separator: "?").last)
            let elsewhere = try #require(other.upload.split(separator: "?").first)
            let refused: [(String, String, [UInt8])] = [
                (grant.upload, "image/png", jpeg), (grant.upload, "text/html", jpeg),
                (grant.upload, "", jpeg), ("\(elsewhere)?\(query)", "image/jpeg", jpeg),
                (grant.upload, "image/jpeg", jpeg.dropLast()),
                (grant.upload, "image/jpeg", jpeg + [0]), (String(elsewhere), "image/jpeg", jpeg),
                ("\(elsewhere)?grant=", "image/jpeg", jpeg),
                ("\(grant.upload)&x=y", "image/jpeg", jpeg),
                ("\(grant.upload.dropLast(3))AAA", "image/jpeg", jpeg),
                ("\(elsewhere)?grant=\(camera.token)", "image/jpeg", jpeg),
                (try camera.grant(secondsAgo: 601), "image/jpeg", jpeg),
                (try camera.grant(secondsAgo: 7_200), "image/jpeg", jpeg),
            ]
            for (path, type, bytes) in refused {
                let answer = try camera.send(bytes, to: path, type: type)
                #expect(answer.status == 403, "\(path) as \(type), \(bytes.count) bytes")
                #expect(answer.code == "upload_refused")
            }
            // A grant opens nothing else.
            let bearer = ["X-Api-Key": camera.key, "Authorization": "Bearer \(query.dropFirst(6))"]
            #expect(try Client(theBar().port).request("GET", "/admin/drinks", bearer).status == 401)
            #expect(camera.names(in: "spool").isEmpty)
            #expect(try camera.send(jpeg, to: try camera.grant(secondsAgo: 590)).status == 201)
            #expect(try camera.send(jpeg, to: grant.upload).status == 201)
        }

        @Test
        func `of more than 10 MB is refused before it is read, and once it has grown too large`()
            throws
        {
            let grant = try camera.grant()
            let most = 10 * 1_048_576
            let announced = try camera.send([], to: grant.upload, length: most + 1)
            #expect(announced.status == 413 && announced.code == "body_too_large")
            let client = try Client(theBar().port, seconds: 30)
            let head =
                "PUT \(grant.upload) HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            try client.send(Array(head.utf8))
            let chunk =
                Array("100000\r\n".utf8) + [UInt8](repeating: 0x78, count: 1 << 20) + [13, 10]
            for _ in 0..<12 { try? client.send(chunk) }
            #expect(try client.answer().status == 413)
            try eventually("an empty spool") { camera.names(in: "spool").isEmpty ? true : nil }
            // Exactly as much is taken, and found to be no picture.
            let whole = try camera.send([UInt8](repeating: 0x78, count: most), to: grant.upload)
            #expect(whole.status == 415)
        }

        @Test(arguments: [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            "<!doctype html><script>alert(1)</script>", "GIF89a\u{1}", "",
        ])
        func `of something else as .jpg is no picture`(text: String) throws {
            let grant = try camera.grant(",\"filename\":\"x.jpg\"")
            let answer = try camera.send(Array(text.utf8), to: grant.upload)
            #expect(answer.status == 415 && answer.code == "no_picture")
            #expect(try Client(theBar().port).request("GET", grant.image).status == 404)
            // The address has not been used up by it.
            #expect(try camera.send(SamplePictures.jpeg, to: grant.upload).status == 201)
        }

        @Test func `of a picture of another type, or half of one, is refused`() throws {
            let png = try camera.grant(type: "image/png")
            #expect(
                try camera.send(SamplePictures.jpeg, to: png.upload, type: "image/png").status
                    == 415)
            let cut = try camera.send(
                SamplePictures.jpeg.dropLast(3), to: try camera.grant().upload)
            #expect(cut.status == 422 && cut.fields == ["image"])
        }

        @Test(arguments: [
            "../../../etc/passwd", "a/../../b.jpg", "%2e%2e%2f", "\\u0000.jpg", "<script>.svg",
            "\\u202egpj.exe", String(repeating: "x", count: 5_000), "さくら.jpg",
        ])
        func `under a hostile filename lands where all photos do`(filename: String) throws {
            let before = Set(camera.names(in: "media"))
            let grant = try camera.grant(",\"filename\":\"\(filename)\"")
            let pattern = /\/images\/[0-9a-f-]{36}-[a-z0-9-]{1,60}\.jpg/
            #expect(try pattern.wholeMatch(in: grant.image) != nil, "\(grant.image)")
            #expect(try camera.send(SamplePictures.jpeg, to: grant.upload).status == 201)
            let new = Set(camera.names(in: "media")).subtracting(before)
            #expect(new == [String(grant.image.dropFirst("/images/".count))])
        }

        @Test func `of 50,000 by 50,000 pixels is refused within 200 MB`() throws {
            let grant = try camera.grant(type: "image/png")
            let pids = try ["front", "commands"].map { try theBar().pid(of: $0) }
            let before = try pids.map(peakKilobytes)
            // Nearly all that may come, in a chunk whose check sum is right.
            let file = png(width: 50_000, height: 50_000, data: 10_000_000)
            let answer = try camera.send(file, to: grant.upload, type: "image/png")
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.fields == ["image"])
            #expect(answer.json["detail"].string?.contains("50000 by 50000") == true)
            for (pid, kilobytes) in zip(pids, before) {
                #expect(try peakKilobytes(pid) < kilobytes + 200_000)
            }
            // As large in bytes, and small enough in pixels, it is stored.
            let small = try camera.grant(type: "image/png")
            let taken = try camera.send(
                png(width: 8_000, height: 8_000, data: 10_000_000), to: small.upload,
                type: "image/png")
            #expect(taken.status == 201, "\(taken.text)")
            for (pid, kilobytes) in zip(pids, before) {
                #expect(try peakKilobytes(pid) < kilobytes + 200_000)
            }
        }

        @Test func `that is broken off leaves nothing, and its address open`() throws {
            let grant = try camera.grant()
            do {
                let client = try Client(theBar().port)
                let head =
                    "PUT \(grant.upload) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\nhalf"
                try client.send(Array(head.utf8))
                try eventually("a file in the spool") {
                    camera.names(in: "spool").isEmpty ? nil : true
                }
                // Two at a time would write into one file.
                #expect(try camera.send(SamplePictures.jpeg, to: grant.upload).status == 409)
            }
            try eventually("an empty spool") { camera.names(in: "spool").isEmpty ? true : nil }
            #expect(try camera.send(SamplePictures.jpeg, to: grant.upload).status == 201)
        }

        @Test func `ends with the session that asked for it`() throws {
            let other = try Photographer(theBar())
            let grant = try other.grant()
            let out = try Client(theBar().port).request(
                "POST", "/auth/logout",
                ["X-Api-Key": other.key, "Authorization": "Bearer \(other.token)"], "{}")
            #expect((200...204).contains(out.status))
            let answer = try other.send(SamplePictures.jpeg, to: grant.upload)
            #expect(answer.status == 403 && answer.code == "upload_refused")
            #expect(try Client(theBar().port).request("GET", grant.image).status == 404)
        }

        @Test func `is for the host alone`() throws {
            let bar = try theBar()
            let body = "{\"content_type\":\"image/jpeg\"}"
            let nobody = try Client(bar.port).request("POST", "/admin/images/upload-url", [:], body)
            #expect(nobody.status == 401)
            let key = ["X-Api-Key": camera.key]
            let anyone = try Client(bar.port).request("POST", "/admin/images/upload-url", key, body)
            #expect(anyone.status == 401)
            let path = URL(fileURLWithPath: bar.data + "/first-run.json")
            let first = JSON(try JSONSerialization.jsonObject(with: Data(contentsOf: path)))
            let code = try #require(first["registration_code"].string)
            let guest = try Client(bar.port).request(
                "POST", "/register", ["X-Api-Key": camera.key, "X-Registration-Code": code],
                "{\"username\":\"Photographer\"}")
            let token = try #require(guest.data["access_token"].string)
            let refused = try Client(bar.port).request(
                "POST", "/admin/images/upload-url",
                ["X-Api-Key": camera.key, "Authorization": "Bearer \(token)"], body)
            #expect(refused.status == 403)
        }

        @Test(arguments: [
            "/images/", "/images/..", "/images/../keys/log.key", "/images/%2e%2e%2fkeys%2flog.key",
            "/images/log.db", "/images/019ac0df-3333-7000-8000-0000000000b1-a.jpg",
            "/images/019ac0df-3333-7000-8000-0000000000b1-a.jpg.1.1.tmp", "/images/uploads/x",
        ])
        func `leaves everything else unread`(path: String) throws {
            #expect(try Client(theBar().port).request("GET", path).status == 404)
        }
    }
}

/// The most memory that a process has had, by /proc/PID/status.
private func peakKilobytes(_ pid: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.filter(\.isNumber)))
}

/// A PNG of any size whose picture is so many bytes of nothing.
private func png(width: UInt32, height: UInt32, data: Int) -> [UInt8] {
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return big(UInt32(data.count)) + body + big(crc(body))
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        + chunk("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0])
        + chunk("IDAT", [UInt8](repeating: 0, count: data)) + chunk("IEND", [])
}

private func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private let crcTable: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
}

private func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { $0 >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
}
