public import ReadModels
internal import System

/// The process `barback projector NAME`: follows the log and keeps one read model.
public struct ProjectorProcess: Sendable {
    public let model: ReadModel
    public let dataDirectory: String

    /// About what a rebuild of some million events takes.
    private static let patienceNanoseconds: UInt64 = 60_000_000_000

    public init(_ model: ReadModel, dataDirectory: String) {
        self.model = model
        self.dataDirectory = dataDirectory
    }

    /// Runs until SIGTERM.
    ///
    /// - Throws: one sentence for the person who started it.
    public func run() throws {
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        try Files.makeDirectory(files.directory)
        let lock = try takeLock("\(files.directory)/\(model.name).lock")
        defer { withExtendedLifetime(lock) {} }
        let loop = try ProjectorLoop(model, dataDirectory: dataDirectory)
        ProcessMemory.forgetStart()
        Readiness.announce()
        try loop.run()
    }

    /// A `barback rebuild` that began while nobody served has it until it is done.
    private func takeLock(_ path: String) throws -> FileLock {
        if let lock = try FileLock.take(path) { return lock }
        Standard.error(
            "barback projector \(model.name): waits for another process that writes the read model\n"
        )
        let patience = Clock.monotonicNanoseconds() + Self.patienceNanoseconds
        while Clock.monotonicNanoseconds() < patience {
            Clock.sleep(milliseconds: 50)
            if let lock = try FileLock.take(path) { return lock }
        }
        throw Projection.Failure.notAlone(model.name)
    }
}
