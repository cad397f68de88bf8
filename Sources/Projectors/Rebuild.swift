internal import Crypto
internal import Domain
internal import EventStore
internal import ReadModels
internal import SQLite
internal import System

/// The next generation of a read model, made ready to go live beside the one that is.
///
/// The live one goes on the whole time. Both are compared at one position: the live one as a snapshot of
/// it shows it, the new one stopped there.
struct Rebuild {
    enum Wish: Sendable {
        /// Built from the first event on.
        case anew
        /// The generation before, brought up to date.
        case rollBack
    }

    struct NothingBefore: Error, CustomStringConvertible {
        let name: String
        var description: String {
            "there is no other generation of the read model \(name) to go back to; "
                + "barback rebuild \(name) builds one from the log"
        }
    }

    let generations: Generations
    let log: LogReader
    let watch: RebuildWatch

    /// Makes it ready; who owns the projector's lock then lets it go live.
    ///
    /// `live` is what the pointer names, and compared unless it is known to be damaged.
    func run(_ wish: Wish, beside live: Int?, comparing: Bool) throws -> RebuildReport {
        let next = try generation(wish, live)
        let candidate = try generations.projection(next)
        try candidate.catchUp(with: log, page: Projection.largePage, watch)
        let before =
            comparing
            ? try live.flatMap { try contentOfLive($0, notBefore: candidate.position) } : nil
        if let before {
            while try candidate.applyPage(upTo: before.position) > 0 {}
        }
        let report = RebuildReport(
            position: candidate.position.number, generation: next, before: before?.digest,
            now: try candidate.contentDigest())
        try candidate.catchUp(with: log, page: Projection.largePage, watch)
        try candidate.copyWriteAheadLog(idle: true)
        return report
    }

    private func generation(_ wish: Wish, _ live: Int?) throws -> Int {
        switch wish {
        case .anew: return try generations.build(watch)
        case .rollBack:
            guard let previous = try generations.previous(to: live ?? 0) else {
                throw NothingBefore(name: generations.model.name)
            }
            return previous
        }
    }

    /// What the live one holds at some moment from a position on.
    ///
    /// Nil where it is damaged or does not get there: its own projector, this process, would have to be stuck.
    private func contentOfLive(
        _ live: Int, notBefore position: Position
    ) throws -> (position: Position, digest: String)? {
        let path = generations.files.path(generation: live)
        do {
            let patience = Clock.monotonicNanoseconds() + 10_000_000_000
            while try LiveContent.position(path) < position {
                guard Clock.monotonicNanoseconds() < patience else { return nil }
                guard watch.goesOn() else { throw RebuildStopped() }
                Clock.sleep(milliseconds: 5)
            }
            return try LiveContent.read(path)
        } catch let error as SQLiteError where error.isOfFile {
            return nil
        }
    }
}

/// A read model that somebody else may be writing, read at one moment.
enum LiveContent {
    static func position(_ path: String) throws(SQLiteError) -> Position {
        let connection = try Connection(path: path, mode: .readOnly)
        return try connection.snapshot(first: { () throws(SQLiteError) in
            try position(connection)
        }) { position throws(SQLiteError) in position }
    }

    static func read(_ path: String) throws(SQLiteError) -> (position: Position, digest: String) {
        let connection = try Connection(path: path, mode: .readOnly)
        return try connection.snapshot(first: { () throws(SQLiteError) in
            try position(connection)
        }) { position throws(SQLiteError) in
            (position, try ContentDigest.of(connection).hex)
        }
    }

    private static func position(_ connection: Connection) throws(SQLiteError) -> Position {
        Position(try connection.integer("SELECT position FROM projection"))
    }

    /// Whether the file on the disk is a sound database; what is in some process's memory says little.
    static func isSound(_ path: String) -> Bool {
        do throws(SQLiteError) {
            let connection = try Connection(path: path, mode: .readOnly)
            let check = try connection.prepare("PRAGMA quick_check(1)")
            defer { check.reset() }
            return try check.step() && check.text(0) == "ok"
        } catch {
            return !error.isCorrupt
        }
    }
}
