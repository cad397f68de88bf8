internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// The files of one read model: which one is live, and how the next one comes to be.
///
/// A live file is never renamed or removed. A new generation is built beside it, and one small
/// pointer file moves when it has caught up; the generation before it stays, older ones go.
struct Generations {
    private let model: ReadModel
    private let files: ModelFiles
    private let log: LogReader

    init(_ model: ReadModel, _ files: ModelFiles, _ log: LogReader) {
        self.model = model
        self.files = files
        self.log = log
    }

    /// The live read model, built anew where there is none or it cannot be used.
    func open() throws -> Projection {
        let live = try liveGeneration()
        // A file made anew under the same number would not be noticed by who has the old one open.
        if let live, Files.exists(files.path(generation: live)) {
            do {
                return try Projection(model, path: files.path(generation: live), log: log)
            } catch Projection.Failure.mustRebuild(let reason) {
                say("is rebuilt: \(reason)")
            } catch let error as SQLiteError where error.isCorrupt || error.isCannotOpen {
                say("is rebuilt: \(error)")
            }
        }
        return try build(after: live ?? 0)
    }

    /// A new generation beside a live one that has turned out to be broken.
    func rebuild(because error: SQLiteError) throws -> Projection {
        say("is rebuilt: \(error)")
        return try build(after: liveGeneration() ?? 0)
    }

    private func liveGeneration() throws -> Int? {
        guard Files.exists(files.pointer) else { return nil }
        return ModelFiles.generation(
            fromPointer: try Files.readAll(files.pointer, limit: 100))
    }

    private func build(after live: Int) throws -> Projection {
        let existing = try Files.list(files.directory).compactMap(files.generation(ofFile:))
        let next = max(live, existing.max() ?? 0) + 1
        let projection: Projection
        do {
            projection = try catchUp(next)
        } catch {
            // The supervisor tries again and again: a file for each time would fill the disk.
            try? remove(next)
            throw error
        }
        try Files.writeAtomically(Array("\(next)\n".utf8), to: files.pointer)
        // Others than the one before are older, or were not finished.
        for old in existing where old != live { try remove(old) }
        return projection
    }

    private func catchUp(_ generation: Int) throws -> Projection {
        let projection = try Projection(model, path: files.path(generation: generation), log: log)
        while try projection.applyPage() > 0 {
            try projection.copyWriteAheadLog(idle: false)
        }
        try projection.copyWriteAheadLog(idle: true)
        return projection
    }

    private func remove(_ generation: Int) throws {
        for ending in ["", "-wal", "-shm"] {
            try Files.remove(files.path(generation: generation) + ending)
        }
    }

    private func say(_ what: String) {
        Standard.error("barback projector \(model.name): the read model \(what)\n")
    }
}
