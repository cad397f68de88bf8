import CMicrohttpd
import Glibc

/// A status, headers and a body, ready to be sent once or many times.
///
/// A hot answer is made once and kept: sending it again is a look-up and a write, and nothing is copied. Copies of a
/// response share one body and one set of headers. Date, Content-Length and Connection are added when it is sent.
/// HEAD needs no care: the body is left out and Content-Length kept.
///
/// Every answer says X-Content-Type-Options: nosniff, so that a browser takes it for nothing but its Content-Type.
public struct Response {
    public var status: Int
    let core: Core
    /// Headers of this one answer, beside those that all copies share.
    private var own: [Header] = []

    public init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        core = Core(body)
        core.add(.noSniffing)
        for (name, value) in headers { core.add(Header(name, value)) }
    }

    /// An answer from a regular file, which the kernel sends without a copy; nil if there is none at that path.
    ///
    /// It is as long as the file is now; the file must not become shorter while it is sent. A link is not followed.
    public static func file(_ path: String, headers: [(String, String)] = []) -> Response? {
        var size: UInt64 = 0
        let descriptor = cmhd_open_file(path, &size)
        guard descriptor >= 0 else { return nil }
        return Response(core: Core(file: descriptor, size: size), headers: headers)
    }

    private init(core: Core, headers: [(String, String)]) {
        status = 200
        self.core = core
        core.add(.noSniffing)
        for (name, value) in headers { core.add(Header(name, value)) }
    }

    /// The same answer with a few more headers, which no other copy gets.
    ///
    /// Cheap: neither the body nor the shared headers are copied. For what differs from one request to the next on a
    /// prepared answer, such as what is left of a rate.
    public func with(headers: [(String, String)]) -> Response {
        var copy = self
        copy.own += headers.map { Header($0.0, $0.1) }
        return copy
    }

    /// The same answer as 304: its headers and no body.
    public var notModified: Response {
        var copy = self
        copy.status = 304
        return copy
    }

    /// Replaces a header of this response and of all its copies, also of those not yet sent.
    ///
    /// For what changes on a prepared answer without its body, as a position does.
    public func setHeader(_ name: String, _ value: String) {
        core.remove(name)
        core.add(Header(name, value))
    }

    /// Called inside the library's call of the handler, which writes the answer's head before any other call: so the
    /// object that all copies share can lend itself to the headers of one.
    func queue(on connection: OpaquePointer) -> Bool {
        core.wear(own)
        return MHD_queue_response(connection, UInt32(status), core.pointer) == .YES
    }

    /// The bytes of this answer for a connection which is closed after it.
    ///
    /// For the one case in which the library takes no answer: while a body is being read.
    func closingBytes() -> [UInt8] {
        Array((headLines + "Content-Length: \(core.body.count)\r\n\r\n").utf8) + core.body
    }

    /// The head of an answer that lasts until the connection is closed.
    var head: [UInt8] { Array((headLines + "\r\n").utf8) }

    private var headLines: String {
        let reason = MHD_get_reason_phrase_for(UInt32(status)).map { String(cString: $0) }
        var head = "HTTP/1.1 \(status) \(reason ?? "Unknown")\r\nConnection: close\r\n"
        head += "Date: \(dateNow())\r\n"
        core.wear(own)
        withUnsafeMutablePointer(to: &head) {
            _ = MHD_get_response_headers(core.pointer, writeHeader, $0)
        }
        return head
    }

    struct Header: Equatable {
        let name: String
        let value: String

        static let noSniffing = Header("X-Content-Type-Options", "nosniff")

        /// A line break in a value would begin a header of the sender's choosing: control characters become spaces.
        init(_ name: String, _ value: String) {
            self.name = name
            let isClean = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            self.value =
                isClean
                ? value
                : String(
                    decoding: value.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
        }
    }

    /// Owns the library's response object, which is counted: a connection still sending keeps it.
    final class Core {
        let pointer: OpaquePointer
        let body: [UInt8]
        /// The headers of one copy, which the object has on at present.
        private var worn: [Header] = []

        init(_ body: [UInt8]) {
            // The library copies the body, so that it outlives this object while a connection sends it. A large body
            // is therefore not kept here a second time.
            let made = body.withUnsafeBytes { cmhd_response($0.baseAddress, $0.count) }
            guard let made else { fatalError("No memory for a response of \(body.count) bytes.") }
            pointer = made
            self.body = body.count <= 2_048 ? body : []
        }

        /// The library closes the descriptor when the last connection has sent it.
        init(file descriptor: Int32, size: UInt64) {
            guard let made = MHD_create_response_from_fd64(size, descriptor) else {
                fatalError("No memory for a response from a file.")
            }
            pointer = made
            body = []
        }

        func add(_ header: Header) {
            let added = MHD_add_response_header(pointer, header.name, header.value)
            precondition(
                added == .YES || header.value.isEmpty, "\(header.name) is not a header name.")
        }

        /// Puts these headers on in place of those before.
        func wear(_ headers: [Header]) {
            guard worn != headers else { return }
            for header in worn { _ = MHD_del_response_header(pointer, header.name, header.value) }
            worn = headers
            for header in headers { add(header) }
        }

        func remove(_ name: String) {
            while let value = MHD_get_response_header(pointer, name),
                MHD_del_response_header(pointer, name, value) == .YES
            {}
        }

        deinit { MHD_destroy_response(pointer) }
    }
}

/// As HTTP writes it: `Thu, 26 Nov 2026 05:40:00 GMT`.
private func dateNow() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func writeHeader(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?,
    value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let head = context?.assumingMemoryBound(to: String.self), let name, let value else {
        return .NO
    }
    head.pointee += "\(String(cString: name)): \(String(cString: value))\r\n"
    return .YES
}
