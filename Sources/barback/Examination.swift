internal import Audit
internal import Commands
internal import Crypto
internal import Domain
internal import EventStore
internal import Supervisor
internal import System

/// What `barback doctor` looks at in one data directory.
struct Examination {
    let dataDirectory: String
    let processes: [ProcessRow]

    var findings: [Finding] {
        do throws(SystemError) {
            guard try Files.isOpenDirectory(dataDirectory) else {
                return [place, room(on: parent)]
            }
        } catch {
            guard !error.isNotDirectory else {
                return [
                    .bad(
                        "data", "there is a file where \(dataDirectory) would be",
                        mend: "name a directory with --data")
                ]
            }
            let mend = "run barback as the user whose it is, or name another --data"
            return [owner.state == .bad ? owner : .bad("data", "\(error)", mend: mend)]
        }
        var findings = [owner, modes, disk, room(on: dataDirectory), log]
        findings += [owner.state == .bad ? nil : writing, key, interrupted].compactMap { $0 }
        if let photos { findings.append(photos) }
        if Files.exists(dataDirectory + "/log.db") { findings += models }
        return findings + [running]
    }

    // MARK: Files

    /// The nearest directory above that is there.
    private var parent: String { Files.nearest(Files.parent(of: dataDirectory)) }

    private var place: Finding {
        Files.mayWrite(in: parent)
            ? .ok("data", "\(dataDirectory) is not there yet; barback serve makes it")
            : .bad(
                "data", "\(dataDirectory) is not there, and you may not make it in \(parent)",
                mend: "have root make it for you, or name another --data")
    }

    /// What a bar opens; somebody else's file beside them, such as `lost+found`, is in nobody's way.
    private static let kept = [
        "log.db", "log.db-wal", "log.db-shm", "supervisor.lock", "keys", "secrets", "models",
        "media", "spool",
        "run",
        "restoring", "restored",
    ]

    /// The first of what a bar opens that is not this user's; no more than some thousand are looked at.
    private func strange(to owner: UInt32) -> String? {
        var paths = Self.kept
        var next = 0
        while next < min(paths.count, 5_000) {
            let path = "\(dataDirectory)/\(paths[next])"
            if let found = Files.owner(path), found != owner { return paths[next] }
            // What may not be listed is another's, and was found above or is so for the whole directory.
            let names = Files.isDirectory(path) ? (try? Files.list(path)) ?? [] : []
            paths += names.map { "\(paths[next])/\($0)" }
            next += 1
        }
        return nil
    }

    /// Nil where the bar may write wherever it has to.
    private var writing: Finding? {
        let directories = ["", "/keys", "/secrets", "/models", "/media", "/spool", "/run"].map {
            dataDirectory + $0
        }
        let closed = directories.first { Files.exists($0) && !Files.mayWrite(in: $0) }
        return closed.map {
            .bad(
                "data", "nothing can be written in \($0)",
                mend: "chmod -R u+rwX \(dataDirectory), or mount its disk for writing")
        }
    }

    private var owner: Finding {
        let directory = Files.owner(dataDirectory) ?? Users.own
        let name = Users.name(of: directory)
        if let strange = strange(to: directory) {
            return .bad(
                "owner", "\(dataDirectory) belongs to \(name), and \(strange) in it does not",
                mend: "chown -R \(name): \(dataDirectory)")
        }
        guard directory != Users.own else {
            return .ok("owner", "\(dataDirectory) is yours, \(name)")
        }
        let other = "\(dataDirectory) belongs to \(name), and you are \(Users.ownName)"
        let mend = "run barback as \(name): sudo -u \(name) barback doctor --data \(dataDirectory)"
        return Users.own == 0 ? .warn("owner", other, mend: mend) : .bad("owner", other, mend: mend)
    }

    /// What others than the owner may do; the key and the names of guests are nobody else's business.
    private var modes: Finding {
        let closed = [
            "", "/log.db", "/keys", "/keys/log.key", "/keys/master.key", "/keys/local.key",
            "/keys/token.json", "/secrets", "/secrets/secrets.db", "/secrets/people.db",
            "/first-run.json",
        ]
        let open = closed.map { dataDirectory + $0 }.filter {
            (Files.mode($0) ?? 0) & 0o077 != 0
        }
        guard let first = open.first else { return .ok("modes", "nobody else can look inside") }
        let mend = "chmod -R go= \(dataDirectory)"
        // Behind a closed directory the modes of what is in it do not matter.
        let isClosed = (Files.mode(dataDirectory) ?? 0) & 0o077 == 0
        return isClosed
            ? .warn("modes", "\(first) is open to others, behind a closed directory", mend: mend)
            : .bad("modes", "\(first) is open to others", mend: mend)
    }

    private var disk: Finding {
        guard let kind = Files.networkFileSystem(dataDirectory) else {
            return .ok("file system", "local")
        }
        return .bad(
            "file system",
            "\(dataDirectory) is on \(kind), over the network, where the log is not safe",
            mend: "move it to a disk of this machine, and back up to \(kind)")
    }

    private func room(on path: String) -> Finding {
        do throws(SystemError) {
            let free = try Files.freeBytes(path)
            let found = "\(size(bytes: free)) free"
            switch free {
            case ..<100_000_000:
                return .bad(
                    "disk", found, mend: "make room: below 100 MB orders may be refused soon")
            case ..<1_000_000_000:
                return .warn("disk", found, mend: "make room before the next party")
            default: return .ok("disk", found)
            }
        } catch {
            return .bad("disk", "\(error)", mend: "see that \(path) can be read")
        }
    }

    // MARK: The log

    private var log: Finding {
        let path = dataDirectory + "/log.db"
        guard Files.exists(path) else {
            do throws(SystemError) { try LostLog.check(dataDirectory) } catch {
                return .bad(
                    "log", "\(error)",
                    mend: "barback restore BACKUP --data \(dataDirectory) --replace")
            }
            return .ok("log", "not there yet; barback serve makes it")
        }
        // The writer has read all of it, or is about to; only the end is read here.
        switch WriterHealth.ask(dataDirectory: dataDirectory) {
        case .stopped(let position):
            return .bad(
                "log",
                "damaged at position \(grouped(position.number)); nothing is written any more",
                mend: "stop the bar and restore a backup")
        case .silent:
            return .bad(
                "log", "its writer, barback commands, runs and does not answer",
                mend: "look again; if it stays so, see what it has said, and start the bar again")
        case .writing, .absent: break
        }
        let key = verifierKey?.publicKey ?? signingKey?.publicKey
        do {
            let head = try Verifier.verifyTail(path: path, publicKey: key)
            if let late = try lateness(path, head.position) { return late }
            let signed = key == nil ? "signatures not checked" : "signed by its key"
            return .ok(
                "log", "\(grouped(head.position.number)) events, the last ones verified, \(signed)")
        } catch {
            return .bad(
                "log", Ending(of: error).sentence,
                mend: "barback verify says more; then restore a backup")
        }
    }

    /// The writer does not start without it, and a checkpoint of another key would look forged.
    private var key: Finding? {
        let mend = "put it back from a backup of this bar"
        guard Files.exists(keyPath) else {
            guard Files.exists(dataDirectory + "/log.db") else { return nil }
            return .bad("key", "\(keyPath), which signs the log, is missing", mend: mend)
        }
        guard let signingKey else {
            return .bad("key", "\(keyPath) cannot be read, or holds no key", mend: mend)
        }
        guard let verifierKey, verifierKey.publicKey != signingKey.publicKey else { return nil }
        return .bad(
            "key", "\(keyPath) and log.vkey beside it are of two bars",
            mend: "put both back from a backup of this bar")
    }

    private var keyPath: String { "\(dataDirectory)/keys/log.key" }

    private var signingKey: SigningKey? {
        let bytes = try? Files.readAll(keyPath, limit: 1_000)
        return bytes.flatMap { SigningKey(String(decoding: $0, as: UTF8.self)) }
    }

    private var verifierKey: VerifierKey? {
        line(of: "keys/log.vkey").flatMap(VerifierKey.init)
    }

    private func lateness(_ path: String, _ head: Position) throws -> Finding? {
        let last = try LogReader(path: path).read(after: Position(head.number - 1), limit: 1).first
        let now = Clock.wallMicroseconds()
        guard let last, last.recordedAt.microseconds > now + 1_000_000 else { return nil }
        let ahead = duration(seconds: (last.recordedAt.microseconds - now) / 1_000_000)
        return .bad(
            "clock", "it is \(ahead) behind the last event of the log",
            mend: "set it: timedatectl set-ntp true")
    }

    private func line(of name: String) -> String? { Self.line(of: "\(dataDirectory)/\(name)") }

    /// Nil where the log names none, or cannot be read, which is said elsewhere.
    private var photos: Finding? {
        let log = dataDirectory + "/log.db"
        guard let check = try? PhotoCheck.run(log: log, in: dataDirectory, digests: false),
            check.count > 0
        else { return nil }
        guard let first = check.flawed.first else {
            return .ok("photos", "all \(grouped(Int64(check.count))) are there")
        }
        return .warn(
            "photos",
            "\(check.flawed.count) of \(check.count) are missing or changed, \(first) first",
            mend: "put them back from a backup, or upload them again")
    }

    private var interrupted: Finding? {
        guard Files.exists("\(dataDirectory)/\(InterruptedRestore.folder)") else { return nil }
        return .bad(
            "restore", "one was cut off",
            mend: "finish it: barback restore BACKUP --data \(dataDirectory)")
    }

    // MARK: What is built and runs

    private var models: [Finding] {
        let condition = BarCondition.look(
            dataDirectory: dataDirectory, now: Time(microseconds: Clock.wallMicroseconds()))
        return condition.models.map { model in
            let subject = "model \(model.name)"
            guard let position = model.position else {
                return .warn(
                    subject, model.problem ?? "not there",
                    mend: "start barback serve, which builds it from the log")
            }
            guard model.lagSeconds < 10 || !isRunning else {
                return .bad(
                    subject, "\(grouped(model.lagEvents)) events behind",
                    mend: "see what barback projector \(model.name) has said, and restart the bar")
            }
            return .ok(subject, "at position \(grouped(position.number))")
        }
    }

    private var isRunning: Bool {
        processes.contains { $0.name == "supervisor" && $0.state != .stopped }
    }

    private var running: Finding {
        guard isRunning else { return .ok("bar", "not running") }
        let down = processes.filter { $0.state != .ready }.map(\.name)
        guard let first = down.first else {
            return .ok("bar", "running, \(processes.count) processes")
        }
        return .bad(
            "bar", "running, but \(first) is not ready",
            mend: "see what it has said; barback status shows more")
    }
}
