internal import Audit
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
        findings += [key, interrupted].compactMap { $0 }
        if Files.exists(dataDirectory + "/log.db") { findings += models }
        return findings + [running]
    }

    // MARK: Files

    /// The nearest directory above that is there.
    private var parent: String {
        var path = Files.parent(of: dataDirectory)
        while !Files.exists(path), path != Files.parent(of: path) {
            path = Files.parent(of: path)
        }
        return path
    }

    private var place: Finding {
        Files.mayWrite(in: parent)
            ? .ok("data", "\(dataDirectory) is not there yet; barback serve makes it")
            : .bad(
                "data", "\(dataDirectory) is not there, and you may not make it in \(parent)",
                mend: "have root make it for you, or name another --data")
    }

    private static let kept = [
        "log.db", "log.db-wal", "log.db-shm", "keys", "keys/log.key", "models", "media", "run",
    ]

    private var owner: Finding {
        let directory = Files.owner(dataDirectory) ?? Users.own
        let name = Users.name(of: directory)
        let strange = Self.kept.first { path in
            Files.owner("\(dataDirectory)/\(path)").map { $0 != directory } ?? false
        }
        if let strange {
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
        let open = ["", "/log.db", "/keys", "/keys/log.key"].map { dataDirectory + $0 }.filter {
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
            return .ok("log", "not there yet; barback serve makes it")
        }
        // The writer has read all of it, or is about to; only the end is read here.
        if case .stopped(let position) = WriterHealth.ask(dataDirectory: dataDirectory) {
            return .bad(
                "log",
                "damaged at position \(grouped(position.number)); nothing is written any more",
                mend: "stop the bar and restore a backup")
        }
        let key = line(of: "keys/log.vkey").flatMap(VerifierKey.init)
        do {
            let head = try Verifier.verifyTail(path: path, publicKey: key?.publicKey)
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
        let path = "\(dataDirectory)/keys/log.key"
        guard Files.exists(dataDirectory + "/log.db"), !Files.exists(path) else { return nil }
        return .bad(
            "key", "\(path), which signs the log, is missing", mend: "put it back from a backup")
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
