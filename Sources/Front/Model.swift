internal import Domain
internal import HTTP
internal import ReadModels
internal import SQLite
internal import System

/// One read model as the front sees it: the live generation, opened read-only, and how far it is.
final class Model<Reader: ModelReader> {
    let name: String
    private let files: ModelFiles
    private let open: (String) throws(SQLiteError) -> Reader
    private(set) var generation = 0
    /// The file that is open: where all was removed, numbers begin anew and a number alone says nothing.
    private var file: Files.Identity?
    /// The directory that this process may read, whatever else gets its name.
    private let directory: Files.Identity?
    private var pointerReadAt: UInt64 = 0
    private var reportedAt: UInt64 = 0
    /// What the pointer named last, whether it could be opened or not.
    private var pointed = 0
    /// What was said last: a fault that lasts is said once, not with every look.
    private var complaint = ""
    /// Nil until the projector has built it.
    private(set) var reader: Reader?
    private(set) var state = ModelState(position: .start, changed: .start)

    init(
        _ name: String, dataDirectory: String,
        open: @escaping (String) throws(SQLiteError) -> Reader
    ) {
        self.name = name
        files = ModelFiles(name, dataDirectory: dataDirectory)
        self.open = open
        directory = Files.identity(files.directory)
        refresh()
    }

    /// Looks where the model is now; true if it moved.
    ///
    /// A new generation is opened when the pointer names one. A request runs to its end on one thread between
    /// two looks, so it never sees the reader change; the one before is closed here, and its file may
    /// have been unlinked by then, which what is open does not notice.
    @discardableResult
    func refresh() -> Bool {
        let before = state
        let generationBefore = generation
        followPointer()
        do throws(SQLiteError) {
            if let reader { state = try reader.readState() }
        } catch {
            fail(error)
        }
        return state != before || generation != generationBefore
    }

    /// Answers from one moment of the model, once the query is found right.
    func answer(
        _ query: Query = Query([]),
        _ body: (Reader, ModelState) throws(SQLiteError) -> Response
    ) -> Response {
        do throws(Domain.Refusal) { try query.check() } catch { return Problem(error).response }
        guard let reader else { return Problem.notReady.response }
        do throws(SQLiteError) {
            return try reader.snapshot { state throws(SQLiteError) in
                try body(reader, state)
            }
        } catch {
            fail(error)
            return Problem.notReady.response
        }
    }

    /// Says what went wrong, and opens the file anew at the next look.
    func fail(_ error: SQLiteError) {
        complain("cannot be read: \(error)")
        // One that is not there, or no longer, is not damaged.
        if error.isOfFile, !error.isCannotOpen { reportDamage() }
        reader = nil
        generation = 0
    }

    /// Has the projector look at its file; nobody waits for an answer.
    private func reportDamage() {
        let now = Clock.monotonicNanoseconds()
        guard now - reportedAt > 1_000_000_000 else { return }
        reportedAt = now
        do throws(SystemError) {
            let socket = try UnixSocket.connect(files.socket)
            _ = try socket.write(Array(ProjectorMessage.damaged.line.utf8))
        } catch {
            // Without a projector nobody can mend it; one that starts looks for itself.
            complain("is damaged, and its projector is away: \(error)")
        }
    }

    private func complain(_ sentence: String) {
        guard sentence != complaint else { return }
        complaint = sentence
        Standard.log("barback front: the read model \(name) \(sentence)")
    }

    private func followPointer() {
        // A pointer moves when a model is rebuilt, not with every order.
        let now = Clock.monotonicNanoseconds()
        guard reader == nil || now - pointerReadAt > 200_000_000 else { return }
        pointerReadAt = now
        endIfShutOut()
        do {
            guard let live = try readPointer() else { return }
            if live != pointed {
                pointed = live
                complaint = ""
            }
            guard live != generation || reader == nil || isReplaced(live) else {
                complaint = ""
                return
            }
            try openGeneration(live)
        } catch let error as SQLiteError where reader == nil {
            fail(error)
        } catch {
            // The one that is open goes on answering until another can be opened.
            complain("cannot be followed: \(error)")
        }
    }

    /// Two moves of the pointer may pass between reading it and opening what it named, which is gone then.
    private func openGeneration(_ named: Int) throws {
        do throws(SQLiteError) {
            try openFile(named)
        } catch {
            guard let live = try readPointer(), live != named else { throw error }
            try openFile(live)
        }
    }

    private func openFile(_ number: Int) throws(SQLiteError) {
        let path = files.path(generation: number)
        // Looked at first: one that takes its place meanwhile is seen at the next look.
        let identity = Files.identity(path)
        reader = try open(path)
        (generation, file) = (number, identity)
    }

    /// False where there is none: what is open goes on until there is.
    private func isReplaced(_ live: Int) -> Bool {
        Files.identity(files.path(generation: live)).map { $0 != file } ?? false
    }

    /// The wall around this process names the directory it began with; the next process gets the new one.
    private func endIfShutOut() {
        guard let now = Files.identity(files.directory), now != directory else { return }
        Standard.log(
            "barback front: begins again: \(files.directory) was removed and made anew")
        ChildProcess.exit(3)
    }

    private func readPointer() throws(SystemError) -> Int? {
        guard Files.exists(files.pointer) else { return nil }
        return ModelFiles.generation(fromPointer: try Files.readAll(files.pointer, limit: 100))
    }
}
