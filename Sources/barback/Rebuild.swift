internal import Domain
internal import Projectors
internal import ReadModels
internal import SQLite
internal import System

extension Subcommand {
    private static let check = Flag(
        "check", nil, "only compare: replay the log into a scratch file and print both digests")
    private static let rollback = Flag(
        "rollback", nil,
        "go back to NAME's generation that was live before, brought up to date")

    static let rebuild = Subcommand(
        "rebuild", "builds a read model anew from the log while the old one answers",
        operand: "NAME|all", flags: [.data, check, rollback],
        details: """
            NAME is \(modelNames).
            The new generation is built beside the live one,
            compared with it at one position, and then takes its place; the digest is SHA-256 over
            every row. Works beside a running bar, where the projector does it, and without one. The
            generation before is kept: --rollback makes it the live one again. Where the two differ,
            the live one was not what the log says, and the new one is.
            A read model that is missing or damaged is built anew by the projector by itself.

              barback rebuild all
              barback rebuild orders --check

            Exit codes: 0 equal, 1 different, 3 not built and the sentence says why.
            """
    ) { arguments in
        let name = arguments.operands[0]
        let models = name == "all" ? ReadModel.all : [try readModel(name)]
        let onlyChecks = try arguments.isOn(check)
        let rollsBack = try arguments.isOn(rollback)
        guard !onlyChecks || !rollsBack else {
            throw UsageError("--check changes nothing, so it does not go with --rollback")
        }
        guard !rollsBack || name != "all" else {
            throw UsageError("--rollback goes back one read model: name it")
        }
        let data =
            onlyChecks
            ? arguments.dataDirectory : try arguments.writableDataDirectory(for: "rebuild")
        // Caught, so that a scratch file does not stay behind.
        let signals = try Signals.toStop()
        var allAreEqual = true
        for model in models {
            let bar = ProgressBar("events")
            defer { bar.clear() }
            let began = Clock.monotonicNanoseconds()
            let watch = (
                progress: { (done: Int64, all: Int64) in bar.show(done, of: all) },
                goesOn: { signals.next() == nil }
            )
            let text: String
            if onlyChecks {
                let result: RebuildCheck
                do {
                    result = try RebuildCheck.run(
                        model, dataDirectory: data, progress: watch.progress,
                        goesOn: watch.goesOn)
                } catch let error as SQLiteError where error.isCorrupt {
                    throw Refused(
                        "the read model \(model.name) is damaged (\(error.message)); "
                            + "barback rebuild \(model.name) builds it anew from the log")
                }
                allAreEqual = allAreEqual && result.isEqual
                text = describe(result, model)
            } else {
                let report = try RebuildRequest.run(
                    model, rollingBack: rollsBack, dataDirectory: data,
                    progress: watch.progress, goesOn: watch.goesOn)
                allAreEqual = allAreEqual && report.isEqual
                text = describe(report, model, began)
            }
            bar.clear()
            Standard.output(text)
        }
        return allAreEqual ? .done : .no
    }

    private static func describe(_ result: RebuildCheck, _ model: ReadModel) -> String {
        """
        \(model.name) at position \(grouped(result.position.number)): \
        \(result.isEqual ? "equal" : "different")
          live      \(result.live)
          replayed  \(result.replayed)

        """
    }

    private static func describe(
        _ report: RebuildReport, _ model: ReadModel, _ began: UInt64
    ) -> String {
        let milliseconds = Int64((Clock.monotonicNanoseconds() - began) / 1_000_000)
        let verdict =
            report.before == nil
            ? "nothing to compare with" : report.isEqual ? "equal" : "different"
        return """
            \(model.name) at position \(grouped(report.position)): \(verdict), generation \
            \(report.generation) is live, \(seconds(milliseconds: milliseconds))
              before    \(report.before ?? "could not be read")
              now       \(report.now)

            """
    }
}
