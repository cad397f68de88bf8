internal import EventStore
public import ReadModels
internal import System

/// What `barback rebuild NAME` does: asks the projector, or does the work itself where none runs.
public enum RebuildRequest {
    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// `goesOn` is asked several times a second.
    ///
    /// A projector that was asked goes on to the end, also when nobody waits any more.
    /// - Throws: ``Failed``, ``RebuildStopped``.
    public static func run(
        _ model: ReadModel, rollingBack: Bool, dataDirectory: String,
        progress: @escaping (_ done: Int64, _ all: Int64) -> Void, goesOn: @escaping () -> Bool
    ) throws -> RebuildReport {
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        let watch = RebuildWatch(progress: progress, goesOn: goesOn)
        let patience = Clock.monotonicNanoseconds() + 10_000_000_000
        while true {
            if let report = try ask(rollingBack ? .rollBack : .rebuild, files.socket, watch) {
                return report
            }
            if let report = try workAlone(model, files, dataDirectory, rollingBack, watch) {
                return report
            }
            // It has its lock and does not listen: on its way up, or down.
            guard Clock.monotonicNanoseconds() < patience else {
                throw Failed(
                    description: "the projector \(model.name) runs and does not answer; it may be "
                        + "building its read model just now: try again when barback status shows it"
                )
            }
            guard goesOn() else { throw RebuildStopped() }
            Clock.sleep(milliseconds: 50)
        }
    }

    /// Nil where nobody listens.
    private static func ask(
        _ wish: ProjectorMessage, _ path: String, _ watch: RebuildWatch
    ) throws -> RebuildReport? {
        let socket: FileDescriptor
        do throws(SystemError) {
            socket = try UnixSocket.connect(path)
        } catch {
            guard error.isRefused else { throw error }
            return nil
        }
        try socket.writeAll(Array(wish.line.utf8))
        var input: [UInt8] = []
        while true {
            guard watch.goesOn() else { throw RebuildStopped() }
            guard socket.waitUntilReady(reading: true, timeoutMilliseconds: 200) else { continue }
            let transfer = try socket.read(appendingTo: &input)
            while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: input[..<end], as: UTF8.self)
                input.removeFirst(end + 1)
                switch ProjectorMessage(line) {
                case .progress(let done, let all)?: watch.progress(done, all)
                case .done(let report)?: return report
                case .failed(let sentence)?: throw Failed(description: sentence)
                default:
                    throw Failed(
                        description:
                            "the projector says \(line.prefix(40)), which this release does "
                            + "not understand")
                }
            }
            guard transfer != .ended else {
                throw Failed(
                    description: "the projector ended before the read model was built; the one "
                        + "before is live: ask again")
            }
        }
    }

    /// The same work under the projector's lock; nil where somebody has it.
    private static func workAlone(
        _ model: ReadModel, _ files: ModelFiles, _ dataDirectory: String, _ rollingBack: Bool,
        _ watch: RebuildWatch
    ) throws -> RebuildReport? {
        let log = try LogReader(path: dataDirectory + "/log.db")
        try Files.makeDirectory(files.directory)
        guard let lock = try FileLock.take("\(files.directory)/\(model.name).lock") else {
            return nil
        }
        defer { withExtendedLifetime(lock) {} }
        let generations = Generations(model, files, log)
        let pointed = try generations.live()
        let comparable = try pointed.map { try bringLevel($0, generations, log, watch) } ?? false
        let report = try Rebuild(generations: generations, log: log, watch: watch)
            .run(rollingBack ? .rollBack : .anew, beside: pointed, comparing: comparable)
        try generations.goLive(report.generation, insteadOf: pointed)
        return report
    }

    /// Nobody else follows the log for the live one; false where it cannot be used.
    private static func bringLevel(
        _ live: Int, _ generations: Generations, _ log: LogReader, _ watch: RebuildWatch
    ) throws(RebuildStopped) -> Bool {
        // A file made or filled here would be taken for a read model.
        guard generations.isThere(live) else { return false }
        do {
            let projection = try generations.projection(live)
            try projection.catchUp(with: log, page: Projection.largePage, watch)
            return true
        } catch let error as RebuildStopped {
            throw error
        } catch {
            generations.say("that is live cannot be compared: \(error)")
            return false
        }
    }
}
