internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// The files of one read model: which one is live, and how the next one comes to be.
///
/// A live file is never renamed or removed. A new generation is built beside it, and one small
/// pointer file moves when it has caught up; the two newest generations stay.
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
        if let live = try liveGeneration() {
            do {
                return try Projection(model, path: files.path(generation: live), log: log)
            } catch Projection.Failure.mustRebuild(let reason) {
                say("is rebuilt: \(reason)")
            } catch let error as SQLiteError where error.isCorrupt || error.isCannotOpen {
                say("is rebuilt: \(error)")
            }
        }
        return try build()
    }

    private func liveGeneration() throws -> Int? {
        guard Files.exists(files.pointer) else { return nil }
        return ModelFiles.generation(
            fromPointer: try Files.readAll(files.pointer, limit: 100))
    }

    private func build() throws -> Projection {
        let existing = try Files.list(files.directory).compactMap(files.generation(ofFile:))
        let next = (existing.max() ?? 0) + 1
        let path = files.path(generation: next)
        let projection = try Projection(model, path: path, log: log)
        while try projection.applyPage() > 0 {
            try projection.copyWriteAheadLog(idle: false)
        }
        try projection.copyWriteAheadLog(idle: true)
        try Files.writeAtomically(Array("\(next)\n".utf8), to: files.pointer)
        for old in existing where old < next - 1 {
            for ending in ["", "-wal", "-shm"] {
                _ = try Files.remove(files.path(generation: old) + ending)
            }
        }
        return projection
    }

    private func say(_ what: String) {
        Standard.error("barback projector \(model.name): the read model \(what)\n")
    }
}
