import Crypto
import Foundation

/// What somebody has who was let in.
struct Session: Sendable {
    let access: String
    let refresh: String
    private let answer: Answer

    var document: JSON { answer.data }
    var bearer: [String: String] { ["Authorization": "Bearer \(access)"] }
    /// What the access token says, believed unseen.
    var claims: JSON {
        let part = access.split(separator: ".").dropFirst().first.map { String($0) } ?? ""
        let bytes = Base64URL.decode(part) ?? []
        return JSON(try? JSONSerialization.jsonObject(with: Data(bytes)))
    }

    init(_ answer: Answer, _ what: String) throws {
        guard let access = answer.data["access_token"].string,
            let refresh = answer.data["refresh_token"].string
        else { throw Late(description: "\(what): \(answer.status) \(answer.text)") }
        self.access = access
        self.refresh = refresh
        self.answer = answer
    }
}

extension Bar {
    /// A code of its own for a test, known to the whole front.
    func code(uses: Int = 1, _ more: String = "") throws -> (id: String, text: String) {
        let answer = try post("/admin/registration-codes", "{\"max_uses\":\(uses)\(more)}")
        guard let id = answer.data["id"].string, let text = answer.data["code"].string else {
            throw Late(description: "POST /admin/registration-codes: \(answer.status)")
        }
        try untilSeen(answer.position ?? 0)
        return (id, text)
    }

    /// Returns once every thread of the front has read the access model to this position.
    func untilSeen(_ position: Int) throws {
        try eventually("a front at \(position)") {
            let answers = (0..<10).map { _ in
                (try? get("/admin/guests", ["Barback-After": "\(position)"]))?.status
            }
            return answers.allSatisfy { $0 == 200 } ? true : nil
        }
    }

    /// Where the log ends once the door needs to let nobody in any more.
    func settledHead() throws -> Int {
        _ = try (door.key(), door.host(), door.guest("Ana"), door.guest("Bo"))
        return try LogRows.head(data: data)
    }

    func register(
        _ name: String, _ code: String, _ more: [String: String] = [:]
    ) throws -> Answer {
        try post(
            "/register", "{\"username\":\(quoted(name))}",
            more.merging(["X-Registration-Code": code]) { $1 })
    }

    /// A guest with a code of their own.
    func guestSession(_ name: String) throws -> Session {
        try Session(register(name, code().text), "POST /register as \(name)")
    }

    func signIn(
        _ name: String, _ password: String, _ more: [String: String] = [:]
    ) throws -> Answer {
        try post(
            "/auth/login",
            "{\"username\":\(quoted(name)),\"password\":\(quoted(password))}", more)
    }

    func staffSession(_ name: String, _ password: String) throws -> Session {
        try Session(signIn(name, password), "POST /auth/login as \(name)")
    }

    /// One more sign-in of the host.
    func hostSession() throws -> Session {
        let host = try Door.firstRun(data)["admin"]
        return try staffSession(host["username"].string ?? "", host["password"].string ?? "")
    }

    /// An account, and a session of it.
    func staff(
        _ name: String, role: String,
        password: String = "correct-horse-\(UInt32.random(in: 0 ... .max))"
    ) throws -> (id: String, password: String, session: Session) {
        let answer = try post(
            "/admin/accounts",
            "{\"username\":\(quoted(name)),\"role\":\"\(role)\",\"password\":\(quoted(password))}")
        guard let id = answer.data["id"].string else {
            throw Late(description: "POST /admin/accounts: \(answer.status) \(answer.text)")
        }
        return (id, password, try staffSession(name, password))
    }

    func refresh(_ token: String) throws -> Answer {
        try post("/auth/refresh", "{\"refresh_token\":\(quoted(token))}")
    }

    /// Whether everybody in the front lets somebody read what a guest or the host may read.
    func lets(in session: Session) throws -> Bool {
        let path = session.claims["role"].string == "guest" ? "/orders" : "/admin/orders"
        let answers = try (0..<6).map { _ in try get(path, session.bearer).status }
        return answers.allSatisfy { $0 == 200 }
    }

    /// Returns once nobody in the front lets them in any more.
    ///
    /// - Throws: ``Late`` after a second, which is as long as it may take.
    func untilClosed(to session: Session) throws {
        let path = session.claims["role"].string == "guest" ? "/orders" : "/admin/orders"
        try eventually("a door that is closed", within: 1) {
            let answers = try (0..<6).map { _ in try get(path, session.bearer).status }
            return answers.allSatisfy { $0 == 401 } ? true : nil
        }
    }
}
