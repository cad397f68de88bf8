internal import ReadModels
internal import System

/// Where others ask a projector for something: `run/NAME.sock`, see ``ProjectorMessage``.
final class RebuildDesk {
    private let listener: FileDescriptor
    private let loop: EventLoop
    private var sessions: [UInt64: Session] = [:]
    private var nextToken: UInt64

    private static let mostSessions = 16

    typealias Asked = (asker: UInt64, message: ProjectorMessage)

    /// Tokens from `firstToken` on are this desk's; the first is its listening socket.
    init(_ path: String, on loop: EventLoop, firstToken: UInt64) throws(SystemError) {
        listener = try UnixSocket.listen(path)
        self.loop = loop
        nextToken = firstToken + 1
        try loop.watch(listener.raw, readable: true, token: firstToken)
    }

    /// What was asked since the last turn; those who want an answer are told of all that is said from now on.
    func receive() throws(SystemError) -> [Asked] {
        // Read before new ones come, so that who has asked is not taken for one that is silent.
        let asked = try read()
        try accept()
        return asked
    }

    private func read() throws(SystemError) -> [Asked] {
        var asked: [Asked] = []
        // First come, first served.
        for (token, session) in sessions.sorted(by: { $0.key < $1.key }) {
            var messages: [ProjectorMessage] = []
            let goesOn = try session.receive(&messages)
            asked += messages.map { (token, $0) }
            if !goesOn { drop(token) }
        }
        return asked
    }

    private func accept() throws(SystemError) {
        while let socket = try UnixSocket.accept(listener) {
            let peer = try UnixSocket.peer(of: socket)
            guard peer.uid == UnixSocket.ownUser || peer.uid == 0 else { continue }
            // Whoever connects asks at once: one that is silent makes room.
            if sessions.count == Self.mostSessions {
                guard let silent = sessions.filter({ !$0.value.waits }).keys.min() else { continue }
                drop(silent)
            }
            let session = Session(socket)
            try loop.watch(session.socket.raw, readable: true, token: nextToken)
            sessions[nextToken] = session
            nextToken += 1
        }
    }

    /// Tells one who asked for what cannot be done now.
    func refuse(_ asker: UInt64, _ sentence: String) throws(SystemError) {
        guard let session = sessions[asker] else { return }
        session.output.append { $0.append(contentsOf: ProjectorMessage.failed(sentence).line.utf8) }
        _ = try session.output.flush(to: session.socket)
        drop(asker)
    }

    /// Tells everyone who waits; after an end there is nothing more to wait for.
    func tell(_ message: ProjectorMessage) throws(SystemError) {
        for (token, session) in sessions where session.waits {
            session.output.append { $0.append(contentsOf: message.line.utf8) }
            guard try session.output.flush(to: session.socket), session.output.count < 65_536 else {
                drop(token)
                continue
            }
            if case .progress = message { continue }
            drop(token)
        }
    }

    private func drop(_ token: UInt64) {
        guard let session = sessions.removeValue(forKey: token) else { return }
        try? loop.unwatch(session.socket.raw)
    }
}

private final class Session {
    let socket: FileDescriptor
    var output = Outbox()
    /// Has asked for something that is answered.
    private(set) var waits = false
    private var input: [UInt8] = []

    init(_ socket: consuming FileDescriptor) { self.socket = socket }

    /// False when the other side has gone or talks nonsense.
    func receive(_ asked: inout [ProjectorMessage]) throws(SystemError) -> Bool {
        let transfer = try socket.read(appendingTo: &input, limit: 4_096)
        while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: input[..<end], as: UTF8.self)
            input.removeFirst(end + 1)
            switch ProjectorMessage(line) {
            case .damaged?: asked.append(.damaged)
            case let wish? where wish == .rebuild || wish == .rollBack:
                waits = true
                asked.append(wish)
            default:
                let answer = ProjectorMessage.failed(
                    "this projector does not understand \(line.prefix(40)); "
                        + "see that both are of one release")
                output.append { $0.append(contentsOf: answer.line.utf8) }
                _ = try output.flush(to: socket)
                return false
            }
        }
        return transfer != .ended && input.count < ProjectorMessage.longest
    }
}
