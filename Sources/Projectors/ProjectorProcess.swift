internal import Domain
internal import EventStore
public import ReadModels
internal import SQLite
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
        let signals = try Signals([.terminate, .interrupt])
        let listener = try Bell.Listener(directory: dataDirectory + "/run", names: ["log.bell"])
        let bell = try Bell.Ringer("\(dataDirectory)/run/\(model.name).bell")
        let log = try LogReader(path: dataDirectory + "/log.db")
        let generations = Generations(model, files, log)
        var projection = try generations.open()
        bell.ring()
        ProcessMemory.forgetStart()
        Readiness.announce()

        let loop = try EventLoop()
        try loop.watch(signals.descriptor, readable: true, token: 0)
        try loop.watch(listener.descriptor, readable: true, token: 1)
        var ready: [Ready] = []
        while true {
            // A bell may be lost, so it looks for itself four times a second.
            try loop.wait(timeoutMilliseconds: 250, into: &ready)
            if ready.contains(where: { $0.token == 0 }) { return }
            // Quiet the bell before reading: one that rings meanwhile is heard on the next turn.
            _ = try listener.drain()
            do {
                try follow(projection, bell)
                if ready.isEmpty { try projection.copyWriteAheadLog(idle: true) }
            } catch let error as SQLiteError where error.isCorrupt {
                projection = try generations.rebuild(because: error)
                bell.ring()
            }
        }
    }

    private func follow(_ projection: Projection, _ bell: Bell.Ringer) throws {
        while try projection.applyPage() > 0 {
            bell.ring()
            try projection.copyWriteAheadLog(idle: false)
        }
    }
}
