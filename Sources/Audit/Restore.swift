internal import Crypto
public import Domain
internal import EventStore
internal import System

/// Puts a bar in place from a backup.
///
///     1  the backup is checked: digests, and every event against the signed tree   nothing changed yet
///     2  DATA/restoring      it is copied, checked again, LogRestored is appended     the old bar stands
///     3  DATA/restored       renamed, synced: from here on the restore is decided     nobody may start
///     4  DATA/replaced-TIME  the old bar, piece by piece, and the new one in its place
///     5  DATA/restored       removed                                                  the new bar stands
///
/// Killed in 2, it leaves the old bar, and the next restore clears up. Killed in 3 or 4, the writer
/// refuses to start, and the next restore finishes this one, whatever it was asked for.
public enum Restore {
    public enum Result: Equatable, Sendable {
        /// What was restored, and the folder that the bar before is in.
        case restored(BackupManifest, replaced: String?)
        /// A restore of before was cut off and is whole now; nothing else was done.
        case finishedEarlier
    }

    /// In the order in which they change: the write-ahead log never stands beside another log.
    static let pieces = ["log.db-wal", "log.db-shm", "log.db", "keys", "secrets", "media"]
    /// What a backup has not, and is of the bar before.
    static let leftovers = ["first-run.json"]
    /// In the data directory: the new bar, until it is whole.
    static let unfinished = "restoring"
    /// In `DATA/restored`: the name of the folder for the bar before.
    static let note = "replaces"

    /// Restores a backup; `progress` is called while its log is verified, and throws to stop.
    ///
    /// `locked` runs the change while nobody else may write in the data directory.
    /// - Throws: ``BackupError``, ``LogError``, ``SystemError``.
    public static func run(
        _ backup: String, into data: String, replacing: Bool, by actor: Caller, now: Time,
        locked: (() throws -> Result) throws -> Result,
        progress: (Position, Position) throws -> Void
    ) throws -> Result {
        // Half of two bars is worse than a bad backup: it comes first.
        if isDecided(in: data) { return try locked { try finishEarlier(in: data) } }
        guard !Files.leads(data, into: backup) else {
            throw BackupError("\(data) lies in the backup; choose another --data")
        }
        let manifest = try check(backup, progress)
        return try locked { () throws in
            // Another restore may have been cut off while this one was reading.
            if isDecided(in: data) { return try finishEarlier(in: data) }
            let hasBar = pieces.contains { isThere("\(data)/\($0)") }
            guard replacing || !hasBar else {
                throw BackupError(
                    "there is a bar in \(data); choose another --data, or set that bar aside with --replace"
                )
            }
            for piece in pieces where Files.isMountPoint("\(data)/\(piece)") {
                throw BackupError(
                    "\(data)/\(piece) is mounted there and cannot be set aside; unmount it, "
                        + "or choose another --data")
            }
            let folder = "\(data)/\(unfinished)"
            try Files.removeTree(folder)
            do {
                try prepare(manifest, from: backup, in: folder, actor, now)
            } catch {
                try? Files.removeTree(folder)
                throw error
            }
            let exchange = Exchange(data: data)
            try exchange.decide(on: folder, at: now)
            let replaced = try exchange.finish()
            return .restored(manifest, replaced: replaced)
        }
    }

    private static func isDecided(in data: String) -> Bool {
        Files.exists("\(data)/\(InterruptedRestore.folder)")
    }

    private static func finishEarlier(in data: String) throws -> Result {
        try Exchange(data: data).finish()
        // Of yet another restore, killed while it copied.
        try Files.removeTree("\(data)/\(unfinished)")
        return .finishedEarlier
    }

    /// An empty directory, as a start that failed leaves it, is no bar.
    private static func isThere(_ path: String) -> Bool {
        guard Files.isDirectory(path) else { return Files.exists(path) }
        return (try? Files.list(path).isEmpty) != true
    }

    // MARK: Checks

    /// Reads every byte of a backup, and its log as `barback verify` does.
    static func check(
        _ backup: String, _ progress: (Position, Position) throws -> Void
    ) throws -> BackupManifest {
        let manifest = try BackupManifest.read(from: backup)
        guard manifest.logFormat <= Schema.format else {
            throw LogError.newerFormat(found: manifest.logFormat, known: Schema.format)
        }
        try checkFiles(of: backup, against: manifest)
        let verifierKey = try Files.readAll("\(backup)/keys/log.vkey", limit: 1_000)
        guard let key = VerifierKey(String(decoding: verifierKey, as: UTF8.self)),
            try key.publicKey == signingKey(in: backup).publicKey
        else { throw BackupError(damaged: "\(backup)/keys", "the two keys do not fit each other") }
        let log = "\(backup)/log.db"
        let proof: Verification
        do {
            proof = try Verification.run(path: log, key: key, progress: progress)
        } catch LogError.damaged(let position, let reason) {
            throw BackupError(damaged: log, "at position \(position): \(reason)")
        } catch let error as Verification.OtherLog {
            throw BackupError(damaged: log, "\(error)")
        }
        guard proof.events == manifest.position, proof.root == manifest.root,
            key.logID == manifest.logID.description
        else { throw BackupError(damaged: log, "its head is not the one in the manifest") }
        return manifest
    }

    /// Every file that the manifest names is there as it was, and no other.
    private static func checkFiles(
        of directory: String, against manifest: BackupManifest
    ) throws {
        var expected: [String: BackupManifest.File] = [:]
        for file in manifest.files { expected[file.path] = file }
        for path in try Files.tree(directory)
        where ![BackupManifest.name, BackupManifest.digestName].contains(path) {
            let whole = "\(directory)/\(path)"
            guard let file = expected.removeValue(forKey: path) else {
                throw BackupError(damaged: whole, "the manifest does not name it")
            }
            let bytes = Int64(Files.size(whole) ?? 0)
            guard bytes == file.bytes else {
                throw BackupError(damaged: whole, "it has \(bytes) bytes, not \(file.bytes)")
            }
            guard try fileDigest(whole) == file.digest else {
                throw BackupError(damaged: whole, "its content does not fit its digest")
            }
        }
        if let missing = expected.keys.min() {
            throw BackupError(damaged: "\(directory)/\(missing)", "it is missing")
        }
    }

    // MARK: The new bar

    private static func prepare(
        _ manifest: BackupManifest, from backup: String, in folder: String, _ actor: Caller,
        _ now: Time
    ) throws {
        let need = manifest.bytes + 1_000_000
        let data = Files.parent(of: folder)
        let free = try Files.freeBytes(data)
        guard free >= need else {
            throw BackupError(
                "the disk of \(data) is too full: the bar takes \(need / 1_000_000 + 1) MB and "
                    + "\(free / 1_000_000) MB are free; make room or choose another --data")
        }
        try Files.makeDirectory(folder, recursive: false)
        try Files.copy("\(backup)/log.db", to: "\(folder)/log.db")
        try copyTree("\(backup)/keys", to: "\(folder)/keys")
        for piece in ["secrets", "media"] {
            try copyTree("\(backup)/\(piece)", to: "\(folder)/\(piece)")
        }
        // The disk that is written to can be the bad one.
        try checkFiles(of: folder, against: manifest)
        try record(manifest, in: folder, actor, now)
        for path in try Files.tree(folder) { try Files.fsync("\(folder)/\(path)") }
        try Files.fsyncDirectory(folder)
    }

    /// Appends to the copy, which nobody else knows yet, what has happened to this log.
    private static func record(
        _ manifest: BackupManifest, in folder: String, _ actor: Caller, _ now: Time
    ) throws(any Error) {
        let key = try signingKey(in: folder)
        let log = try LogWriter(path: "\(folder)/log.db", now: now, publicKey: key.publicKey)
        let event = Event.logRestored(
            LogRestored(
                position: manifest.position, root: manifest.root, madeAt: manifest.madeAt))
        let staged = StagedEvent(
            EventCoding.encode(event, expecting: .any), at: log.stamp(now),
            random: .random(in: .min ... .max))
        try log.commit([
            StagedCommand(
                id: staged.id, actor: actor.description, key: nil, events: [staged], reply: [])
        ])
        try log.signCheckpoint(with: key)
        try log.close()
    }
}

/// One bar for another in a data directory; each step can be the last before a power cut.
struct Exchange {
    let data: String
    private var restored: String { "\(data)/\(InterruptedRestore.folder)" }

    init(data: String) { self.data = data }

    /// From here on the bar in the folder is the one that counts.
    func decide(on folder: String, at now: Time) throws(SystemError) {
        // A name that `ls` sorts and every file system takes.
        let time = now.description.map { $0 == ":" ? "-" : $0 }
        try Files.writeAtomically(
            Array("replaced-\(String(time))".utf8), to: "\(folder)/\(Restore.note)")
        try Files.rename(folder, to: restored)
        try Files.fsyncDirectory(data)
    }

    /// Sets each piece of the old bar aside and puts the new one in its place; begun or not.
    ///
    /// A piece that still stands in `restored` is not in its place yet, so what has its name there is
    /// the old one.
    /// - Returns: the folder with the old bar; nil where there was none.
    @discardableResult
    func finish() throws -> String? {
        // The note is the last to go: without it every piece is in its place.
        let note = "\(restored)/\(Restore.note)"
        let name =
            try Files.exists(note)
            ? String(decoding: Files.readAll(note, limit: 100), as: UTF8.self) : "replaced"
        let replaced = "\(data)/\(name)"
        // The new bar has none, and the password in it would open nothing.
        for piece in Restore.leftovers where Files.exists("\(data)/\(piece)") {
            try Files.makeDirectory(replaced)
            try Files.rename("\(data)/\(piece)", to: "\(replaced)/\(piece)")
            try Files.fsyncDirectory(replaced)
        }
        for piece in Restore.pieces {
            let new = "\(restored)/\(piece)"
            let place = "\(data)/\(piece)"
            guard Files.exists(new) else { continue }
            if Files.exists(place) {
                try Files.makeDirectory(replaced)
                try Files.rename(place, to: "\(replaced)/\(piece)")
                try Files.fsyncDirectory(replaced)
            }
            try Files.rename(new, to: place)
            try Files.fsyncDirectory(data)
        }
        try Files.removeTree(restored)
        try Files.fsyncDirectory(data)
        return Files.exists(replaced) ? replaced : nil
    }
}
