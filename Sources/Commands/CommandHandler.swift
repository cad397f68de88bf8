internal import Crypto
public import Domain
public import EventStore
internal import JSON
internal import SQLite
internal import System
public import Wire

/// Decides commands and writes what they lead to: many at a time, one COMMIT.
///
/// Each is decided first, against the state that the ones before it leave; then all are written. If
/// the write fails, nothing of the batch has happened: memory is thrown away, and the commands are
/// decided and written again one by one, so that a single bad one refuses itself alone.
public final class CommandHandler {
    /// Read by the loop around it: where the log ends, whether it is damaged.
    public let log: LogWriter

    let maxActiveOrders: Int
    let now: () -> Time
    let utcOffsetSeconds: (Time) -> Int
    let vault: Vault
    /// Where guests find the bar, without a slash at its end.
    let baseURL: String
    private let hash = SHA256()
    var state: StateTables
    var aggregates: Aggregates
    var authority: Authority
    private var publishedWebKey: APIKeyID?

    /// Reads the state that stands beside the log.
    ///
    /// `maxActiveOrders` are orders that a guest may have waiting at a time; 0 for no limit. `utcOffsetSeconds` is the bar's local time minus UTC, for the tickets' day.
    /// - Throws: ``LogError/sqlite(_:)``.
    public init(
        log: LogWriter, vault: Vault, baseURL: String, maxActiveOrders: Int,
        now: @escaping () -> Time,
        utcOffsetSeconds: @escaping (Time) -> Int
    ) throws(LogError) {
        self.log = log
        self.vault = vault
        self.baseURL = baseURL
        self.maxActiveOrders = maxActiveOrders
        self.now = now
        self.utcOffsetSeconds = utcOffsetSeconds
        state = try Self.loadState(log)
        aggregates = Aggregates(reader: log.reader, people: vault.people)
        authority = Authority(vault)
    }

    /// The tables that stand beside the log, made with it.
    public static let stateSchema = StateTables.schema

    private static func loadState(_ log: LogWriter) throws(LogError) -> StateTables {
        do throws(SQLiteError) {
            return try log.query { connection throws(SQLiteError) in
                try StateTables.upgrade(connection)
                return try StateTables(from: connection)
            }
        } catch {
            throw .sqlite(error)
        }
    }

    /// Carries out requests in order; the answers stand in the same order.
    ///
    /// - Throws: only what makes it unsafe to go on: a disk that fails to write or sync. Nothing may
    ///   be acknowledged then; the process ends and opens the log anew.
    public func handle(_ requests: [CommandRequest]) throws(LogError) -> [CommandOutcome] {
        try handle(requests.map { PreparedCommand(request: $0) })
    }

    func handle(_ commands: [PreparedCommand]) throws(LogError) -> [CommandOutcome] {
        let outcomes = try commit(commands)
        do throws(SQLiteError) { try vault.refreshes.write() } catch {
            guard error.isDiskFull || error.isBusy else { throw .sqlite(error) }
            vault.refreshes.revert()
            // A token that nobody would know the successor of is not given out.
            return zip(commands, outcomes).map { command, outcome in
                command.request.route == .refresh ? self.outcome(of: .sqlite(error)) : outcome
            }
        }
        return outcomes
    }

    /// Forgets what is over, and publishes what may be known: at the start, and now and then.
    public func tidy() throws {
        let moment = now()
        state.access.forgetExpired(at: moment)
        vault.refreshes.keep(
            only: Set(state.access.sessions.all.map(\.id))
                .union(state.access.guests.all.map(\.session)))
        try vault.passwords.sweep(Array(state.access.accounts.all))
        try sweepKeys()
        try publish()
    }

    /// Puts where the front reads them the keys that tokens are verified with, and the page's own.
    func publish() throws {
        try vault.publishKeys(at: now())
        try publishWebKey()
        try vault.copyWriteAheadLogs()
    }

    private func publishWebKey() throws {
        guard let key = state.access.webKey, key.id != publishedWebKey else { return }
        try vault.publishWebKey(key.id)
        publishedWebKey = key.id
    }

    private func commit(_ requests: [PreparedCommand]) throws(LogError) -> [CommandOutcome] {
        var batch = Batch(after: log.head.position)
        var outcomes: [CommandOutcome] = []
        outcomes.reserveCapacity(requests.count)
        for request in requests { outcomes.append(decide(request, &batch)) }
        guard !batch.staged.isEmpty else {
            aggregates.written()
            return outcomes
        }
        do throws(LogError) {
            try log.commit(batch.staged) { connection throws(SQLiteError) in
                try state.write(to: connection)
            }
            state.written()
            aggregates.written()
            destroyKeys()
            // Only now does it open anything.
            do { try publishWebKey() } catch {
                Standard.error("barback commands: \(error)\n")
            }
            return outcomes
        } catch {
            return try recover(from: error, requests)
        }
    }

    private func recover(
        from error: LogError, _ requests: [PreparedCommand]
    ) throws(LogError) -> [CommandOutcome] {
        if case .sqlite(let reason) = error, reason.isBrokenDisk { throw error }
        state = try Self.loadState(log)
        aggregates = Aggregates(reader: log.reader, people: vault.people)
        // Somebody else holds the file's write lock, and this has waited for it as long as it does:
        // waiting again for each command would hold up all that come after them.
        if case .sqlite(let reason) = error, reason.isBusy { return requests.map { _ in .busy } }
        if requests.count == 1 { return [outcome(of: error)] }
        var outcomes: [CommandOutcome] = []
        for request in requests { outcomes += try commit([request]) }
        return outcomes
    }

    private func outcome(of error: LogError) -> CommandOutcome {
        switch error {
        case .sqlite(let reason) where reason.isDiskFull: return .storageFull
        case .sqlite(let reason) where reason.isBusy: return .busy
        case .sqlite(let reason) where reason.isCorrupt:
            // SQLite met a page that cannot be. What else is wrong nobody knows, so nothing is added.
            log.stop(because: .damaged(at: log.head.position, reason: reason.message))
            return .logDamaged(at: log.head.position)
        case .damaged(let position, _): return .logDamaged(at: position)
        case .sqlite, .newerFormat, .conflict, .notInCatalogue, .undecodable, .missing:
            return .failed(error.description)
        }
    }

    // MARK: Decide

    private func decide(_ command: PreparedCommand, _ batch: inout Batch) -> CommandOutcome {
        let request = command.request
        do {
            if let damage = log.damage { return outcome(of: damage) }
            let who = try authority.identify(request, state.access, at: now())
            let key =
                request.route.isRepeatable
                ? try request.key.map { try commandKey($0, of: request, by: who) } : nil
            if let key {
                if let outcome = batch.repeated(key) { return outcome }
                if let stored = try log.command(key.id, at: now()) {
                    guard stored.fingerprint == key.fingerprint else {
                        return .refused(.keyReused)
                    }
                    return try answerAgain(stored)
                }
            }
            let body = try JSONValue(parsing: request.body)
            guard let object = body.object else {
                return .malformed("the body must be a JSON object")
            }
            return try decide(
                Work(
                    request: request, body: RequestBody(object), key: key, who: who,
                    hashes: command.hashes, image: command.image), &batch)
        } catch let refusal as Refusal {
            return .refused(refusal)
        } catch let error as JSONError {
            return .malformed("the body is not JSON: \(error)")
        } catch let error as LogError {
            return outcome(of: error)
        } catch let error as SQLiteError {
            // Of secrets/, written before the event.
            return outcome(of: .sqlite(error))
        } catch {
            return .failed("\(error)")
        }
    }

    // MARK: Keys

    /// 16 bytes over who asked for what under which key, 16 over what exactly they asked.
    ///
    /// What they asked may hold a name or a note, which nobody shall find out by trying: a keyed code.
    private func commandKey(
        _ key: String, of request: CommandRequest, by who: Identity
    ) throws(Refusal) -> CommandKey {
        guard (1...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalid([FieldError("Idempotency-Key", "must be 1 to 255 visible characters")])
        }
        var bytes: [UInt8] = []
        for part in [actor(request, who), request.route.text, key] {
            bytes.append(contentsOf: "\(part.utf8.count):".utf8)
            bytes.append(contentsOf: part.utf8)
        }
        let id = hash.digest(of: bytes).bytes
        let whole = "\(request.target)\u{0}\(request.ifMatch ?? "")\u{0}"
        let print = vault.fingerprint(of: Array(whole.utf8) + request.body)
        guard let uuid = UUID(bytes: Array(id[..<16])) else {
            preconditionFailure("16 bytes make an id")
        }
        return CommandKey(id: uuid, fingerprint: Array(print[..<16]))
    }

    /// A guest at the door is nobody yet but for the code.
    private func actor(_ request: CommandRequest, _ who: Identity) -> String {
        if case .code(let code) = request.credential {
            return "code:\(hash.digest(of: vault.hash(ofCode: code)).hex)"
        }
        return who.caller?.description ?? "nobody"
    }
}
