import Foundation
import Glibc

/// The connection broke, or no answer came in time.
struct NoAnswer: Error, CustomStringConvertible {
    let description: String
}

/// One connection to the bar: sends exactly the bytes it is told to.
///
/// To a ``Bar``, a request carries who sends it as well; to a port, only what it is given.
final class Client {
    private let descriptor: Int32
    private let door: Door?
    private var buffer: [UInt8] = []
    /// Whether the server has ended the connection.
    private(set) var isEnded = false

    convenience init(
        _ bar: Bar, seconds limit: Double = 10, receiveBuffer bytes: Int32? = nil
    ) throws {
        try self.init(bar.port, seconds: limit, door: bar.door, receiveBuffer: bytes)
    }

    /// A small receive buffer lets the server feel sooner that nobody reads.
    init(
        _ port: UInt16, seconds limit: Double = 10, door: Door? = nil,
        receiveBuffer bytes: Int32? = nil
    ) throws {
        self.door = door
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var wait = timeval(
            tv_sec: Int(limit), tv_usec: Int((limit - limit.rounded(.down)) * 1_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
        var now: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &now,
            socklen_t(MemoryLayout<Int32>.size))
        if var bytes {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw NoAnswer(description: "nobody listens on \(port)") }
    }

    deinit { close(descriptor) }

    // MARK: Requests

    /// The header of a guest, as ``Bar/guest(_:)`` gives it.
    func asGuest(_ name: String) throws -> [String: String] {
        try door.map { ["Authorization": "Bearer \(try $0.guest(name))"] } ?? [:]
    }

    func request(
        _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: String? = nil
    ) throws -> Answer {
        try send(method, path, headers, body)
        return try answer(toHead: method == "HEAD")
    }

    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: String? = nil
    ) throws {
        let headers = try door?.headers(method, path, headers) ?? headers
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"]
        lines += headers.map { "\($0.key): \($0.value)" }
        if let body {
            if headers["Content-Type"] == nil { lines.append("Content-Type: application/json") }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        try send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw NoAnswer(description: "the connection takes no more") }
            sent += count
        }
    }

    // MARK: Answers

    func answer(toHead: Bool = false) throws -> Answer {
        let head = String(decoding: try take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        var answer = Answer(head: head)
        if answer.status == 100 { return try self.answer(toHead: toHead) }
        if toHead || answer.status == 204 || answer.status == 304 { return answer }
        if answer["Transfer-Encoding"] == "chunked" {
            while true {
                let line = String(decoding: try take(through: [13, 10]).dropLast(2), as: UTF8.self)
                let size = Int(line, radix: 16) ?? 0
                answer.body += try take(size + 2).dropLast(2)
                if size == 0 { break }
            }
        } else {
            answer.body = try take(answer["Content-Length"].flatMap { Int($0) } ?? 0)
        }
        return answer
    }

    /// The next line, without the line feed that ends it; nil where none has come by this moment of ``seconds()``.
    func line(by end: Double) throws -> String? {
        var from = 0
        while true {
            if let index = buffer[from...].firstIndex(of: 10) {
                let line = String(decoding: buffer[..<index], as: UTF8.self)
                buffer.removeFirst(index + 1)
                return line
            }
            from = buffer.count
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = Int32(max(0, (end - SystemTests.seconds()) * 1_000).rounded(.up))
            guard poll(&watched, 1, left) > 0 else { return nil }
            try fill()
        }
    }

    /// Whether the server ends the connection, without sending more.
    func seesEnd() -> Bool {
        while !isEnded, buffer.isEmpty { if (try? fill()) == nil { break } }
        return isEnded && buffer.isEmpty
    }

    /// Throws away what still comes until the connection ends.
    func skipRest() {
        while (try? fill()) != nil {}
        buffer = []
    }

    /// Whether the server has nothing to say yet.
    func isQuiet() -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return buffer.isEmpty && poll(&watched, 1, 0) == 0
    }

    // MARK: Going away

    /// Says that nothing more will be sent, and goes on listening.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection off with a reset, once nobody holds it any more.
    func breakOff() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }

    private func take(through mark: [UInt8]) throws -> [UInt8] {
        var from = 0
        while true {
            if buffer.count >= mark.count {
                for index in from...(buffer.count - mark.count)
                where buffer[index..<(index + mark.count)].elementsEqual(mark) {
                    return try take(index + mark.count)
                }
                from = buffer.count - mark.count + 1
            }
            try fill()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() throws {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else {
            // A time-out is not the end of the connection.
            isEnded = count == 0 || errno == ECONNRESET
            throw NoAnswer(
                description: isEnded ? "the connection was ended" : "no answer came in time")
        }
        buffer += part[..<count]
    }
}
