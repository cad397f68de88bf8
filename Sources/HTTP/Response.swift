import CMicrohttpd

/// A status, headers and a body, ready to be sent once or many times.
///
/// A hot answer is made once and kept: sending it again is a look-up and a write, and nothing is copied. Copies of a
/// response share one body and one set of headers. Date, Content-Length and Connection are added when it is sent.
/// HEAD needs no care: the body is left out and Content-Length kept.
public struct Response {
    public var status: Int
    let core: Core

    public init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        core = Core(body)
        for (name, value) in headers { core.add(name, value) }
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
        core.add(name, value)
    }

    func queue(on connection: OpaquePointer) -> Bool {
        MHD_queue_response(connection, UInt32(status), core.pointer) == .YES
    }

    /// The bytes of this answer for a connection which is closed after it.
    ///
    /// For the one case in which the library takes no answer: while a body is being read.
    func closingBytes() -> [UInt8] {
        let reason = MHD_get_reason_phrase_for(UInt32(status)).map { String(cString: $0) }
        var head = "HTTP/1.1 \(status) \(reason ?? "Unknown")\r\nConnection: close\r\n"
        withUnsafeMutablePointer(to: &head) {
            _ = MHD_get_response_headers(core.pointer, writeHeader, $0)
        }
        head += "Content-Length: \(core.body.count)\r\n\r\n"
        return Array(head.utf8) + core.body
    }

    /// Owns the library's response object, which is counted: a connection still sending keeps it.
    final class Core {
        let pointer: OpaquePointer
        let body: [UInt8]

        init(_ body: [UInt8]) {
            // The library copies the body, so that it outlives this object while a connection sends it. A large body
            // is therefore not kept here a second time.
            let made = body.withUnsafeBytes { cmhd_response($0.baseAddress, $0.count) }
            guard let made else { fatalError("No memory for a response of \(body.count) bytes.") }
            pointer = made
            self.body = body.count <= 2_048 ? body : []
        }

        /// A line break in a value would begin a header of the sender's choosing: control characters become spaces.
        func add(_ name: String, _ value: String) {
            var value = value
            if !value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
                value = String(decoding: value.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
            }
            let added = MHD_add_response_header(pointer, name, value)
            precondition(added == .YES || value.isEmpty, "\(name) is not a header name.")
        }

        func remove(_ name: String) {
            while let value = MHD_get_response_header(pointer, name),
                MHD_del_response_header(pointer, name, value) == .YES
            {}
        }

        deinit { MHD_destroy_response(pointer) }
    }
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
