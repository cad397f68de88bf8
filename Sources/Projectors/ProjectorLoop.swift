internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// What a projector does all day: follows the log, and meanwhile what others ask of it.
final class ProjectorLoop {
    private let model: ReadModel
    private let dataDirectory: String
    private let signals: Signals
    private let logBell: Bell.Listener
    private let bell: Bell.Ringer
    private let loop: EventLoop
    private let desk: RebuildDesk
    private let news: Wakeup
    private let generations: Generations

    private var generation: Int
    /// Nil once it has turned out to be broken; its successor is being built then.
    private var live: Projection?
    /// The generation before, still kept level until every front has read the pointer.
    private var leaving: (projection: Projection, until: UInt64)?
    private var rebuild: RebuildThread?
    /// Whether the generation before holds somebody whom the live one has forgotten.
    private var mustDropBefore = false
    /// Whether the write-ahead log may hold somebody who was forgotten, perhaps by a process that was killed.
    private var mustWipe: Bool
    private var lookedAt: UInt64 = 0
    private var soundAt: UInt64 = 0
    private var doubtedAt: UInt64?

    private static let signalled: UInt64 = 0
    private static let rung: UInt64 = 1
    private static let told: UInt64 = 2
    private static let asked: UInt64 = 3

    /// A front reads the pointer four times a second.
    private static let farewellNanoseconds: UInt64 = 1_000_000_000
    private static let lookNanoseconds: UInt64 = 1_000_000_000
    /// Reading a whole file holds up the log: whoever cries out all the time must not stop it.
    private static let soundNanoseconds: UInt64 = 10_000_000_000
    /// Nor must it have the log read again and again.
    private static let doubtNanoseconds: UInt64 = 600_000_000_000

    /// Opens the live read model, or builds it, which takes as long as it takes.
    init(_ model: ReadModel, dataDirectory: String) throws {
        self.model = model
        self.dataDirectory = dataDirectory
        let signals = try Signals([.terminate, .interrupt])
        self.signals = signals
        logBell = try Bell.Listener(directory: dataDirectory + "/run", names: ["log.bell"])
        bell = try Bell.Ringer("\(dataDirectory)/run/\(model.name).bell")
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        generations = Generations(
            model, files, try LogReader(path: dataDirectory + "/log.db"))
        var stopped = false
        let watch = RebuildWatch(
            progress: { _, _ in },
            goesOn: {
                stopped = stopped || signals.next() != nil
                return !stopped
            })
        mustWipe = model.holdsNames
        (generation, live) = try generations.open(watch)
        bell.ring()
        loop = try EventLoop()
        news = try Wakeup()
        try loop.watch(signals.descriptor, readable: true, token: Self.signalled)
        try loop.watch(logBell.descriptor, readable: true, token: Self.rung)
        try loop.watch(news.descriptor, readable: true, token: Self.told)
        desk = try RebuildDesk(files.socket, on: loop, firstToken: Self.asked)
    }

    /// Runs until a signal asks to stop.
    func run() throws {
        defer { rebuild?.stop() }
        var ready: [Ready] = []
        while true {
            // A bell may be lost, so it looks for itself four times a second.
            try loop.wait(timeoutMilliseconds: 250, into: &ready)
            if ready.contains(where: { $0.token == Self.signalled }) { return }
            // Quiet the bell before reading: one that rings meanwhile is heard on the next turn.
            _ = try logBell.drain()
            try follow()
            try forget()
            if ready.isEmpty { try live?.copyWriteAheadLog(idle: true) }
            if ready.contains(where: { $0.token >= Self.asked }) { try answer(desk.receive()) }
            if ready.contains(where: { $0.token == Self.told }) { try hearOfRebuild() }
            try lookAfterFiles()
        }
    }

    // MARK: Following

    private func follow() throws {
        while try followPage() {
            followLeaving()
            bell.ring()
            try live?.copyWriteAheadLog(idle: false)
        }
    }

    private func followPage() throws -> Bool {
        guard let live else { return false }
        do {
            return try live.applyPage() > 0
        } catch let error as SQLiteError where error.isOfFile {
            try replaceBroken("\(error)")
        } catch let error as Projection.Failure {
            // The event may be sound, and what it meets in the file damaged: a fresh one tells.
            guard case .stuck = error else { throw error }
            try replaceBroken("\(error)")
        }
        return false
    }

    /// After the live one, so that no front that goes over meets an older state.
    private func followLeaving() {
        guard let (projection, until) = leaving else { return }
        do {
            while try projection.applyPage() > 0 {}
            try projection.copyWriteAheadLog(idle: false)
            if Clock.monotonicNanoseconds() > until { leaving = nil }
        } catch {
            // It is on its way out; why it could not go on was seen when it was live.
            leaving = nil
        }
    }

    /// Leaves no forgotten name in any file: not in the generation before, and not where a row once stood.
    ///
    /// A rebuild may have the generation before in hand, and is waited for.
    private func forget() throws {
        if live?.hasForgotten == true { (mustDropBefore, mustWipe) = (true, true) }
        guard mustWipe, rebuild == nil, let live else { return }
        if mustDropBefore { try generations.dropBefore(generation) }
        mustDropBefore = false
        mustWipe = try !live.wipe()
    }

    // MARK: Rebuilding

    private func answer(_ messages: [RebuildDesk.Asked]) throws {
        for (asker, message) in messages {
            switch message {
            case .rebuild: try start(.anew, for: asker)
            case .rollBack: try start(.rollBack, for: asker)
            case .damaged: try lookIntoDamage()
            case .progress, .done, .failed: break
            }
        }
    }

    /// Who asks for what is under way hears how that ends; who asks for something else, to ask again.
    private func start(_ wish: Rebuild.Wish, for asker: UInt64) throws {
        guard let rebuild else { return try start(wish, comparing: live != nil) }
        guard rebuild.wish != wish else { return }
        try desk.refuse(
            asker,
            rebuild.wish == .anew
                ? "a rebuild is under way; ask again when it is done"
                : "a roll-back is under way; ask again when it is done")
    }

    private func start(_ wish: Rebuild.Wish, comparing: Bool) throws {
        guard rebuild == nil else { return }
        // The thread opens the generation before, and a file has one writer. A front that is still there
        // reads the pointer before it misses anything for long.
        if wish == .rollBack { leaving = nil }
        rebuild = try RebuildThread(
            wish, of: model, dataDirectory: dataDirectory, beside: generation,
            comparing: comparing, news: news)
    }

    private func replaceBroken(_ reason: String) throws {
        generations.say("is rebuilt: \(reason)")
        live = nil
        try start(.anew, comparing: false)
    }

    /// A front says no more than that it cannot read the file.
    ///
    /// One that SQLite finds sound may still hold what this house never writes: only the log can tell.
    private func lookIntoDamage() throws {
        let now = Clock.monotonicNanoseconds()
        guard rebuild == nil, now - soundAt > Self.soundNanoseconds else { return }
        soundAt = now
        let path = generations.files.path(generation: generation)
        // What can still be read of it is answered from, and followed, until the other is built.
        guard LiveContent.isSound(path) else {
            generations.say("is rebuilt: the file is damaged")
            return try start(.anew, comparing: false)
        }
        if let doubtedAt, now - doubtedAt < Self.doubtNanoseconds { return }
        doubtedAt = now
        generations.say("is rebuilt: the file is sound, and a front cannot read what it holds")
        try start(.anew, comparing: true)
    }

    private func hearOfRebuild() throws {
        news.drain()
        guard let rebuild else { return }
        let state = rebuild.look()
        switch state.outcome {
        case nil: try desk.tell(.progress(done: state.done, all: state.all))
        case .success(let report)?:
            self.rebuild = nil
            try goLive(report)
            try desk.tell(.done(report))
        case .failure(let error)?:
            self.rebuild = nil
            try desk.tell(.failed("\(error)"))
            // Without a live one there is nothing to go on with; the supervisor tries again.
            guard live != nil else { throw error }
            generations.say("could not be rebuilt: \(error)")
        }
    }

    private func goLive(_ report: RebuildReport) throws {
        let next = try generations.projection(report.generation)
        // What came since the thread looked last.
        while try next.applyPage() > 0 {}
        try generations.goLive(report.generation, insteadOf: generation)
        leaving = live.map { ($0, Clock.monotonicNanoseconds() + Self.farewellNanoseconds) }
        (live, generation) = (next, report.generation)
        mustWipe = model.holdsNames
        // What has just come, a front that still reads the one before waits for there.
        followLeaving()
        bell.ring()
        guard !report.isEqual else { return }
        generations.say(
            "was not what the log says: built anew it differs at position \(report.position), "
                + "\(report.before ?? "-") before and \(report.now) now. The new one is live; "
                + "barback rebuild \(model.name) --rollback goes back to the one before")
    }

    /// Once a second: what somebody has done to the files of a projector at work.
    private func lookAfterFiles() throws {
        let now = Clock.monotonicNanoseconds()
        guard now - lookedAt > Self.lookNanoseconds else { return }
        lookedAt = now
        if leaving.map({ now > $0.until }) == true { leaving = nil }
        guard rebuild == nil else { return }
        if try !generations.lookAfter(generation) { try replaceBroken("the file is gone or empty") }
    }
}
