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

        /// Who uses these ends the own session or key, or has a password hashed at each request.
        private static let apart = [
            "signOut", "disableKey", "removeAccount", "setPassword", "changePassword", "signIn",
            "addAccount",
        ]
        /// It takes every method, to refuse all but one as it refuses a wrong grant.
        private static let upload = "storeImage"

        @Test func `is as it is described, for an administrator`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let party = try Party(bar)
            try party.run(
                as: party.admin, Self.checks + Self.methods,
                (Self.apart + [Self.upload]).flatMap { ["--exclude-operation-id", $0] })
            try party.run(
                as: party.admin, Self.checks,
                (Self.apart + [Self.upload]).flatMap { ["--include-operation-id", $0] })
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

    func run(as token: String, _ checks: [String], _ more: [String]) throws {
        let program = try #require(schemathesis)
        let scratch = try Scratch()
        let words = [
            "-C", scratch.path,
            "SCHEMATHESIS_HOOKS=\(root)/Tests/SystemTests/schemathesis_hooks.py",
            "PYTHONDONTWRITEBYTECODE=1", program, "run", root + "/Sources/WebApp/openapi.json",
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
