internal import EventStore
internal import ReadModels
internal import Synchronization
internal import System

/// A rebuild on a thread of its own, so that the live read model is followed meanwhile as always.
///
/// The thread shares nothing with the loop but this: it reads the log, and writes a file that nobody knows
/// of yet, on connections of its own. Moving the pointer is the loop's.
final class RebuildThread: Sendable {
    struct State {
        var done: Int64 = 0
        var all: Int64 = 0
        var outcome: Result<RebuildReport, any Error>?
    }

    let wish: Rebuild.Wish
    private let state = Mutex(State())
    private let isStopped = Atomic<Bool>(false)
    private let news: Wakeup
    private let thread = Mutex<Thread?>(nil)

    /// `news` rings whenever there is something to look at.
    init(
        _ wish: Rebuild.Wish, of model: ReadModel, dataDirectory: String, beside live: Int,
        comparing: Bool, news: Wakeup
    ) throws {
        self.wish = wish
        self.news = news
        let started = try Thread.start("rebuild", stackKilobytes: 1_024) { [self] in
            let outcome = Result { try work(model, dataDirectory, live, comparing) }
            state.withLock { $0.outcome = outcome }
            news.ring()
        }
        thread.withLock { $0 = started }
    }

    func look() -> State { state.withLock { $0 } }

    /// Ends it between two pages, and waits until it has put away what it had begun.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.withLock { $0 }?.join()
    }

    private func work(
        _ model: ReadModel, _ dataDirectory: String, _ live: Int, _ comparing: Bool
    ) throws -> RebuildReport {
        // Guests go first.
        try Limits.lowPriority()
        let log = try LogReader(path: dataDirectory + "/log.db")
        let files = ModelFiles(model.name, dataDirectory: dataDirectory)
        let watch = RebuildWatch(
            progress: { [self] done, all in
                state.withLock { ($0.done, $0.all) = (done, all) }
                news.ring()
            },
            goesOn: { [self] in !isStopped.load(ordering: .acquiring) })
        return try Rebuild(generations: Generations(model, files, log), log: log, watch: watch)
            .run(wish, beside: live, comparing: comparing)
    }
}
