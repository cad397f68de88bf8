internal import Domain
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
///     while it is built             NAME.gN.unfinished, which the next start or build removes with what is beside it
///     after its rename              NAME.gN.db is whole; the pointer still names the one before
///     between the pointer's rename and its fsync
///                                   the disk holds the old pointer or the new one, and both files
///     before old ones are removed   they are removed at the next start or build
///
/// The live one and the one before it stay, for going back; the one before only until somebody is forgotten,
/// since it would hold their name. Older ones are unlinked at once, although a
/// front may have one open that has not looked at the pointer for 250 ms: nobody writes to it any more, it
/// is read through descriptors that stay good, and numbers rise as long as anything is there that tells the
/// last one; a front compares the file as well. The holder of the projector's lock is the only one who does any of this.
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
        // A file that is lost or emptied would be made anew under the same number, and filled while it is live.
        if let live, isThere(live) {
            do {
                let projection = try projection(live)
                try sweep(keeping: [live, lasting(previous(to: live))])
                return (live, projection)
            } catch Projection.Failure.mustRebuild(let reason) {
                say("is rebuilt: \(reason)")
            } catch let error as SQLiteError where error.isOfFile {
                say("is rebuilt: \(error)")
            }
        }
        let next = try build(watch)
        let projection = try projection(next)
        try goLive(next, insteadOf: live)
        return (next, projection)
    }

    /// Whether there is a file of it that holds anything.
    func isThere(_ generation: Int) -> Bool {
        Files.size(files.path(generation: generation)).map { $0 > 0 } ?? false
    }

    func projection(_ generation: Int) throws -> Projection {
        try Projection(model, path: files.path(generation: generation), log: log)
    }

    /// The generation that the pointer names; nil where there is no pointer, or it is nonsense.
    func live() throws -> Int? {
        guard let size = Files.size(files.pointer), size <= 100,
            !Files.isDirectory(files.pointer)
        else { return nil }
        return ModelFiles.generation(fromPointer: try Files.readAll(files.pointer, limit: 100))
    }

    /// The newest whole generation besides the live one; nil where there is none.
    func previous(to live: Int) throws -> Int? {
        try list().compactMap(files.generation(ofFile:)).filter { $0 != live }.max()
    }

    /// A new generation, level with the log, whole and on the disk; nobody knows of it yet.
    func build(_ watch: RebuildWatch) throws -> Int {
        // What a killed build has left behind may be large, and its number is free again.
        try removeUnfinished()
        let next = try nextNumber()
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

    /// The first one after all that are taken; a lower one where somebody has written the highest.
    private func nextNumber() throws -> Int {
        let taken = Set(try list().compactMap(files.generation(ofAnyFile:)) + [try live() ?? 0])
        let next = (taken.max() ?? 0) + 1
        if ModelFiles.numbers.contains(next) { return next }
        return ModelFiles.numbers.first { !taken.contains($0) } ?? next
    }

    private func fill(_ path: String, _ watch: RebuildWatch) throws {
        let projection = try Projection(model, path: path, log: log, care: .disposable)
        try projection.catchUp(with: log, page: Projection.largePage, watch)
        try projection.finish()
    }

    /// Moves the pointer; the generation before stays, others go.
    func goLive(_ generation: Int, insteadOf before: Int?) throws {
        try point(to: generation)
        try sweep(keeping: [generation, lasting(before)])
    }

    /// Removes the generation before, which has not forgotten whom the live one has just forgotten.
    func dropBefore(_ live: Int) throws { try sweep(keeping: [live]) }

    /// A generation to go back to; nil where it holds somebody who was forgotten since.
    private func lasting(_ generation: Int?) throws -> Int? {
        guard let generation, model.holdsNames else { return generation }
        // One that cannot be read may hold anybody.
        let position = (try? LiveContent.position(files.path(generation: generation))) ?? .start
        let forgotten = try log.read(type: ReadModel.forgetting, after: position, limit: 1)
        return forgotten.isEmpty ? generation : nil
    }

    private func point(to generation: Int) throws {
        if Files.isDirectory(files.pointer) {
            // It is somebody's, so it is not removed.
            let aside = "\(files.pointer).aside-\(generation)"
            say("had a directory in the pointer's place; it is now \(aside)")
            try Files.rename(files.pointer, to: aside)
        }
        try Files.writeAtomically(Array("\(generation)\n".utf8), to: files.pointer)
    }

    /// Repairs what somebody has done to the files of a projector at work.
    ///
    /// - Returns: false where the live file itself is gone or emptied.
    func lookAfter(_ live: Int) throws -> Bool {
        guard isThere(live) else { return false }
        if (try? self.live()) != live {
            say("had a pointer that said something else; it is put right")
            try point(to: live)
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
        for file in try list() where files.isUnfinished(file) || isOfDeadCheck(file) {
            try Files.remove("\(files.directory)/\(file)")
        }
    }

    private func isOfDeadCheck(_ file: String) -> Bool {
        files.checker(ofFile: file).map { !Files.exists("/proc/\($0)") } ?? false
    }

    private func list() throws -> [String] { try Files.list(files.directory) }

    func say(_ what: String) {
        Standard.log("barback projector \(model.name): the read model \(what)")
    }
}
