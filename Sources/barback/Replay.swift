internal import Audit
internal import Domain
internal import EventStore
internal import Projectors
internal import ReadModels
internal import System

extension Subcommand {
    private static let asOf = Flag(
        "as-of", "POSITION|TIME",
        "the last event that counts: its position in the log, or a time\n"
            + "such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00")
    private static let show = Flag("show", "NAME", "what to show: \(printerNames)")
    private static let json = Flag("json", nil, "one JSON document, as programs read it")

    static let replay = Subcommand(
        "replay", "shows the bar as it was at a position of the log, or at a time",
        flags: [.data, asOf, show, json],
        details: """
            The read model is built from the log up to that moment, in a scratch file that is removed
            afterwards; a running bar does not notice. barback log shows positions and times. Position 0
            is the bar before anything happened. With --json drinks and orders are the documents that
            the HTTP answers hold. Exit codes: 0 shown, 2 wrong usage, 3 failure or a moment that the
            log does not know.

              barback replay --as-of 2026-12-31T23:00:00+01:00 --show menu
              barback replay --as-of 1200 --show orders --json | jq '.data[].ticket'
            """
    ) { arguments in
        guard let name = arguments.text(show) else {
            throw UsageError("say what to show, one of \(printerNames): --show menu")
        }
        guard let printer = ModelPrinter.named(name) else {
            throw UsageError("--show takes one of \(printerNames), not \(quoted(name))")
        }
        guard let text = arguments.text(asOf) else {
            throw UsageError("say which moment: --as-of POSITION or --as-of TIME")
        }
        let asJSON = try arguments.isOn(json)
        // Caught, so that the scratch file does not stay behind.
        let signals = try Signals.toStop()
        let log = try LogReader(path: arguments.dataDirectory + "/log.db")
        let moment = try moment(text, log)
        let scratch = try Files.makeTemporaryDirectory("barback-replay")
        defer { try? Files.removeTree(scratch) }
        let bar = ProgressBar("events")
        defer { bar.clear() }
        let path = scratch + "/\(name).db"
        try Replay.build(
            printer.model, at: moment.position, from: log, into: path,
            progress: { bar.show($0, of: $1) }, goesOn: { signals.next() == nil })
        bar.clear()
        let output = FileDescriptor(owning: Terminal.standardOutput)
        do throws(Ended) {
            try print(printer, path, moment, asJSON, output, signals)
        } catch {
            switch error {
            case .nobodyReads: break
            case .stopped: throw Refused("stopped before the end: what was printed is cut short")
            case .failed(let reason): throw reason
            }
        }
        return .done
    }

    static let printerNames = ModelPrinter.all.map(\.model.name).joined(separator: ", ")

    /// Why printing ended early.
    private enum Ended: Error {
        /// They have what they wanted.
        case nobodyReads
        /// By a signal; a program that reads the rest of a document must not take it for whole.
        case stopped
        case failed(any Error)
    }

    private static func print(
        _ printer: ModelPrinter, _ path: String, _ moment: Moment, _ asJSON: Bool,
        _ output: borrowing FileDescriptor, _ signals: Signals
    ) throws(Ended) {
        let brokenPipe: Int32 = 32
        do {
            try printer.print(path, at: moment, asJSON: asJSON) { piece in
                guard signals.next() == nil else { throw Ended.stopped }
                try output.writeAll(piece)
            }
        } catch let error as Ended {
            throw error
        } catch let error as SystemError where error.code == brokenPipe {
            throw .nobodyReads
        } catch {
            throw .failed(error)
        }
    }

    private static func moment(_ text: String, _ log: LogReader) throws -> Moment {
        let head = try log.head().position
        let position: Position
        if let number = Int64(text) {
            guard (0...head.number).contains(number) else {
                throw Refused(
                    "there is no position \(text): the log has the positions 1 to \(head), and 0 is "
                        + "the bar before anything happened")
            }
            position = Position(number)
        } else if let time = Time(text) {
            position = try self.position(at: time, log)
        } else {
            throw UsageError(
                "--as-of takes a position or a time such as 2026-12-31T18:00:00Z, not "
                    + quoted(text))
        }
        let event = try log.read(after: Position(max(0, position.number - 1)), limit: 1).first
        let recordedAt = position > .start ? event?.recordedAt : nil
        let now = recordedAt?.microseconds ?? Clock.wallMicroseconds()
        return Moment(
            position: position, recordedAt: recordedAt,
            utcOffsetSeconds: Clock.utcOffsetSeconds(atMicroseconds: now))
    }

    private static func position(at time: Time, _ log: LogReader) throws -> Position {
        guard time.microseconds <= Clock.wallMicroseconds() else {
            throw Refused("\(time) has not come yet; leave --as-of at a time that has passed")
        }
        let position = try log.position(at: time)
        guard position > .start else {
            let first = try log.read(after: .start, limit: 1).first?.recordedAt
            throw Refused(
                first.map {
                    "the log begins at \($0), after that time; --as-of 0 shows the bar before "
                        + "anything happened"
                } ?? "the log is empty; --as-of 0 shows the bar before anything happened")
        }
        return position
    }
}
