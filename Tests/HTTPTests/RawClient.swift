import CMicrohttpd
import Glibc

/// A socket that sends exactly the bytes it is told to, under TLS or not.
final class RawClient {
    /// What came back: all answers, and whether the server then closed.
    struct Answer {
        var status = 0
        var head = ""
        var body: [UInt8] = []
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var isClosed = false

    private var session: gnutls_session_t?
    private var credentials: gnutls_certificate_credentials_t?

    /// `speaksTLS` goes through the handshake, as GnuTLS's `priorities` say, and believes any certificate.
    init(port: UInt16, speaksTLS: Bool = false, priorities: String = "NORMAL") {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var wait = timeval(tv_sec: 5, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        isClosed = connected != 0
        if speaksTLS && !isClosed { shakeHands(priorities) }
    }

    private func shakeHands(_ priorities: String) {
        gnutls_certificate_allocate_credentials(&credentials)
        gnutls_init(&session, UInt32(GNUTLS_CLIENT))
        gnutls_priority_set_direct(session, priorities, nil)
        if let credentials {
            let place = UnsafeMutableRawPointer(credentials)
            gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, place)
        }
        gnutls_transport_set_int2(session, descriptor, descriptor)
        isClosed = gnutls_handshake(session) != 0
    }

    /// The version of TLS that was agreed on, such as `TLS1.3`.
    var tlsVersion: String? {
        guard !isClosed, let session,
            let name = gnutls_protocol_get_name(gnutls_protocol_get_version(session))
        else { return nil }
        return String(cString: name)
    }

    deinit {
        close(descriptor)
        if let session { gnutls_deinit(session) }
        if let credentials { gnutls_certificate_free_credentials(credentials) }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                let place = $0.baseAddress?.advanced(by: sent)
                if let session { return gnutls_record_send(session, place, bytes.count - sent) }
                return Glibc.send(descriptor, place, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    func finishSending() {
        if let session { gnutls_bye(session, GNUTLS_SHUT_WR) }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// One answer; status 0 if the connection ended, or nothing came within five seconds.
    func receive(toHead: Bool = false) -> Answer {
        var answer = Answer()
        guard let head = take(through: Array("\r\n\r\n".utf8)) else { return answer }
        answer.head = String(decoding: head, as: UTF8.self)
        answer.status = Int(answer.head.split(separator: " ").dropFirst().first ?? "") ?? 0
        if toHead || answer.status < 200 || answer.status == 204 || answer.status == 304 {
            return answer
        }
        let lines = answer.head.lowercased().split(separator: "\r\n")
        if lines.contains("transfer-encoding: chunked") {
            while let line = take(through: [13, 10]) {
                let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) ?? 0
                guard let chunk = take(size + 2) else { break }
                answer.body += chunk.dropLast(2)
                if size == 0 { break }
            }
        } else if let line = lines.first(where: { $0.hasPrefix("content-length: ") }) {
            answer.body = take(Int(line.dropFirst(16)) ?? 0) ?? []
        }
        return answer
    }

    /// Whether the server closes the connection within five seconds, without sending more.
    func seesClose() -> Bool {
        while !isClosed, buffer.isEmpty, fill() {}
        return isClosed && buffer.isEmpty
    }

    /// All that comes until the connection ends, or nothing does for five seconds.
    func rest() -> String {
        while fill() {}
        return String(decoding: take(buffer.count) ?? [], as: UTF8.self)
    }

    /// Throws away all that comes until the connection ends.
    func drain() {
        while fill() {}
        buffer = []
    }

    /// Whether another request on this connection is answered.
    func isAlive() -> Bool {
        send("GET /alive HTTP/1.1\r\nHost: bar\r\n\r\n")
        let answer = receive()
        return answer.status == 200 && answer.text.hasPrefix("get alive")
    }

    /// Bytes that have come and were not taken.
    var buffered: Int { buffer.count }

    /// What comes before the mark, which is taken too; nil if it does not come.
    func line(ending mark: String = "\r\n") -> String? {
        take(through: Array(mark.utf8)).map {
            String(decoding: $0.dropLast(mark.utf8.count), as: UTF8.self)
        }
    }

    /// Reads what comes within the time; false if nothing did.
    func waitsForInput(milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) > 0 && fill()
    }

    private func take(through mark: [UInt8]) -> [UInt8]? {
        while true {
            if buffer.count >= mark.count {
                for index in 0...(buffer.count - mark.count)
                where buffer[index..<(index + mark.count)].elementsEqual(mark) {
                    return take(index + mark.count)
                }
            }
            if !fill() { return nil }
        }
    }

    private func take(_ count: Int) -> [UInt8]? {
        while buffer.count < count { if !fill() { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() -> Bool {
        var part = [UInt8](repeating: 0, count: 65_536)
        if let session { return fill(&part, from: session) }
        let count = recv(descriptor, &part, part.count, 0)
        if count <= 0 {
            // A time-out is not the end of the connection.
            isClosed = count == 0 || errno == ECONNRESET
            return false
        }
        buffer += part[..<count]
        return true
    }

    private func fill(_ part: inout [UInt8], from session: gnutls_session_t) -> Bool {
        let count = gnutls_record_recv(session, &part, part.count)
        // A time-out is not the end of the connection.
        let isLate = count == Int(GNUTLS_E_AGAIN) || count == Int(GNUTLS_E_INTERRUPTED)
        if count <= 0 {
            isClosed = !isLate
            return false
        }
        buffer += part[..<count]
        return true
    }
}
