import Foundation
import Synchronization

/// The way into a bar: an API key without rates, the host's token, and guests who register when they are named.
///
/// Whoever was let in at a bar is let in at each copy of its data directory, also where nobody can register
/// any more, as at a damaged log.
final class Door: Sendable {
    private let port: UInt16
    private let data: String
    private let state: Mutex<State>

    private struct State {
        var key: String?
        var host: String?
        /// With how many guests it lets in yet.
        var code: (text: String, left: Int)?
        var guests: [String: String] = [:]
        var isCopied = false
    }

    /// By the key that all others of a bar are made of.
    private static let known = Mutex<[Data: State]>([:])

    init(port: UInt16, data: String) {
        self.port = port
        self.data = data
        var state = Self.masterKey(data).flatMap { key in Self.known.withLock { $0[key] } }
        state?.isCopied = true
        self.state = Mutex(state ?? State())
    }

    private static func masterKey(_ data: String) -> Data? {
        FileManager.default.contents(atPath: data + "/keys/master.key")
    }

    private func change<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try state.withLock { state in
            let value = try body(&state)
            if !state.isCopied, let key = Self.masterKey(data) {
                let copy = state
                Self.known.withLock { $0[key] = copy }
            }
            return value
        }
    }

    // MARK: Credentials

    /// An API key without rates.
    func key() throws -> String { try change(key) }

    /// The host's access token.
    func host() throws -> String { try change(host) }

    /// A registration code that lets somebody in.
    func code() throws -> String { try change(code) }

    /// The access token of a guest, who is registered where nobody of that name was here yet.
    func guest(_ name: String) throws -> String {
        try change { state in
            if let token = state.guests[name] { return token }
            let headers = ["X-Api-Key": try key(&state), "X-Registration-Code": try code(&state)]
            let answer = try Client(port).request(
                "POST", "/register", headers, "{\"username\":\(quoted(name))}")
            let token = try answer.token("POST /register as \(name)")
            state.code?.left -= 1
            state.guests[name] = token
            return token
        }
    }

    private func key(_ state: inout State) throws -> String {
        if let key = state.key { return key }
        let headers = try asHost(&state)
        let made = try Client(port).request(
            "POST", "/admin/api-keys", headers, #"{"name":"The tests","plan":"unlimited"}"#)
        guard let key = made.data["key"].string else {
            throw Late(description: "POST /admin/api-keys: \(made.status) \(made.text)")
        }
        // Every thread of the front reads it from a read model.
        try eventually("a key that opens") {
            let answers = (0..<10).map { _ in
                (try? Client(port).request("GET", "/bar", ["X-Api-Key": key]))?.status
            }
            return answers.allSatisfy { $0 == 200 } ? true : nil
        }
        state.key = key
        return key
    }

    private func host(_ state: inout State) throws -> String {
        if let host = state.host { return host }
        let first = try Self.firstRun(data)["admin"]
        let body =
            "{\"username\":\(quoted(first["username"].string ?? "")),"
            + "\"password\":\(quoted(first["password"].string ?? ""))}"
        let answer = try Client(port).request(
            "POST", "/auth/login", ["X-Api-Key": try webKey()], body)
        let host = try answer.token("POST /auth/login")
        state.host = host
        return host
    }

    private func code(_ state: inout State) throws -> String {
        if let code = state.code, code.left > 0 { return code.text }
        var headers = try asHost(&state)
        headers["X-Api-Key"] = try key(&state)
        let answer = try Client(port).request(
            "POST", "/admin/registration-codes", headers, #"{"max_uses":25}"#)
        guard let code = answer.data["code"].string else {
            throw Late(
                description: "POST /admin/registration-codes: \(answer.status) \(answer.text)")
        }
        // The front knows it from a read model too.
        let after = headers.merging(["Barback-After": "\(answer.position ?? 0)"]) { $1 }
        try eventually("a code that opens") {
            let answers = (0..<10).map { _ in
                (try? Client(port).request("GET", "/admin/guests", after))?.status
            }
            return answers.allSatisfy { $0 == 200 } ? true : nil
        }
        state.code = (code, 25)
        return code
    }

    private func asHost(_ state: inout State) throws -> [String: String] {
        ["X-Api-Key": try webKey(), "Authorization": "Bearer \(try host(&state))"]
    }

    private func webKey() throws -> String {
        try String(contentsOfFile: data + "/run/web-key", encoding: .utf8)
    }

    /// What the first start has written.
    static func firstRun(_ data: String) throws -> JSON {
        let file = try Data(contentsOf: URL(fileURLWithPath: data + "/first-run.json"))
        return JSON(try JSONSerialization.jsonObject(with: file))
    }

    // MARK: Requests

    /// The headers of a request that says itself nothing of who sends it.
    ///
    /// Whatever only the bar may ask for is asked by the host. What a page needs no key for has none, and neither
    /// has what a ticket opens.
    func headers(_ method: String, _ path: String, _ given: [String: String]) throws -> [String:
        String]
    {
        let first = path.split(whereSeparator: { "/?".contains($0) }).first ?? ""
        guard Self.withKey.contains(String(first)), !path.contains("ticket=") else { return given }
        var headers = given
        if headers["X-Api-Key"] == nil { headers["X-Api-Key"] = try key() }
        let isForBar = first == "admin" || (method == "GET" && path.hasPrefix("/orders/"))
        if isForBar, headers["Authorization"] == nil {
            headers["Authorization"] = "Bearer \(try host())"
        }
        return headers
    }

    private static let withKey: Set = [
        "bar", "sections", "drinks", "ingredients", "orders", "register", "auth", "admin", "events",
    ]
}

extension Answer {
    fileprivate func token(_ what: String) throws -> String {
        guard let token = data["access_token"].string else {
            throw Late(description: "\(what): \(status) \(text)")
        }
        return token
    }
}
