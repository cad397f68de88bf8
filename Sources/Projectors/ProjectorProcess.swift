public import ReadModels
internal import System

/// The process `barback projector NAME`: follows the log and keeps one read model.
public struct ProjectorProcess: Sendable {
    public let model: ReadModel
    public let dataDirectory: String

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
        guard let lock = try FileLock.take("\(files.directory)/\(model.name).lock") else {
            throw Projection.Failure.notAlone(model.name)
        }
        defer { withExtendedLifetime(lock) {} }
        let loop = try ProjectorLoop(model, dataDirectory: dataDirectory)
        ProcessMemory.forgetStart()
        Readiness.announce()
        try loop.run()
    }
}
