import Foundation
import Glibc
import Synchronization

/// A whole bar: `barback serve` on a data directory and a port of its own.
final class Bar: Sendable {
    let port: UInt16
    let data: String
    /// The way in.
    let door: Door
    private let scratch: Scratch
    private let process: Mutex<Launched>
    /// Every child there ever was, as far as anybody looked.
    private let known = Mutex<Set<Int32>>([])
    private let flags: [String]

    /// A directory that is there already is kept; otherwise the bar has one of its own.
    ///
    /// Without `demo` its menu is empty.
    init(
        data: String? = nil, flags: [String] = ["--max-active-orders", "0"], demo: Bool = true
    ) throws {
        let flags = flags + (demo ? ["--demo"] : [])
        scratch = try Scratch()
        self.data = data ?? scratch("data")
        self.flags = flags
        port = try freePort()
        door = Door(port: port, data: self.data)
        process = Mutex(try Self.launch(self.data, port, flags, scratch))
        try untilOpen()
    }

    /// Ends what a test that failed has left running.
    deinit { close() }

    private static func launch(
        _ data: String, _ port: UInt16, _ flags: [String], _ scratch: Scratch
    ) throws -> Launched {
        try Launched(
            ["serve", "--data", data, "--listen", "127.0.0.1:\(port)"] + flags,
            notes: scratch("bar"))
    }

    func untilOpen() throws {
        try eventually("a bar that is open", within: 30) { () throws -> Bool? in
            if let code = supervisor.exitCode {
                throw Late(description: "the bar ended with \(code): \(supervisor.errors)")
            }
            // Each connection goes to a thread of the front by chance: all of them must be ready.
            let answers = (0..<10).map { _ in (try? get("/readyz"))?.status }
            return answers.allSatisfy { $0 == 200 } ? true : nil
        }
    }

    // MARK: Processes

    var supervisor: Launched { process.withLock { $0 } }
    /// What all its processes have written to standard error.
    var errors: String { supervisor.errors }

    struct Child {
        let pid: Int32
        let state: String
        let restarts: Int
    }

    /// The supervisor's table, DATA/run/processes.
    func children() -> [String: Child] {
        let text = (try? String(contentsOfFile: data + "/run/processes", encoding: .utf8)) ?? ""
        var children: [String: Child] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            guard fields.count >= 5, fields[0] != "supervisor", let pid = Int32(fields[1]),
                let restarts = Int(fields[3])
            else { continue }
            children[String(fields[0])] = Child(
                pid: pid, state: String(fields[2]), restarts: restarts)
        }
        known.withLock { $0.formUnion(children.values.map(\.pid)) }
        return children
    }

    /// The process id of a child that runs.
    func pid(of name: String) throws -> Int32 {
        try eventually("a pid of \(name)") { () -> Int32? in
            guard let child = children()[name], child.pid > 1, isAlive(child.pid) else {
                return nil
            }
            return child.pid
        }
    }

    /// Holds a child still while the body runs.
    func whileStopped<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        let pid = try pid(of: name)
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        try eventually("\(name) standing still") { processState(pid) == "T" ? true : nil }
        return try body()
    }

    /// Kills a child and waits until another has taken its place.
    func replace(_ name: String) throws {
        let old = try pid(of: name)
        kill(old, SIGKILL)
        try eventually("a new \(name)") { () -> Bool? in
            guard let child = children()[name], child.pid != old else { return nil }
            return child.state == "ready" ? true : nil
        }
    }

    /// Stops it in order and says how it ended and how long that took.
    @discardableResult
    func stop() throws -> (code: Int32, seconds: Double) {
        let began = seconds()
        supervisor.signal(SIGTERM)
        return (try supervisor.wait(), seconds() - began)
    }

    /// Starts it again on what it has left.
    func start() throws {
        if supervisor.exitCode == nil { supervisor.end() }
        _ = children()
        let next = try Self.launch(data, port, flags, scratch)
        process.withLock { $0 = next }
        try untilOpen()
    }

    /// Stops everything; whoever is left after that is killed, so that a failed test leaves nobody.
    func close() {
        _ = children()
        let rest = known.withLock { $0 }.filter(isOurs)
        for pid in rest where processState(pid) == "T" { kill(pid, SIGCONT) }
        if (try? stop()) == nil { supervisor.end() }
        // They die with their supervisor; a directory is not removed under a living process.
        _ = try? eventually("an empty bar", within: 5) {
            rest.contains(where: isAlive) ? nil : true
        }
        for pid in rest where isAlive(pid) && isOurs(pid) { kill(pid, SIGKILL) }
        // A client of a test that failed may hold this bar for a while yet.
        scratch.remove()
    }

    /// Its number may be somebody else's by now.
    private func isOurs(_ pid: Int32) -> Bool {
        guard pid > 1, let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
        else { return false }
        return String(decoding: words, as: UTF8.self).contains(data)
    }

    // MARK: Requests, each on a connection of its own

    /// The header of a guest, who is registered where nobody of that name was here yet.
    func guest(_ name: String) throws -> [String: String] {
        ["Authorization": "Bearer \(try door.guest(name))"]
    }

    /// Registers guests who will order while nobody can register.
    func letIn(_ names: [String] = ["Ana"]) throws {
        for name in names { _ = try door.guest(name) }
    }

    func get(_ path: String, _ headers: [String: String] = [:]) throws -> Answer {
        try Client(self).request("GET", path, headers)
    }

    func post(_ path: String, _ body: String, _ headers: [String: String] = [:]) throws -> Answer {
        try Client(self).request("POST", path, headers, body)
    }

    func put(_ path: String, _ body: String, _ headers: [String: String] = [:]) throws -> Answer {
        try Client(self).request("PUT", path, headers, body)
    }

    func order(
        _ drink: String, guest: String = "Ana", key: String? = nil, note: String = "",
        quantity: Int = 1
    ) throws -> Answer {
        try Client(self).order(drink, guest: guest, key: key, note: note, quantity: quantity)
    }

    func move(_ order: String, to status: String, _ more: String = "") throws -> Answer {
        try put("/admin/orders/\(order)", "{\"status\":\"\(status)\"\(more)}")
    }

    /// The id of a drink that can be ordered.
    func anyDrink() throws -> String {
        let drinks = try get("/drinks").data.list
        guard let id = drinks.first(where: { $0["available"].bool == true })?["id"].string else {
            throw Late(description: "the menu has no drink")
        }
        return id
    }
}

extension Client {
    func sendOrder(
        _ drink: String, guest: String = "Ana", key: String? = nil, note: String = "",
        quantity: Int = 1
    ) throws {
        try sendOrder(
            drink, headers: try asGuest(guest), key: key, note: note, quantity: quantity)
    }

    func sendOrder(
        _ drink: String, headers: [String: String], key: String? = nil, note: String = "",
        quantity: Int = 1
    ) throws {
        var headers = headers
        if let key { headers["Idempotency-Key"] = key }
        let body = "{\"drink_id\":\"\(drink)\",\"quantity\":\(quantity),\"note\":\(quoted(note))}"
        try send("POST", "/orders", headers, body)
    }

    func order(
        _ drink: String, guest: String = "Ana", key: String? = nil, note: String = "",
        quantity: Int = 1
    ) throws -> Answer {
        try sendOrder(drink, guest: guest, key: key, note: note, quantity: quantity)
        return try answer()
    }
}

/// Text as a path or a query carries it.
func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
}

/// A port that nobody listens on just now.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
    }
    guard found else { throw Late(description: "no port is free") }
    return UInt16(bigEndian: address.sin_port)
}

/// The letter in /proc/PID/stat; nil when there is no such process.
func processState(_ pid: Int32) -> Character? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
    else { return nil }
    return stat[end...].dropFirst(2).first
}

/// One that waits for its burial has ended.
func isAlive(_ pid: Int32) -> Bool {
    guard let state = processState(pid) else { return false }
    return state != "Z" && state != "X"
}
