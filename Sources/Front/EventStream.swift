internal import Domain
internal import HTTP

/// One open GET /events: how far it has the events, and what of them its socket has not taken yet.
final class EventStream {
    enum Progress {
        /// It has every event that there is.
        case live
        /// It has those up to a position, and gets more when it is its turn.
        case behind(Position)
        /// It asked for what comes after a position that is not here yet, at this time.
        case ahead(Position, since: UInt64)
        /// Its socket is full: first comes the rest of what brings it to this position.
        case blocked(Position, rest: ArraySlice<UInt8>)
    }

    let listener: EventListener
    let pass: Pass
    let token: UInt64
    var progress: Progress
    /// Monotonic nanoseconds when its socket took anything last.
    private(set) var writtenAt: UInt64
    private let socket: HTTP.Stream

    init(
        _ socket: HTTP.Stream, _ listener: EventListener, _ pass: Pass, token: UInt64,
        progress: Progress, at now: UInt64
    ) {
        self.socket = socket
        self.listener = listener
        self.pass = pass
        self.token = token
        self.progress = progress
        writtenAt = now
    }

    var descriptor: Int32 { socket.descriptor }

    enum Written {
        case all
        /// The socket is full: the stream is blocked now.
        case some
        case gone
    }

    /// Writes what brings the client to a position.
    ///
    /// Nothing is queued: a client that does not read costs the rest of one write, and reads on from the read model.
    func write(
        _ bytes: ArraySlice<UInt8>, reaching position: Position, at now: UInt64
    ) -> Written {
        var rest = bytes
        while !rest.isEmpty {
            guard let count = socket.write(rest) else { return .gone }
            if count == 0 { break }
            rest = rest.dropFirst(count)
            writtenAt = now
        }
        guard !rest.isEmpty else { return .all }
        progress = .blocked(position, rest: rest)
        return .some
    }

    func close() { socket.close() }
}
