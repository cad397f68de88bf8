import Domain
import Foundation
import JSON
import SQLite
import Testing
import Tokens

/// An identity provider on this machine: Tests/SystemTests/provider.py.
private final class Provider {
    let port: UInt16
    let tlsPort: UInt16
    private let process: Launched
    private let scratch = try? Scratch()

    var issuer: String { "http://127.0.0.1:\(port)" }

    init() throws {
        guard let scratch else { throw Late(description: "no room for a provider") }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("provider.py").path
        let process = try Launched(
            ["-u", script, scratch.path], program: "/usr/bin/python3", notes: scratch("said"))
        self.process = process
        let words = try eventually("a provider", within: 30) { () throws -> [Substring]? in
            if let code = process.exitCode {
                throw Late(description: "the provider ended with \(code): \(process.errors)")
            }
            let words = process.output.split(whereSeparator: \.isWhitespace)
            return words.count == 3 ? words : nil
        }
        guard let port = UInt16(words[1]), let tlsPort = UInt16(words[2]) else {
            throw Late(description: "the provider said \(process.output)")
        }
        self.port = port
        self.tlsPort = tlsPort
    }

    deinit { process.end() }

    @discardableResult
    func post(_ path: String, _ body: String = "") throws -> String {
        let answer = try Client(port).request("POST", path, [:], body)
        guard answer.status == 200 else { throw Late(description: "\(path): \(answer.status)") }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// A token as Keycloak makes them, with these claims in place of its own or beside them; null leaves one out.
    func token(
        key: String = "rsa", header: String = "{}", _ claims: [String: JSONValue] = [:]
    ) throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        var all = JSONObject()
        all["iss"] = .string(issuer)
        all["aud"] = .string("barback")
        all["typ"] = .string("Bearer")
        all["sub"] = .string("f3b1")
        all["preferred_username"] = .string("kim")
        all["groups"] = .array([.string("staff"), .string("bar-admins")])
        all["iat"] = .integer(now)
        all["exp"] = .integer(now + 300)
        for (name, value) in claims { all[name] = value == .null ? nil : value }
        var json = JSONWriter()
        json.value(.object(all))
        let text = String(decoding: json.bytes, as: UTF8.self)
        return try post("/token", #"{"key":"\#(key)","header":\#(header),"claims":\#(text)}"#)
    }
}

/// `barback subscriber oidc` on a directory of its own.
private final class Subscriber {
    let scratch: Scratch
    let process: Launched
    var file: String { scratch("data/run/oidc.json") }

    init(_ issuer: String, scratch: Scratch? = nil) throws {
        let scratch = try scratch ?? Scratch()
        self.scratch = scratch
        try FileManager.default.createDirectory(
            atPath: scratch("data"), withIntermediateDirectories: true)
        process = try Launched(
            ["subscriber", "oidc", "--data", scratch("data")] + oidcFlags(issuer),
            notes: scratch("subscriber"))
    }

    deinit { process.end() }

    var provider: OutsideProvider? {
        FileManager.default.contents(atPath: file).flatMap { OutsideProvider(json: Array($0)) }
    }

    func untilFetched() throws -> OutsideProvider {
        try eventually("keys of the provider") { provider }
    }

    func untilSaid(_ words: String, within limit: Double = 15) throws {
        try eventually("\"\(words)\"", within: limit) {
            process.errors.contains(words) ? true : nil
        }
    }
}

private func oidcFlags(_ issuer: String) -> [String] {
    [
        "--oidc-issuer", issuer, "--oidc-audience", "barback", "--oidc-groups-claim", "groups",
        "--oidc-admin-group", "bar-admins",
    ]
}

private var now: Time { Time(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }

extension WholeBar {
    @Suite("An identity provider elsewhere", .serialized) struct OutsideTests {
        @Test(arguments: ["rsa", "ec"])
        func `is believed by what it signs`(key: String) throws {
            let provider = try Provider()
            let subscriber = try Subscriber(provider.issuer)
            let verifier = OutsideVerifier(try subscriber.untilFetched())
            let identity = try verifier.verify(try provider.token(key: key), at: now)
            #expect(identity.subject == "f3b1" && identity.name == "kim" && identity.isAdmin)
            let guest = try provider.token(key: key, ["groups": .array([.string("staff")])])
            #expect(try !verifier.verify(guest, at: now).isAdmin)
            #expect(throws: TokenError.issuer) {
                try verifier.verify(
                    provider.token(key: key, ["iss": .string("https://id")]), at: now)
            }
            // Signed with a good key of the set, and called another's.
            let other = key == "rsa" ? "ec1" : "rsa1"
            let header = #"{"kid":"\#(other)"}"#
            #expect(throws: TokenError.algorithm) {
                try verifier.verify(provider.token(key: key, header: header), at: now)
            }
            let alike = #"{"kid":"\#(other)","alg":"\#(key == "rsa" ? "ES256" : "RS256")"}"#
            #expect(throws: TokenError.signature) {
                try verifier.verify(provider.token(key: key, header: alike), at: now)
            }
        }

        @Test(arguments: [
            ("error", "it answered 500 instead of 200"), ("redirect", "it redirects (302)"),
            ("endless", "it has more than 262144 bytes"), ("not-json", "is no description"),
            ("other-issuer", "describes another issuer"), ("keys-missing", "is no description"),
            ("keys-in-file", "names an address that is not asked"),
            ("keys-in-plain", "names an address that is not asked"),
            ("keys-not-json", "is no set of keys"), ("keys-none", "has no key for ES256 or RS256"),
            ("keys-unsound", "is no set of keys"),
        ])
        func `that misbehaves is not believed, and asked again`(mode: String, words: String) throws
        {
            let provider = try Provider()
            try provider.post("/mode/\(mode)")
            let subscriber = try Subscriber(provider.issuer)
            try subscriber.untilSaid(words)
            #expect(!FileManager.default.fileExists(atPath: subscriber.file))
            try provider.post("/mode/good")
            _ = try subscriber.untilFetched()
            try subscriber.untilSaid("has answered again")
        }

        @Test func `that does not answer holds nobody up who stops the subscriber`() throws {
            let provider = try Provider()
            try provider.post("/mode/slow")
            let subscriber = try Subscriber(provider.issuer)
            breathe(milliseconds: 500)
            subscriber.process.signal(SIGTERM)
            #expect(try subscriber.process.wait(within: 3) == 0)
        }

        @Test func `that does not answer is given up after ten seconds`() throws {
            let provider = try Provider()
            try provider.post("/mode/slow")
            let subscriber = try Subscriber(provider.issuer)
            try subscriber.untilSaid("cannot fetch \(provider.issuer)", within: 20)
        }

        @Test func `is not believed under a certificate that nobody vouches for`() throws {
            let provider = try Provider()
            let subscriber = try Subscriber("https://127.0.0.1:\(provider.tlsPort)")
            try subscriber.untilSaid("cannot fetch https://127.0.0.1:\(provider.tlsPort)")
            #expect(!FileManager.default.fileExists(atPath: subscriber.file))
        }

        @Test func `is asked again where its keys are gone`() throws {
            let provider = try Provider()
            let subscriber = try Subscriber(provider.issuer)
            let first = try subscriber.untilFetched()
            try provider.post("/keys/new")
            try FileManager.default.removeItem(atPath: subscriber.file)
            let second = try subscriber.untilFetched()
            #expect(second.keys != first.keys)
            let verifier = OutsideVerifier(second)
            #expect(try verifier.verify(try provider.token(), at: now).isAdmin)
            #expect(throws: TokenError.unknownKey) {
                try OutsideVerifier(first).verify(provider.token(), at: now)
            }
        }

        @Test func `keeps its last keys while it fails, and no other's`() throws {
            let provider = try Provider()
            let scratch = try Scratch()
            let first = try Subscriber(provider.issuer, scratch: scratch)
            let keys = try first.untilFetched()
            first.process.signal(SIGTERM)
            #expect(try first.process.wait() == 0)

            try provider.post("/mode/error")
            let second = try Subscriber(provider.issuer, scratch: scratch)
            try second.untilSaid("it answered 500")
            #expect(second.provider == keys)
            second.process.end()

            let other = try Subscriber("https://id.invalid", scratch: scratch)
            try other.untilSaid("cannot fetch https://id.invalid")
            #expect(other.provider == nil)
        }

        @Test func `keeps nothing that is a day old`() throws {
            let provider = try Provider()
            let scratch = try Scratch()
            let first = try Subscriber(provider.issuer, scratch: scratch)
            let keys = try first.untilFetched()
            first.process.end()
            let old = OutsideProvider(
                keys.settings, keys: keys.keys,
                fetchedAt: Time(microseconds: now.microseconds - 86_401_000_000))
            try Data(old.json).write(to: URL(fileURLWithPath: first.file))
            try provider.post("/mode/error")
            let second = try Subscriber(provider.issuer, scratch: scratch)
            try second.untilSaid("it answered 500")
            #expect(!FileManager.default.fileExists(atPath: second.file))
        }

        @Test func `opens the host's side to its administrators, until its keys are gone`() throws {
            let provider = try Provider()
            let bar = try Bar(flags: oidcFlags(provider.issuer))
            defer { bar.close() }
            func ask(_ method: String, _ path: String, _ token: String) throws -> Answer {
                let body = method == "PUT" ? #"{"in_stock":false}"# : nil
                return try Client(bar).request(
                    method, path, ["Authorization": "Bearer \(token)"], body)
            }
            let reading = ("GET", "/admin/drinks"), changing = ("PUT", "/admin/ingredients/Gin")
            let admin = try provider.token()
            // Each thread of the front and the writer read the provider's keys for themselves.
            try eventually("a front that knows the provider") {
                let answers = try (0..<10).map { _ in try ask(reading.0, reading.1, admin).status }
                return answers.allSatisfy { $0 == 200 } ? true : nil
            }
            let changed = try ask(changing.0, changing.1, admin)
            #expect(changed.status == 200, "\(changed.text)")
            let log = try Connection(path: bar.data + "/log.db", mode: .readOnly)
            let actor = try log.prepare(
                "SELECT actor FROM event WHERE type = 'IngredientRanOut' ORDER BY position DESC")
            #expect(try actor.step())
            #expect(actor.text(0) == "staff:kim@127.0.0.1:\(provider.port)")
            actor.reset()

            let other = try provider.token(["groups": .array([.string("staff")])])
            let identity = try provider.token(["typ": .string("ID")])
            for (method, path) in [reading, changing] {
                #expect(try ask(method, path, other).status == 403, "\(method) \(path)")
                #expect(try ask(method, path, identity).status == 401, "\(method) \(path)")
            }
            // Nobody may fetch them again.
            try provider.post("/mode/error")
            try FileManager.default.removeItem(atPath: bar.data + "/run/oidc.json")
            try eventually("a front without the provider") {
                let answers = try (0..<10).map { _ in try ask(reading.0, reading.1, admin).status }
                return answers.allSatisfy { $0 == 401 } ? true : nil
            }
            #expect(try ask(changing.0, changing.1, admin).status == 401)
        }

        @Test func `keeps its administrators' streams while its keys are fetched anew`() throws {
            let provider = try Provider()
            let bar = try Bar(flags: oidcFlags(provider.issuer))
            defer { bar.close() }
            let admin = ["Authorization": "Bearer \(try provider.token())"]
            try eventually("a front that knows the provider") {
                let answers = try (0..<10).map { _ in try bar.get("/admin/drinks", admin).status }
                return answers.allSatisfy { $0 == 200 } ? true : nil
            }
            let streams = try (0..<6).map { _ in try bar.stream(admin) }
            let file = bar.data + "/run/oidc.json"
            let found = try #require(
                OutsideProvider(json: Array(Data(contentsOf: URL(fileURLWithPath: file)))))
            func write(_ settings: OutsideSettings, later seconds: Int64) throws {
                let time = Time(microseconds: found.fetchedAt.microseconds + seconds * 1_000_000)
                try Data(OutsideProvider(settings, keys: found.keys, fetchedAt: time).json).write(
                    to: URL(fileURLWithPath: file), options: .atomic)
            }
            for seconds in 1...3 as ClosedRange<Int64> {
                let tickets = try (0..<6).map { _ in
                    try bar.post("/events/ticket", "{}", admin).data["ticket"].string ?? ""
                }
                try write(found.settings, later: seconds)
                // Every stream is looked at once a second.
                breathe(milliseconds: 1_500)
                for ticket in tickets {
                    _ = try EventStream(bar, [:], path: "/events?ticket=\(ticket)")
                }
                let told = try bar.announce("Fetched \(seconds) times")
                for stream in streams { #expect(try stream.next().position == told) }
            }
            let other = OutsideSettings(
                issuer: found.settings.issuer, audience: found.settings.audience,
                groupsClaim: found.settings.groupsClaim, adminGroup: "others")
            try write(other, later: 4)
            for stream in streams { #expect(try stream.rest(within: 5).isEmpty) }
        }

        @Test func `is a process of the bar's where it is named, and forgotten where it is not`()
            throws
        {
            let provider = try Provider()
            let scratch = try Scratch()
            let file = scratch("data/run/oidc.json")
            do {
                let bar = try Bar(data: scratch("data"), flags: oidcFlags(provider.issuer))
                #expect(bar.children()["subscriber oidc"] != nil)
                try eventually("keys of the provider") {
                    FileManager.default.fileExists(atPath: file) ? true : nil
                }
                bar.close()
            }
            #expect(FileManager.default.fileExists(atPath: file))
            let bar = try Bar(data: scratch("data"), flags: [])
            #expect(bar.children()["subscriber oidc"] == nil)
            #expect(!FileManager.default.fileExists(atPath: file))
            bar.close()
        }
    }
}
