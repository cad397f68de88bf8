internal import Crypto
public import Domain
internal import EventStore
internal import SQLite
internal import System

/// Everything of a bar that cannot be made again, in a directory that is whole or not there.
///
///     log.db             the log at one moment; no write-ahead log beside it
///     keys/log.key       signs its checkpoints: whoever has it can forge them
///     keys/log.vkey      the public half
///     keys/...           what codes, API keys and tokens are made of
///     secrets/...        password hashes, and the key of each guest's name: without them nobody signs in
///     media/...          photos
///     manifest.json      what there is, with sizes and digests
///     manifest.sha256    the digest of the manifest
///
/// It is made as DIR.unfinished, verified, synced, and renamed last.
public enum Backup {
    /// Whether a directory is a backup, whole or not.
    public static func isOne(_ directory: String) -> Bool {
        Files.exists("\(directory)/\(BackupManifest.name)")
    }

    /// What a long piece of work is at.
    public enum Step: Sendable { case copying, verifying }

    /// Makes a backup beside a running bar or without one.
    ///
    /// `progress` is called with events done and events there are, and throws to stop.
    /// - Throws: ``BackupError``, ``LogError``, ``SystemError``; nothing is left behind then.
    public static func make(
        of data: String, in directory: String, version: String, now: Time,
        progress: (Step, Position, Position) throws -> Void
    ) throws -> BackupManifest {
        try checkSource(data)
        try checkDestination(directory, data)
        let key = try signingKey(in: data)
        // The key of another bar is found out before a long copy, not after it.
        _ = try Verifier.verifyTail(path: data + "/log.db", publicKey: key.publicKey)
        let parent = Files.parent(of: directory)
        try Files.makeDirectory(parent)
        try checkRoom(on: parent, for: data)
        let unfinished = directory + ".unfinished"
        guard try Files.makeNewDirectory(unfinished) else {
            throw BackupError(
                "\(unfinished) is in the way, left by a backup that was cut off or is still being made; "
                    + "remove it if no backup is running")
        }
        do {
            let manifest = try fill(unfinished, from: data, key, version, now, progress)
            // An empty directory of that name is replaced; rename(2) refuses any other.
            try Files.rename(unfinished, to: directory)
            try Files.fsyncDirectory(parent)
            return manifest
        } catch {
            try? Files.removeTree(unfinished)
            throw error
        }
    }

    private static func fill(
        _ directory: String, from data: String, _ key: SigningKey, _ version: String, _ now: Time,
        _ progress: (Step, Position, Position) throws -> Void
    ) throws -> BackupManifest {
        let log = directory + "/log.db"
        var syncedTo = Position.start
        let head = try LogCopy.make(from: data + "/log.db", to: log) { done, all in
            // Synced all at once at the end, it would keep the bar's next COMMIT from the disk for long.
            if done.number - syncedTo.number >= 20_000 {
                try Files.fsync(log)
                syncedTo = done
            }
            try progress(.copying, done, all)
        }
        let verifierKey = SignedCheckpoint.verifierKey(
            logID: head.logID, publicKey: key.publicKey, hashingWith: SHA256())
        try Files.makeDirectory(directory + "/keys", recursive: false)
        try Files.writeAtomically(Array(key.text.utf8), to: directory + "/keys/log.key")
        try Files.writeAtomically(
            Array((verifierKey + "\n").utf8), to: directory + "/keys/log.vkey", mode: 0o644)
        try copyKeys(from: data, to: directory)
        try copySecrets(from: data, to: directory)
        // After the log: a photo is on the disk before its event, so that all that the copy names are there.
        try copyTree(data + "/media", to: directory + "/media") { !$0.hasSuffix(".tmp") }
        let photos = try PhotoCheck.run(log: log, in: directory, digests: true)
        let proof = try Verification.run(path: log, key: VerifierKey(verifierKey)) {
            try progress(.verifying, $0, $1)
        }
        try Files.fsync(log)
        let manifest = BackupManifest(
            version: version, logID: head.logID, logFormat: Schema.format, position: proof.events,
            root: proof.root, madeAt: now, files: try files(of: directory),
            flawedPhotos: photos.flawed)
        let json = manifest.json
        try Files.writeAtomically(json, to: "\(directory)/\(BackupManifest.name)")
        try Files.writeAtomically(
            BackupManifest.digestLine(of: json), to: "\(directory)/\(BackupManifest.digestName)")
        try Files.fsyncDirectory(directory)
        return manifest
    }

    /// The keys that were made once: those of a bar of an earlier release are made at its next start.
    private static func copyKeys(from data: String, to directory: String) throws(SystemError) {
        for name in ["master.key", "local.key", "token.json"] {
            let key = "\(data)/keys/\(name)"
            if Files.exists(key) { try Files.copy(key, to: "\(directory)/keys/\(name)") }
        }
    }

    /// After the log: whoever is in it has a key and a password in these, as each is written before its event.
    private static func copySecrets(from data: String, to directory: String) throws {
        try Files.makeDirectory(directory + "/secrets", recursive: false)
        for name in ["secrets.db", "people.db"] {
            let source = "\(data)/secrets/\(name)"
            guard Files.exists(source) else { continue }
            let copy = "\(directory)/secrets/\(name)"
            // One moment of it, whatever its writer does meanwhile; it leaves no write-ahead log.
            let database = try Connection(path: source, mode: .readOnly)
            let vacuum = try database.prepare("VACUUM INTO ?")
            vacuum.bind(1, copy)
            try vacuum.run()
            try Files.fsync(copy)
        }
        try Files.fsyncDirectory(directory + "/secrets")
    }

    static func files(of directory: String) throws(SystemError) -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        for path in try Files.tree(directory) {
            let whole = "\(directory)/\(path)"
            files.append(
                .init(
                    path: path, bytes: Int64(Files.size(whole) ?? 0), digest: try fileDigest(whole))
            )
        }
        return files
    }

    // MARK: Before anything is written

    private static func checkSource(_ data: String) throws {
        guard !Files.exists("\(data)/\(InterruptedRestore.folder)") else {
            throw BackupError(
                "a restore was interrupted in \(data); finish it with barback restore first")
        }
        _ = try LogReader(path: data + "/log.db")
    }

    private static func checkDestination(_ directory: String, _ data: String) throws {
        let advice = "name a directory that does not exist yet"
        guard !directory.isEmpty else { throw BackupError("the backup has no name; \(advice)") }
        guard !Files.leads(directory, into: data) else {
            throw BackupError(
                "\(directory) lies in the bar's own directory and would go with it; "
                    + "name one outside of \(data)")
        }
        // A directory takes the place of an empty one, never that of a link.
        guard !Files.isLink(directory) else {
            throw BackupError("\(directory) is a symbolic link; \(advice)")
        }
        let place = Files.nearest(directory)
        guard Files.isDirectory(place) else {
            throw BackupError("\(place) is a file; \(advice)")
        }
        guard place == directory else { return }
        guard try Files.list(directory).isEmpty else {
            throw BackupError(
                "\(directory) is not empty; \(advice)")
        }
    }

    private static func checkRoom(on disk: String, for data: String) throws {
        var need: Int64 = 1_000_000
        for name in ["log.db", "log.db-wal"] { need += Int64(Files.size("\(data)/\(name)") ?? 0) }
        for folder in ["media", "secrets"] {
            for path in try Files.tree("\(data)/\(folder)") {
                need += Int64(Files.size("\(data)/\(folder)/\(path)") ?? 0)
            }
        }
        let free = try Files.freeBytes(disk)
        guard free >= need else {
            throw BackupError(
                "the disk of \(disk) is too full: the backup takes \(need / 1_000_000 + 1) MB and "
                    + "\(free / 1_000_000) MB are free; make room or choose another disk")
        }
    }
}

/// The key that signs a log's checkpoints, from a data directory or a backup.
func signingKey(in directory: String) throws -> SigningKey {
    let path = directory + "/keys/log.key"
    guard Files.exists(path) else {
        throw BackupError("\(path), which signs the log, is missing; put it back from a backup")
    }
    let text = String(decoding: try Files.readAll(path, limit: 1_000), as: UTF8.self)
    guard let key = SigningKey(text) else {
        throw BackupError("\(path) does not hold a key; put it back from a backup")
    }
    return key
}

/// Copies a directory with all below it that is wanted; an empty one where there is none.
///
/// A file that is removed meanwhile is left out.
func copyTree(
    _ directory: String, to other: String, where isWanted: (String) -> Bool = { _ in true }
) throws(SystemError) {
    try Files.makeDirectory(other, recursive: false)
    var directories: Set<String> = [other]
    for path in try Files.tree(directory) where isWanted(path) {
        let copy = "\(other)/\(path)"
        let parent = Files.parent(of: copy)
        if directories.insert(parent).inserted { try Files.makeDirectory(parent) }
        do throws(SystemError) { try Files.copy("\(directory)/\(path)", to: copy) } catch {
            guard error.isMissing, !Files.exists("\(directory)/\(path)") else { throw error }
        }
    }
    for directory in directories { try Files.fsyncDirectory(directory) }
}
