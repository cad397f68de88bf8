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

    private var peers: [UInt64: Peer] = [:]
    private var nextToken: UInt64 = 4
    private var waiting: [Waiting] = []
    private let passwords: PasswordDesk
    private var hashing: [UInt64: Hashing] = [:]
    private var lastHashing: UInt64 = 0
    private let images: ImageDesk
    private var storing: [UInt64: Waiting] = [:]
    private var lastStoring: UInt64 = 0
    private var signedAt: UInt64 = 0
    private var copiedAt: UInt64 = 0
    private var tidiedAt: UInt64 = 0
    private var hasAnnouncedDamage = false

    /// The front has two, each command line one; whoever opens more gets none.
    private static let mostPeers = 64

    /// A request and who asked it.
    private struct Waiting {
        let peer: UInt64
        let number: UInt64
        var command: PreparedCommand
    }

    /// A request whose passwords are being hashed, one after the other.
    private struct Hashing {
        var waiting: Waiting
        let passwords: [PasswordWork.Password]
    }

    private static let listening: UInt64 = 0
    private static let signalled: UInt64 = 1
    private static let hashed: UInt64 = 2
    private static let stored: UInt64 = 3

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
        passwords = try PasswordDesk()
        try loop.watch(passwords.descriptor, readable: true, token: Self.hashed)
        images = try ImageDesk()
        try loop.watch(images.descriptor, readable: true, token: Self.stored)
    }

    /// Runs until a signal asks to stop; what was read by then is answered first.
    func run() throws {
        var ready: [Ready] = []
        var hasRested = false
        while true {
            try loop.wait(timeoutMilliseconds: 250, into: &ready)
            if !hasRested, ready.isEmpty {
                hasRested = true
                ProcessMemory.forgetStart()
            }
            if let damage = found.take() { handler.log.stop(because: damage) }
            for event in ready where event.token > Self.stored { try read(event) }
            takeImages()
            try takeHashes()
            try carryOut()
            if ready.contains(where: { $0.token == Self.listening }) { try acceptPeers() }
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
        Standard.log("barback commands: \(damage). Nothing is written any more.")
    }

    private func acceptPeers() throws {
        while let socket = try UnixSocket.accept(listener) {
            let user = try UnixSocket.peer(of: socket).uid
            guard user == UnixSocket.ownUser || user == 0,
                peers.count < Self.mostPeers
            else { continue }
            try? UnixSocket.setBuffers(socket, bytes: 1 << 20)
            let peer = Peer(socket)
            try loop.watch(peer.descriptor, readable: true, token: nextToken)
            peers[nextToken] = peer
            nextToken += 1
        }
    }

    private func read(_ event: Ready) throws {
        guard let peer = peers[event.token] else { return }
        if event.writable { try flush(peer, event.token) }
        // A peer that was dropped for not fetching its replies is not asked again.
        guard peers[event.token] === peer else { return }
        guard event.readable || event.hangup else { return }
        let goesOn = try peer.read { message in
            switch message {
            case .request(let number, let request):
                guard waiting.count < mostWaiting else { return peer.reply(.busy, to: number) }
                take(
                    Waiting(
                        peer: event.token, number: number,
                        command: PreparedCommand(request: request)))
            case .otherVersion(let number): peer.reply(.unknownVersion, to: number)
            case .headQuestion(let number):
                // Everything read before this was committed before; what is read with it is not needed.
                let head = handler.log.head.position
                peer.reply(
                    .accepted(.init(created: false, id: "", position: head)), to: number)
            case .reply: break
            }
        }
        if !goesOn {
            drop(event.token)
        } else if peer.hasOutput {
            try flush(peer, event.token)
        }
    }

    // MARK: Passwords, hashed beside the writer

    private func take(_ request: Waiting) {
        guard request.command.request.route != .storeImage else { return takeUpload(request) }
        guard let work = handler.passwordWork(for: request.command.request) else {
            waiting.append(request)
            return
        }
        hash(Hashing(waiting: request, passwords: work.passwords))
    }

    private func hash(_ job: Hashing) {
        let password = job.passwords[job.waiting.command.hashes.count]
        lastHashing += 1
        if passwords.ask(password: password.text, salt: password.salt, token: lastHashing) {
            hashing[lastHashing] = job
        } else {
            peers[job.waiting.peer]?.reply(.tooManySignIns, to: job.waiting.number)
        }
    }

    private func takeHashes() throws {
        for (token, hash) in passwords.take() {
            guard var job = hashing.removeValue(forKey: token) else { continue }
            let place = job.waiting.command.hashes.count
            guard let hash else {
                peers[job.waiting.peer]?.reply(.tooManySignIns, to: job.waiting.number)
                continue
            }
            job.waiting.command.hashes.append(
                PasswordTable.Entry(salt: job.passwords[place].salt, hash: hash))
            if job.waiting.command.hashes.count < job.passwords.count {
                self.hash(job)
            } else {
                waiting.append(job.waiting)
            }
        }
        // Replies to those who were sent away.
        for (token, peer) in peers where peer.hasOutput { try flush(peer, token) }
    }

    // MARK: Photos, stored beside the writer

    private func takeUpload(_ request: Waiting) {
        // Nothing is stored that could not be written down; the decision says so.
        guard handler.log.damage == nil else { return waiting.append(request) }
        let outcome: CommandOutcome
        do {
            lastStoring += 1
            let work = try handler.imageWork(for: request.command.request)
            if try images.ask(work, token: lastStoring) {
                storing[lastStoring] = request
                return
            }
            outcome = .busy
        } catch let refusal as Refusal {
            outcome = .refused(refusal)
        } catch {
            outcome = .failed("\(error)")
        }
        peers[request.peer]?.reply(outcome, to: request.number)
    }

    private func takeImages() {
        for (token, result) in images.take() {
            guard var request = storing.removeValue(forKey: token) else { continue }
            request.command.image = result
            waiting.append(request)
        }
    }

    private func carryOut() throws {
        var start = 0
        while start < waiting.count {
            let end = min(start + batchSize, waiting.count)
            let before = handler.log.head.position
            let outcomes = try handler.handle(waiting[start..<end].map(\.command))
            for (index, outcome) in outcomes.enumerated() {
                let request = waiting[start + index]
                peers[request.peer]?.reply(outcome, to: request.number)
                if let image = request.command.image { images.settled(image) }
                // Whoever asked is told that something broke; what it was is the host's to read.
                if case .failed(let reason) = outcome {
                    Standard.log("barback commands: a command failed: \(reason)")
                }
            }
            for token in Set(waiting[start..<end].map(\.peer)) {
                if let peer = peers[token] { try flush(peer, token) }
            }
            // After the commit, never before: a reader that wakes must find the events.
            if handler.log.head.position > before { bell.ring() }
            start = end
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private func flush(_ peer: Peer, _ token: UInt64) throws {
        guard try peer.flush(), !peer.isStuck else { return drop(token) }
        try loop.change(
            peer.descriptor, readable: true, writable: peer.hasOutput, token: token)
    }

    private func drop(_ token: UInt64) {
        guard let peer = peers.removeValue(forKey: token) else { return }
        try? loop.unwatch(peer.descriptor)
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

    /// Once an hour: what is over is forgotten, and keys that nothing is signed with any more.
    private func tidy() {
        let now = Clock.monotonicNanoseconds()
        guard now - tidiedAt > 3_600_000_000_000 else { return }
        tidiedAt = now
        do { try handler.tidy() } catch {
            Standard.error("barback commands: \(error)\n")
        }
    }

    /// After the answers are out: sign at most once a second, copy the write-ahead log when it is long.
    private func upkeep(idle: Bool) throws(LogError) {
        guard handler.log.damage == nil else { return }
        tidy()
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
