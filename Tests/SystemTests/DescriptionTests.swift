import Foundation
import Testing

/// The repository, wherever it was cloned.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The program; nil where PyPI cannot be reached, and then `.ci/schemathesis` has said so.
private let schemathesis: String? = {
    guard let scratch = try? Scratch(),
        let found = try? Launched([], program: root + "/.ci/schemathesis", notes: scratch("found")),
        (try? found.wait(within: 300)) == 0
    else { return nil }
    return found.output.trimmingCharacters(in: .newlines)
}()

extension WholeBar {
    /// Schemathesis makes requests from the description, right and wrong ones, and compares every answer with it.
    @Suite(
        "The API of a running bar", .serialized,
        .enabled(if: schemathesis != nil, "run .ci/schemathesis where PyPI can be reached"))
    struct DescriptionTests {
        /// Whatever is asked: no 5xx, and answers with the status, type, headers and body that are described.
        private static let checks = [
            "not_a_server_error", "status_code_conformance", "content_type_conformance",
            "response_headers_conformance", "response_schema_conformance", "ignored_auth",
        ]
        private static let methods = ["unsupported_method", "allow_header_conformance"]

        /// They end somebody's session or key, or have a password hashed at each request; and `storeImage` takes every
        /// method, to refuse all but one as it refuses a wrong grant.
        private static let apart = [
            "disableKey", "addAccount", "setPassword", "removeAccount", "storeImage",
        ]
        /// An answer without an end, which schemathesis would wait for.
        private static let endless = "listen"
        /// Each ends what it runs with, or is held to few requests where others fail.
        private static let alone = ["signIn", "changePassword", "signOut"]

        @Test func `is as it is described, for an administrator`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let party = try Party(bar)
            try party.run(
                as: party.admin, Self.checks + Self.methods,
                (Self.apart + Self.alone + [Self.endless]).flatMap {
                    ["--exclude-operation-id", $0]
                })
        }

        @Test func `is as it is described, for whoever signs in`() throws {
            let bar = try Bar(demo: false)
            defer { bar.close() }
            let party = try Party(bar)
            let (own, right) = ("Pat", "pat's-own-words")
            let pat = try party.hire(own, right)
            let sam = try party.hire("Sam", "sam's-own-words")
            let lee = try party.hire("Lee", "lee's-own-words")
            let signIn = ["username": own, "password": right]
            let change = ["current_password": right, "new_password": right]
            let before = try LogRows(data: bar.data).rows.count
            try party.run(
                as: party.admin, Self.checks,
                Self.apart.flatMap { ["--include-operation-id", $0] },
                known: [
                    "setPassword": ["path": ["id": sam]], "removeAccount": ["path": ["id": lee]],
                ])
            for operation in Self.alone {
                try party.run(
                    as: try party.signIn(own, right), Self.checks,
                    ["--include-operation-id", operation],
                    known: ["signIn": ["body": signIn], "changePassword": ["body": change]])
            }
            // What was right among it was carried out.
            let done = try LogRows(data: bar.data).rows.dropFirst(before)
            func count(_ type: String, _ id: String? = nil) -> Int {
                done.count {
                    $0.type == type && (id == nil || $0.data["account_id"].string == id)
                }
            }
            #expect(count("AccountAdded") > 0)
            #expect(count("AccountPasswordChanged", sam) > 0)
            #expect(count("AccountRemoved", lee) == 1)
            #expect(count("AccountSignedIn", pat) > Self.alone.count)
            #expect(count("AccountPasswordChanged", pat) > 0)
            #expect(count("SessionEnded") > 0)
        }

        @Test func `is as it is described, for a guest`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let party = try Party(bar)
            try party.run(
                as: party.guest, Self.checks + Self.methods,
                ["--include-path-regex", "^/(orders|register)", "--header", party.code])
        }
    }
}

/// Who asks: an administrator and a guest, with a key that has no limit.
private struct Party {
    let bar: Bar
    let key: String
    let admin: String
    let guest: String
    /// The header that lets guests in.
    let code: String

    init(_ bar: Bar) throws {
        self.bar = bar
        key = try bar.door.key()
        admin = try bar.door.host()
        guest = try bar.door.guest("Ana")
        code = "X-Registration-Code: \(try bar.door.code())"
    }

    /// The id of a new bartender.
    func hire(_ name: String, _ password: String) throws -> String {
        let body = #"{"username":"\#(name)","role":"bartender","password":"\#(password)"}"#
        let answer = try bar.post("/admin/accounts", body)
        return try #require(answer.data["id"].string, "\(answer.text)")
    }

    func signIn(_ name: String, _ password: String) throws -> String {
        let body = #"{"username":"\#(name)","password":"\#(password)"}"#
        // Whoever fails from here meanwhile may have slowed it down.
        return try eventually("\(name) signed in", within: 30) {
            try bar.post("/auth/login", body).data["access_token"].string
        }
    }

    /// `known` are paths and bodies, by operation, that stand in place of made up ones in requests that are right.
    func run(
        as token: String, _ checks: [String], _ more: [String],
        known: [String: [String: [String: String]]] = [:]
    ) throws {
        let known = String(
            decoding: try JSONSerialization.data(withJSONObject: known), as: UTF8.self)
        let program = try #require(schemathesis)
        let scratch = try Scratch()
        let words = [
            "-C", scratch.path,
            "SCHEMATHESIS_HOOKS=\(root)/Tests/SystemTests/schemathesis_hooks.py",
            "PYTHONDONTWRITEBYTECODE=1", "KNOWN=\(known)", program, "run",
            root + "/Sources/WebApp/openapi.json",
            "--url", "http://127.0.0.1:\(bar.port)", "--header", "X-Api-Key: \(key)", "--header",
            "Authorization: Bearer \(token)", "--checks", checks.joined(separator: ","), "--phases",
            "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--workers", "1",
            "--continue-on-failure", "--no-color",
        ]
        let run = try Launched(words + more, program: "env", notes: scratch("run"))
        defer { run.end() }
        let code = try run.wait(within: 120)
        let failures = run.output.range(of: "= FAILURES =").map { run.output[$0.lowerBound...] }
        #expect(code == 0, "\(failures ?? run.output[...])\(run.errors)")
    }
}
