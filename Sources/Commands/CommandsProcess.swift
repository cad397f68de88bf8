internal import Crypto
internal import Domain
internal import EventStore
internal import System

/// The process `barback commands`: the only writer.
public struct CommandsProcess: Sendable {
    public var dataDirectory: String
    /// Orders that a guest may have waiting at a time; 0 for no limit.
    public var maxActiveOrders = 3
    /// Loads the demo menu where the log has no drinks yet.
    public var demo = false
    /// Commands a transaction, at most.
    ///
    /// 1 is how the cost of group commit is measured.
    public var batchSize = 1_024
    /// Where guests find the bar, such as `http://192.168.1.10:8080`, without a slash at its end.
    public var baseURL = "http://localhost:8080"

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    /// Runs until SIGTERM.
    ///
    /// - Throws: ``SystemError``, ``LogError``: one sentence for the person who started it.
    public func run() throws {
        try Files.makeDirectory(dataDirectory + "/run")
        let lockPath = dataDirectory + "/run/commands.lock"
        guard let lock = try FileLock.take(lockPath) else {
            let holder = FileLock.holder(lockPath).map { " (pid \($0))" } ?? ""
            throw SystemError(
                "write to", dataDirectory, code: 11,
                reason: "another barback commands\(holder) is its writer; stop it first")
        }
        defer { withExtendedLifetime(lock) {} }
        guard !Files.exists("\(dataDirectory)/\(InterruptedRestore.folder)") else {
            throw SystemError(
                "write to", dataDirectory, code: 22,
                reason: "a restore was interrupted there; run barback restore again to finish it")
        }
        try LostLog.check(dataDirectory)
        try Files.makeDirectory(dataDirectory + "/keys")
        let key = try LogKey.load(dataDirectory: dataDirectory)
        let path = dataDirectory + "/log.db"
        let log = try LogWriter(
            path: path, now: Time(microseconds: Clock.wallMicroseconds()),
            publicKey: key.publicKey, state: CommandHandler.stateSchema)
        try publish(log.verifierKey(of: key.publicKey))
        let vault = try Vault(
            dataDirectory: dataDirectory, logID: log.head.logID,
            at: Time(microseconds: Clock.wallMicroseconds()))
        let handler = try CommandHandler(
            log: log, vault: vault, baseURL: baseURL, maxActiveOrders: maxActiveOrders,
            now: { Time(microseconds: Clock.wallMicroseconds()) },
            utcOffsetSeconds: { Clock.utcOffsetSeconds(atMicroseconds: $0.microseconds) })
        let bell = try Bell.Ringer(dataDirectory + "/run/log.bell")
        if log.damage == nil {
            if try !FirstRun.prepare(handler) {
                for loss in vault.losses { Standard.log("barback commands: \(loss)") }
            }
            try handler.endWhatAnotherMasterKeyMade()
            handler.destroyKeys()
            do { try handler.tidy() } catch {
                // Such as a full disk, on which people may still read and be told.
                Standard.log("barback commands: \(error)")
            }
            try handler.sweepMedia()
        } else {
            // Whoever is signed in may go on reading.
            try handler.publish()
        }
        if demo, log.damage == nil {
            let count = try handler.loadDemoMenu()
            if count > 0 { Standard.log("barback commands: the demo menu has \(count) drinks") }
        }
        bell.ring()
        let found = FoundDamage()
        if log.damage == nil { try verifyInBackground(path, key.publicKey, found) }
        let server = try CommandServer(
            handler: handler, key: key, socket: dataDirectory + "/run/commands.sock",
            bell: bell, found: found, batchSize: batchSize)
        Readiness.announce()
        try server.run()
    }

    /// The public half, for whoever verifies the log elsewhere.
    private func publish(_ verifierKey: String) throws {
        let path = dataDirectory + "/keys/log.vkey"
        let text = Array((verifierKey + "\n").utf8)
        if Files.exists(path), try Files.readAll(path, limit: 1_000) == text { return }
        try Files.writeAtomically(text, to: path, mode: 0o644)
    }

    /// The whole log, at idle priority, page by page: a reader that stays would hold back copying.
    private func verifyInBackground(
        _ path: String, _ publicKey: [UInt8], _ found: FoundDamage
    ) throws {
        try Thread.start("verify") {
            do {
                try Limits.idlePriority()
                let verifier = try Verifier(path: path, publicKey: publicKey)
                while try verifier.verifyPage() {}
                try verifier.verifyEnd()
            } catch let error as LogError {
                if case .damaged = error { found.report(error) } else { report(error) }
            } catch {
                report(error)
            }
        }
    }
}

private func report(_ error: any Error) {
    Standard.log("barback commands: the log was not verified in the background: \(error)")
}
