import CMicrohttpd

/// An answer without an end: bytes are sent as they come, as server-sent events are.
///
/// Chunked in HTTP/1.1, until the connection closes in HTTP/1.0. While nothing is queued the connection is suspended
/// and costs no time; the library does not notice then that its client has left, so send a heartbeat now and then.
public final class Stream {
    /// False once the client has left or the stream was ended.
    public private(set) var isOpen = true
    /// Bytes sent by the program which the kernel has not taken yet.
    ///
    /// A client too slow for its events is one to end.
    public private(set) var queuedBytes = 0

    let headers: [(String, String)]
    private var queue: [[UInt8]] = []
    private var first = 0
    private var offset = 0
    private var mayRead = true
    private var suspended: OpaquePointer?
    private var connection: OpaquePointer?
    private weak var server: Server?

    public init(headers: [(String, String)]) {
        self.headers = headers
    }

    /// Queues bytes for the client.
    ///
    /// An array sent to many streams is shared, not copied.
    public func send(_ bytes: [UInt8]) {
        guard isOpen, !bytes.isEmpty else { return }
        queue.append(bytes)
        queuedBytes += bytes.count
        wake()
    }

    /// Ends the answer after what is queued.
    public func end() {
        isOpen = false
        wake()
    }

    /// Ends the answer at once; what is queued is dropped.
    public func cut() {
        queue = []
        first = 0
        offset = 0
        queuedBytes = 0
        end()
    }

    func queue(on connection: OpaquePointer, of server: Server) -> Bool {
        self.server = server
        // Released by the library when it drops the response.
        let context = Unmanaged.passRetained(self).toOpaque()
        guard let response = cmhd_stream(readStream, context, releaseStream) else {
            Unmanaged<Stream>.fromOpaque(context).release()
            return false
        }
        for (name, value) in headers { MHD_add_response_header(response, name, value) }
        self.connection = connection
        let queued = MHD_queue_response(connection, 200, response) == .YES
        MHD_destroy_response(response)
        return queued
    }

    /// The connection is gone or about to be: nothing of it may be touched any more.
    func close() {
        isOpen = false
        mayRead = false
        connection = nil
        suspended = nil
        queue = []
        queuedBytes = 0
    }

    func wake() {
        guard let connection = suspended else { return }
        suspended = nil
        server?.wake(connection)
    }

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var written = 0
        while written < buffer.count, first < queue.count {
            let rest = queue[first].count - offset
            let count = min(rest, buffer.count - written)
            queue[first].withUnsafeBytes {
                let part = UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + count)])
                UnsafeMutableRawBufferPointer(rebasing: buffer[written...]).copyMemory(from: part)
            }
            written += count
            offset += count
            if count == rest {
                first += 1
                offset = 0
            }
        }
        queuedBytes -= written
        if first == queue.count {
            queue.removeAll(keepingCapacity: first <= 16)
            first = 0
        }
        if written > 0 { return written }
        if !isOpen { return cmhd_end_of_stream }
        if mayRead, let connection {
            MHD_suspend_connection(connection)
            suspended = connection
        }
        return 0
    }
}

private func readStream(
    context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?,
    size: Int
) -> Int {
    guard let context else { return cmhd_end_of_stream }
    return Unmanaged<Stream>.fromOpaque(context).takeUnretainedValue()
        .read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

private func releaseStream(context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<Stream>.fromOpaque(context).release()
}
