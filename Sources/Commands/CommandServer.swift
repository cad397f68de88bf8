internal import Crypto
internal import Domain
internal import EventStore
internal import SQLite
internal import Synchronization
internal import System
internal import Wire

/// The loop of the commands process: everything that has arrived is one batch.
///
/// One thread and no delay: while a COMMIT waits for the disk, the next batch gathers in the sockets.
/// A socket's buffer is the queue; what exceeds `mostWaiting` in one round is answered busy.
final class CommandServer {
    private let handler: CommandHandler
    private let key: SigningKey
    private let bell: Bell.Ringer
    private let listener: FileDescriptor
    private let signals: Signals
    private let loop: EventLoop
    private let found: FoundDamage
    private let mostWaiting: Int
    private let batchSize: Int

    private var sessions: [UInt64: Session] = [:]
    private var nextToken: UInt64 = 2
    private var waiting: [(session: UInt64, number: UInt64)] = []
    private var requests: [CommandRequest] = []
    private var signedAt: UInt64 = 0
    private var copiedAt: UInt64 = 0
    private var hasAnnouncedDamage = false

    /// The front has two, each command line one; whoever opens more gets none.
    private static let mostSessions = 64

    private static let listening: UInt64 = 0
    private static let signalled: UInt64 = 1

    init(
        handler: CommandHandler, key: SigningKey, socket path: String, bell: Bell.Ringer,
        found: FoundDamage, mostWaiting: Int = 1_024, batchSize: Int
    ) throws(SystemError) {
        self.handler = handler
        self.key = key
        self.bell = bell
        self.found = found
        self.mostWaiting = mostWaiting
        self.batchSize = batchSize
        signals = try Signals([.terminate, .interrupt])
        listener = try UnixSocket.listen(path)
        loop = try EventLoop()
        try loop.watch(listener.raw, readable: true, token: Self.listening)
        try loop.watch(signals.descriptor, readable: true, token: Self.signalled)
    }

    /// Runs until a signal asks to stop; what was read by then is answered first.
    func run() throws {
        var ready: [Ready] = []
        while true {
            try loop.wait(timeoutMilliseconds: 250, into: &ready)
            if let damage = found.take() { handler.log.stop(because: damage) }
            for event in ready where event.token >= 2 { try read(event) }
            try carryOut()
            if ready.contains(where: { $0.token == Self.listening }) { try acceptSessions() }
            announceDamage()
            try upkeep(idle: ready.isEmpty)
            if ready.contains(where: { $0.token == Self.signalled }), signals.next() != nil {
                try close()
                return
            }
        }
    }

    /// Says once what was found, at the start, in the background or by a command.
    private func announceDamage() {
        guard !hasAnnouncedDamage, let damage = handler.log.damage else { return }
        hasAnnouncedDamage = true
        Standard.error("barback commands: \(damage). Nothing is written any more.\n")
    }

    private func acceptSessions() throws {
        while let socket = try UnixSocket.accept(listener) {
            let peer = try UnixSocket.peer(of: socket)
            guard peer.uid == UnixSocket.ownUser || peer.uid == 0,
                sessions.count < Self.mostSessions
            else { continue }
            try? UnixSocket.setBuffers(socket, bytes: 1 << 20)
            let session = Session(socket)
            try loop.watch(session.descriptor, readable: true, token: nextToken)
            sessions[nextToken] = session
            nextToken += 1
        }
    }

    private func read(_ event: Ready) throws {
        guard let session = sessions[event.token] else { return }
        if event.writable { try flush(session, event.token) }
        // A session that was dropped for not fetching its replies is not asked again.
        guard sessions[event.token] === session else { return }
        guard event.readable || event.hangup else { return }
        let goesOn = try session.read { message in
            switch message {
            case .request(let number, let request):
                if requests.count < mostWaiting {
                    waiting.append((event.token, number))
                    requests.append(request)
                } else {
                    session.reply(.busy, to: number)
                }
            case .otherVersion(let number): session.reply(.unknownVersion, to: number)
            case .headQuestion(let number):
                // Everything read before this was committed before; what is read with it is not needed.
                let head = handler.log.head.position
                session.reply(
                    .accepted(.init(created: false, id: "", position: head)), to: number)
            case .reply: break
            }
        }
        if !goesOn {
            drop(event.token)
        } else if session.hasOutput {
            try flush(session, event.token)
        }
    }

    private func carryOut() throws {
        var start = 0
        while start < requests.count {
            let end = min(start + batchSize, requests.count)
            let before = handler.log.head.position
            let outcomes = try handler.handle(Array(requests[start..<end]))
            for (index, outcome) in outcomes.enumerated() {
                let (token, number) = waiting[start + index]
                sessions[token]?.reply(outcome, to: number)
                // Whoever asked is told that something broke; what it was is the host's to read.
                if case .failed(let reason) = outcome {
                    Standard.error("barback commands: a command failed: \(reason)\n")
                }
            }
            for token in Set(waiting[start..<end].map(\.session)) {
                if let session = sessions[token] { try flush(session, token) }
            }
            // After the commit, never before: a reader that wakes must find the events.
            if handler.log.head.position > before { bell.ring() }
            start = end
        }
        requests.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
    }

    private func flush(_ session: Session, _ token: UInt64) throws {
        guard try session.flush(), !session.isStuck else { return drop(token) }
        try loop.change(
            session.descriptor, readable: true, writable: session.hasOutput, token: token)
    }

    private func drop(_ token: UInt64) {
        guard let session = sessions.removeValue(forKey: token) else { return }
        try? loop.unwatch(session.descriptor)
    }

    /// A damaged log is left as it is, for whoever looks into it.
    private func close() throws(LogError) {
        guard handler.log.damage == nil else { return }
        try unlessItPasses { () throws(LogError) in
            try handler.log.signCheckpoint(with: key)
            try handler.log.close()
        }
    }

    /// A full disk, or another program's lock, refuses orders and is no reason to end: there is room
    /// again when somebody makes it.
    private func unlessItPasses(_ body: () throws(LogError) -> Void) throws(LogError) {
        do throws(LogError) { try body() } catch {
            guard case .sqlite(let reason) = error, reason.isDiskFull || reason.isBusy else {
                throw error
            }
        }
    }

    /// After the answers are out: sign at most once a second, copy the write-ahead log when it is long.
    private func upkeep(idle: Bool) throws(LogError) {
        guard handler.log.damage == nil else { return }
        let now = Clock.monotonicNanoseconds()
        if now - signedAt > 1_000_000_000 {
            signedAt = now
            try unlessItPasses { () throws(LogError) in
                try handler.log.signCheckpoint(with: key)
            }
        }
        // Where readers or a full disk hold it back, trying after every batch would only cost syncs.
        guard now - copiedAt > 50_000_000 else { return }
        copiedAt = now
        try unlessItPasses { () throws(LogError) in
            _ = try handler.log.copyWriteAheadLog(idle: idle)
        }
    }
}

/// What the verifier in the background has found, on its way to the loop.
final class FoundDamage: Sendable {
    private let damage = Mutex<LogError?>(nil)

    func report(_ error: LogError) { damage.withLock { $0 = error } }
    func take() -> LogError? {
        damage.withLock { found in
            defer { found = nil }
            return found
        }
    }
}
