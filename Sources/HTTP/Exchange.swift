import CMicrohttpd
import Glibc

/// One connection's present request, from its target to the end of its answer.
///
/// Made once for a connection and used again for each of its requests; the generation tells them apart.
final class Exchange {
    enum Phase {
        case idle, head, body, answering, waiting, streaming, answered

        /// Whether the library has bytes of it to read or to write.
        var isMoving: Bool {
            switch self {
            case .head, .body, .answering, .answered: true
            case .idle, .waiting, .streaming: false
            }
        }
    }

    let connection: OpaquePointer
    unowned(unsafe) let server: Server
    let slot: UInt32
    let peer: Address
    private(set) var generation: UInt32
    var phase = Phase.idle
    /// Whether it has never had a request: with TLS, its handshake may not be over.
    private(set) var isNew = true
    var reply: Outcome?
    /// When the head or the body being read must be whole, by ``Server/clock``; nil while none is.
    private(set) var deadline: Int?
    /// Whether the connection is closed after an answer that did not wait for the whole request.
    var isRefused = false
    /// Whether the handler holds the ticket and must hear if it is void.
    var isPromised = false
    /// Whether the socket lives on when the library closes the connection.
    private(set) var isDetached = false
    /// Whether an answer was begun past the library, so that it can give no other.
    private(set) var hasLeftLibrary = false
    /// The stream that is written past the library.
    private weak var stream: Stream?

    private(set) var method = Method.other
    private(set) var rawTarget: [UInt8] = []
    private(set) var target = Target.root
    private(set) var contentLength: Int?
    private(set) var body: [UInt8] = []
    /// Where the body goes in place of `body`.
    private(set) var file: BodyFile?
    private(set) var bodyLimit = 0
    private(set) var bodyCount = 0
    private(set) var hasBody = false
    private var isChunked = false
    /// Sweeps in a row that have found the library spinning, and nothing of the body taken since the one before.
    private var idleSweeps = 0
    private var sweptBytes = 0
    /// Where the library had the target, to compare with; never read again, since it is cut up there.
    private var targetAddress: UInt = 0

    init(connection: OpaquePointer, server: Server, slot: UInt32, generation: UInt32) {
        self.connection = connection
        self.server = server
        self.slot = slot
        self.generation = generation
        peer = Address(cmhd_peer(connection))
        deadline = server.clock + server.limits.headSeconds * 1_000
    }

    var ticket: Ticket { Ticket(slot: slot, generation: generation) }

    /// A request begins: the library has found its target and not touched it yet.
    func begin(target: UnsafePointer<CChar>) {
        generation &+= 1
        if isNew {
            isNew = false
            server.newcomerAsks()
        }
        phase = .head
        targetAddress = UInt(bitPattern: target)
        let bytes = UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self)
        rawTarget.removeAll(keepingCapacity: true)
        rawTarget.append(contentsOf: UnsafeBufferPointer(start: bytes, count: strlen(target)))
        deadline = server.clock + server.limits.headSeconds * 1_000
        // The library would make an entry of 64 bytes of every query item, and with some hundreds of them the
        // connection hangs. It stops at a NUL; the query is in `rawTarget`, and the buffer is not a constant.
        if let mark = rawTarget.firstIndex(of: 0x3F), mark + 1 < rawTarget.count {
            UnsafeMutablePointer(mutating: target)[mark + 1] = 0
        }
    }

    /// Reads the head; nil if it may be believed.
    func readHead(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) -> Refusal? {
        deadline = nil
        let methodBytes = bytes(of: method)
        self.method = Method(methodBytes)
        let gate = Gate.inspect(
            connection, method: methodBytes, target: targetAddress, targetLength: rawTarget.count,
            version: bytes(of: version), limits: server.limits)
        if let refusal = gate.refusal { return refusal }
        contentLength = gate.contentLength
        isChunked = gate.isChunked
        hasBody = isChunked || (contentLength ?? 0) > 0
        do throws(Refusal) {
            target = try Target(rawTarget)
        } catch {
            return error
        }
        return nil
    }

    /// Lets the body come; nil if what is announced is within the limit.
    func expectBody(limit: Int, in file: BodyFile? = nil) -> Refusal? {
        bodyLimit = limit
        phase = .body
        if let contentLength, contentLength > limit { return .bodyTooLarge(limit: limit) }
        if hasBody { deadline = server.clock + server.limits.bodySeconds * 1_000 }
        self.file = file
        if file == nil, let contentLength { body.reserveCapacity(contentLength) }
        return nil
    }

    /// Takes a part of the body; nil if it was within the limit, and there was room for it.
    func append(_ part: UnsafeRawBufferPointer) -> Refusal? {
        guard bodyCount + part.count <= bodyLimit else { return .bodyTooLarge(limit: bodyLimit) }
        bodyCount += part.count
        if let file { return file.append(part) ? nil : .bodyNotStored }
        body.append(contentsOf: part)
        return nil
    }

    /// The whole request has come.
    func finishBody() {
        deadline = nil
        phase = .answering
    }

    /// Begins an answer without an end.
    func openStream(_ head: [UInt8]) -> StreamBegin {
        guard let stream = Stream(on: self) else { return .noDescriptor }
        hasLeftLibrary = true
        guard stream.write(head[...]) == head.count else { return .gone }
        isDetached = stream.isDetached
        self.stream = stream
        return .open(stream)
    }

    /// Whether the connection must stay open in the library for a stream.
    var keepsStream: Bool { stream?.isKept ?? false }

    /// Has the library close the connection that it keeps for a stream.
    func closeStream() {
        guard phase == .streaming else { return }
        phase = .answered
        server.wake(connection)
    }

    /// The connection is about to be closed, by whomever.
    func connectionCloses() {
        if !isDetached { stream?.connectionCloses() }
    }

    /// Whether the library does not read a chunked body any more; asked once a second, with whether it has work left.
    ///
    /// A line between two chunks that fills its buffer makes it spin, without reading, until the idle time is over.
    func isStuck(whileSpinning isSpinning: Bool) -> Bool {
        guard phase == .body, isChunked else { return false }
        idleSweeps = isSpinning && bodyCount == sweptBytes ? idleSweeps + 1 : 0
        sweptBytes = bodyCount
        return idleSweeps > 2
    }

    /// The request is over, answered or not.
    func end() {
        generation &+= 1
        phase = .idle
        isPromised = false
        // The next request may begin with its last breath of idleness, and then has the time of any other.
        deadline =
            server.clock + (server.limits.idleSeconds + server.limits.headSeconds) * 1_000
        reply = nil
        contentLength = nil
        isChunked = false
        idleSweeps = 0
        sweptBytes = 0
        hasBody = false
        bodyCount = 0
        if !body.isEmpty { body = [] }
        file = nil
    }

    func header(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        var length = 0
        guard
            let value = name.withUTF8Buffer({ name in
                name.withMemoryRebound(to: CChar.self) {
                    cmhd_header(connection, $0.baseAddress, $0.count, &length)
                }
            })
        else { return nil }
        let bytes = UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: bytes, count: length).trimmed
    }

    func headers(_ name: StaticString) -> [String] {
        var search = Search(name: name)
        withUnsafeMutablePointer(to: &search) {
            _ = cmhd_each_header(connection, collect, $0)
        }
        return search.values
    }
}

private struct Search {
    let name: StaticString
    var values: [String] = []
}

private func collect(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?,
    nameLength: Int, value: UnsafePointer<CChar>?, valueLength: Int
) -> MHD_Result {
    guard let search = context?.assumingMemoryBound(to: Search.self), let name, let value,
        bytes(name, nameLength).isSame(as: search.pointee.name)
    else { return .YES }
    let text = String(decoding: bytes(value, valueLength).trimmed, as: UTF8.self)
    search.pointee.values.append(text)
    return .YES
}

private func bytes(of text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
    bytes(text, strlen(text))
}

private func bytes(_ text: UnsafePointer<CChar>, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
        start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: count)
}
