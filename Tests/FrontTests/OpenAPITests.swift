import Domain
import Foundation
import JSON
import Testing
import WebApp
import Wire

@testable import Front
@testable import HTTP

/// The repository, wherever it was cloned.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(of file: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
}

/// The description as the server carries it.
private struct Description {
    let document: JSONObject
    let pages = Pages(dataDirectory: "/nowhere")

    init() throws {
        let bytes = Array(try text(of: "Sources/WebApp/openapi.json").utf8)
        document = try #require(try JSONValue(parsing: bytes).object)
    }

    struct Operation {
        let path: String
        let method: String
        let object: JSONObject
        /// Those of the path as well.
        let parameters: [JSONObject]
    }

    static let methods = ["get", "post", "put", "delete"]

    var paths: [(path: String, item: JSONObject)] {
        (document["paths"]?.object?.members ?? []).compactMap { member in
            member.value.object.map { (member.name, $0) }
        }
    }

    var operations: [Operation] {
        paths.flatMap { path, item in
            Self.methods.compactMap { method in
                item[method]?.object.map {
                    let own = ($0["parameters"]?.array ?? []) + (item["parameters"]?.array ?? [])
                    return Operation(
                        path: path, method: method, object: $0,
                        parameters: own.compactMap { resolved($0.object) })
                }
            }
        }
    }

    /// The object that a `$ref` points to; itself where it is none.
    private func resolved(_ object: JSONObject?) -> JSONObject? {
        guard let reference = object?["$ref"]?.string else { return object }
        return reference.split(separator: "/").dropFirst().reduce(document) { place, name in
            place?[String(name)]?.object
        }
    }

    /// Every example of an error, from all answers.
    var problems: [JSONObject] {
        (document["components"]?.object?["responses"]?.object?.members ?? []).flatMap { response in
            let content = response.value.object?["content"]?.object
            let examples = content?["application/problem+json"]?.object?["examples"]?.object
            return (examples?.members ?? []).compactMap { $0.value.object?["value"]?.object }
        }
    }

    /// An address that the path stands for.
    static func sample(_ path: String) -> [String] {
        let id = "01a215aa-9e2f-752c-8225-f10cc02e40ab"
        let files = [
            "/assets/{file}": "guest.js", "/assets/views/{file}": "menu.js",
            "/assets/host/{file}": "host.js",
        ]
        let filled =
            path.hasPrefix("/images/")
            ? path.replacing("{name}", with: "\(id)-negroni.jpg")
            : path.replacing("{file}", with: files[path, default: "en.json"])
        return filled.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            $0.hasPrefix("{") ? id : String($0)
        }
    }
}

extension Method {
    fileprivate init(_ name: String) {
        let bytes = Array(name.uppercased().utf8)
        self = bytes.withUnsafeBufferPointer { Method($0) }
    }
}

@Suite("The description of the API") struct OpenAPITests {
    private let description: Description

    init() throws { description = try Description() }

    @Test func `has no path that the server has not, and its methods`() throws {
        for (path, item) in description.paths {
            let sample = Description.sample(path)
            let documented = Description.methods.filter { item[$0] != nil }
            for method in documented {
                #expect(throws: Never.self, "\(method) \(path)") {
                    try Route.find(Method(method), sample, pages: description.pages)
                }
            }
            // An upload address takes every method, to refuse all but one itself.
            guard path != "/images/uploads/{name}" else { continue }
            do throws(RouteError) {
                _ = try Route.find(.other, sample, pages: description.pages)
                Issue.record("\(path) takes any method")
            } catch .wrongMethod(let allow) {
                // A stream has no end that HEAD could tell of.
                let reading = path == "/events" ? "GET" : "GET, HEAD"
                let names = documented.map { $0 == "get" ? reading : $0.uppercased() }
                #expect(names.joined(separator: ", ") == allow, "\(path)")
            } catch {
                Issue.record("\(path) is no route")
            }
        }
    }

    @Test func `has every path that the server has`() throws {
        let documented = Set(description.paths.map { blanked($0.path) })
        let routes = try routesInSource()
        #expect(routes.count > 30)
        for route in routes { #expect(documented.contains(route), "\(route)") }
        for path in files where !path.hasPrefix("/assets/") {
            #expect(documented.contains(path), "\(path)")
        }
        let named = ["/assets/", "/assets/views/", "/assets/host/"].flatMap { folder in
            let operation = description.operations.first { $0.path == folder + "{file}" }
            let names = operation?.parameters.first?["schema"]?.object?["enum"]?.array ?? []
            return names.compactMap(\.string).map { folder + $0 }
        }
        // Words are as many as there are languages.
        let words = files.filter { $0.contains("/words/") }
        #expect(words.count >= 4)
        #expect(Set(named + words) == Set(files.filter { $0.hasPrefix("/assets/") }))
    }

    /// What the program carries.
    private var files: [String] {
        (0...).lazy.map { web_asset_at($0).path.map { String(cString: $0) } }
            .prefix { $0 != nil }.compactMap { $0 }
    }

    /// The patterns of Routes.swift: `case ("orders", let id, "cancel")` is `/orders/{}/cancel`.
    private func routesInSource() throws -> Set<String> {
        var routes: Set<String> = []
        for line in try text(of: "Sources/Front/Routes.swift").split(separator: "\n") {
            let line = line.drop { $0 == " " }
            guard line.hasPrefix("case \"") || line.hasPrefix("case (\"") else { continue }
            let pattern = line.dropFirst(5).prefix { $0 != ":" }.filter { !"()".contains($0) }
            let parts = pattern.split(separator: ",").map { part in
                let part = part.filter { $0 != " " }
                return part.hasPrefix("\"") ? String(part.dropFirst().dropLast()) : "{}"
            }
            // The names of the enumerations below are no paths.
            routes.insert("/" + parts.joined(separator: "/"))
        }
        return routes
    }

    private func blanked(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map {
            $0.hasPrefix("{") ? "{}" : String($0)
        }.joined(separator: "/")
    }

    @Test func `says who may ask, and which parameters there are`() throws {
        for operation in description.operations {
            let name = "\(operation.method) \(operation.path)"
            let route = try Route.find(
                Method(operation.method), Description.sample(operation.path),
                pages: description.pages)
            let security = (operation.object["security"]?.array ?? []).compactMap(\.object)
            let needsKey = !security.isEmpty && security.allSatisfy { $0["ApiKey"] != nil }
            let needsToken = !security.isEmpty && security.allSatisfy { $0["Token"] != nil }
            let query = Set(
                operation.parameters.filter { $0["in"]?.string == "query" }.compactMap {
                    $0["name"]?.string
                })
            let headers = Set(
                operation.parameters.filter { $0["in"]?.string == "header" }.compactMap {
                    $0["name"]?.string
                })
            switch route {
            case .read(let reading):
                #expect(needsKey, "\(name)")
                #expect(needsToken == !reading.audience.admits(nil), "\(name)")
                var parameters = Set(reading.parameters)
                if case .drinks = reading { parameters.formUnion(Reading.search.parameters) }
                #expect(query == parameters, "\(name)")
                #expect(headers.contains("Barback-After"), "\(name)")
            case .command(let command, _):
                #expect(needsKey, "\(name)")
                #expect(needsToken == !command.audience.admits(nil), "\(name)")
                #expect(query == Set(command.parameters), "\(name)")
                #expect(operation.object["requestBody"] != nil || command.mayLackBody, "\(name)")
            case .page, .health, .readiness, .publicKeys, .image, .upload, .preflight:
                #expect(!needsKey, "\(name)")
            case .events:
                #expect(security.count == 2 && security[0]["ApiKey"] != nil, "\(name)")
                #expect(security[0]["Token"] != nil && security[1]["Ticket"] != nil, "\(name)")
                #expect(query == ["last_event_id"], "\(name)")
                #expect(headers == ["Last-Event-ID"], "\(name)")
            case .eventTicket:
                #expect(needsKey && needsToken && query.isEmpty, "\(name)")
            case .metrics:
                #expect(!needsKey && query.isEmpty, "\(name)")
            }
        }
    }

    @Test func `names each operation once`() {
        let names = description.operations.compactMap { $0.object["operationId"]?.string }
        #expect(names.count == description.operations.count)
        #expect(Set(names).count == names.count)
    }

    // MARK: Errors

    /// Status, code and title as the one table writes them.
    private func problemsInSource() throws -> Set<[String]> {
        let table = try text(of: "Sources/Front/Problem.swift")
        let pattern = /([1-5][0-9][0-9]), "([a-z_]+)", "([^"]+)"/
        return Set(table.matches(of: pattern).map { [$0.1, $0.2, $0.3].map(String.init) })
    }

    private var refusals: [HTTP.Refusal] {
        [
            .malformed(.headerValue), .unknownCoding, .targetTooLong(limit: 2_048),
            .headTooLarge(limit: 4_096), .bodyTooLarge(limit: 65_536), .bodyNotStored,
            .unsupportedVersion,
        ]
    }

    /// One of each, with the words of the examples.
    private var problems: [Problem] {
        let refused: [Domain.Refusal] = [
            .invalid([FieldError("quantity", "must be a whole number from 1 to 10")]),
            .notFound("drink"), .notAllowed, .orderingPaused(message: nil),
            .notOnMenu(drink: "Negroni"), .soldOut(missing: ["Campari"]),
            .tooManyActiveOrders(limit: 3), .invalidTransition(from: .ready, to: .rejected),
            .statusChanged(present: .ready), .versionChanged(present: Version(7)),
            .sectionNotEmpty(drinks: 7), .wrongCode, .wrongPassword, .nameTaken, .lastAdmin,
            .uploadRefused, .alreadyUploaded, .noPicture(wanted: "image/jpeg"), .keyReused,
        ]
        let outcomes: [CommandOutcome] = [
            .malformed("the body must be a JSON object"), .storageFull,
            .logDamaged(at: Position(11)), .failed(""), .tooManySignIns, .unknownVersion,
        ]
        let front: [Problem] = [
            .busy, .writerAway, .notReady, .stillBehind, .positionAhead, .wrongType, .wrongHost,
            .noRoute, .noKey, .unknownKey, .notSignedIn, .badToken, .tooManyRequests,
            .tooManyGuesses, .badTicket, .tooManyStreams(8),
            .badHeader("Barback-After", "must be a position"), .unknownParameter("x"),
        ]
        return refused.map { Problem($0) } + outcomes.compactMap { Problem($0) } + front
            + refusals.map { Problem($0) }
    }

    @Test func `shows every error as the server words it`() throws {
        let documented = Set(
            description.problems.map { problem in
                ["status", "code", "title", "detail"].map { name in
                    problem[name]?.string ?? problem[name]?.integer.map { "\($0)" } ?? ""
                }
            })
        let known = Set(problems.map { ["\($0.status)", $0.code, $0.title, $0.detail] })
        #expect(documented.subtracting(known).isEmpty)
        #expect(known.subtracting(documented).isEmpty)
        // Nor may one be missing in this test; that an address has no such method is told in words.
        let codes = Set(documented.map { $0[1] })
        let introduction = description.document["info"]?.object?["description"]?.string ?? ""
        for problem in try problemsInSource() where !codes.contains(problem[1]) {
            #expect(problem[1] == "method_not_allowed", "\(problem[1])")
            #expect(introduction.contains("`\(problem[1])`"))
        }
    }
}
