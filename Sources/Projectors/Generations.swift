internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// The files of one read model: which one is live, and how the next one comes to be.
///
/// A live file is never renamed or removed. A new generation is built beside it under a name of its own,
/// gets its lasting name when it is whole and on the disk, and goes live when one small pointer file moves.
/// Wherever a kill or a power cut hits, the pointer names a whole file:
///
///     while it is built             NAME.gN.unfinished, which the next start or build removes
///     after its rename              NAME.gN.db is whole; the pointer still names the one before
///     between the pointer's rename and its fsync
///                                   the disk holds the old pointer or the new one, and both files
///     before old ones are removed   they are removed at the next start or build
///
/// The live one and the one before it stay, for going back. Older ones are unlinked at once, although a
/// front may have one open that has not looked at the pointer for 250 ms: nobody writes to it any more, it
/// is read through descriptors that stay good, and its number is not given again while it matters,
/// since numbers only rise. The holder of the projector's lock is the only one who does any of this.
struct Generations {
    let model: ReadModel
    let files: ModelFiles
    private let log: LogReader

    init(_ model: ReadModel, _ files: ModelFiles, _ log: LogReader) {
        self.model = model
        self.files = files
        self.log = log
    }

    /// The live read model, built anew where there is none or it cannot be used.
    func open(_ watch: RebuildWatch = .nobody) throws -> (generation: Int, Projection) {
        let live = try live()
        // A file made anew under the same number would not be noticed by who has the old one open.
        if let live, Files.exists(files.path(generation: live)) {
            do {
                let projection = try projection(live)
                try sweep(keeping: [live, previous(to: live)])
                return (live, projection)
            } catch Projection.Failure.mustRebuild(let reason) {
                say("is rebuilt: \(reason)")
            } catch let error as SQLiteError where error.isCorrupt || error.isCannotOpen {
                say("is rebuilt: \(error)")
            }
        }
        let next = try build(watch)
        let projection = try projection(next)
        try goLive(next, insteadOf: live)
        return (next, projection)
    }

    func projection(_ generation: Int) throws -> Projection {
        try Projection(model, path: files.path(generation: generation), log: log)
    }

    /// The generation that the pointer names; nil where there is no pointer, or it is nonsense.
    func live() throws -> Int? {
        guard Files.exists(files.pointer) else { return nil }
        return ModelFiles.generation(fromPointer: try Files.readAll(files.pointer, limit: 100))
    }

    /// The newest whole generation besides the live one; nil where there is none.
    func previous(to live: Int) throws -> Int? {
        try list().compactMap(files.generation(ofFile:)).filter { $0 != live }.max()
    }

    /// A new generation, level with the log, whole and on the disk; nobody knows of it yet.
    func build(_ watch: RebuildWatch) throws -> Int {
        let live = try live()
        let next =
            max(live ?? 0, try list().compactMap(files.generation(ofAnyFile:)).max() ?? 0) + 1
        // What a killed build has left behind may be large.
        try removeUnfinished()
        let path = files.unfinished(generation: next)
        do {
            try fill(path, watch)
        } catch {
            // The supervisor tries again and again: a file for each time would fill the disk.
            try? removeUnfinished()
            throw error
        }
        // Whole before it has its name, and its name before the pointer may say it.
        try Files.fsync(path)
        try Files.rename(path, to: files.path(generation: next))
        try Files.fsyncDirectory(files.directory)
        return next
    }

    private func fill(_ path: String, _ watch: RebuildWatch) throws {
        let projection = try Projection(model, path: path, log: log, care: .disposable)
        try projection.catchUp(with: log, page: Projection.largePage, watch)
        try projection.finish()
    }

    /// Moves the pointer; the generation before stays, others go.
    func goLive(_ generation: Int, insteadOf before: Int?) throws {
        try Files.writeAtomically(Array("\(generation)\n".utf8), to: files.pointer)
        try sweep(keeping: [generation, before])
    }

    /// Repairs what somebody has done to the files of a projector at work.
    ///
    /// - Returns: false where the live file itself is gone.
    func lookAfter(_ live: Int) throws -> Bool {
        guard Files.exists(files.path(generation: live)) else { return false }
        if (try? self.live()) != live {
            say("had a pointer that said something else; it is put right")
            try Files.writeAtomically(Array("\(live)\n".utf8), to: files.pointer)
        }
        return true
    }

    private func sweep(keeping kept: [Int?]) throws {
        try removeUnfinished()
        for file in try list() {
            guard let generation = files.generation(ofAnyFile: file), !kept.contains(generation)
            else { continue }
            try Files.remove("\(files.directory)/\(file)")
        }
    }

    private func removeUnfinished() throws {
        for file in try list() where file.hasSuffix(".unfinished") {
            guard files.generation(ofAnyFile: file) != nil else { continue }
            try Files.remove("\(files.directory)/\(file)")
        }
    }

    private func list() throws -> [String] { try Files.list(files.directory) }

    func say(_ what: String) {
        Standard.error("barback projector \(model.name): the read model \(what)\n")
    }
}
