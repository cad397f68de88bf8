internal import Domain
internal import Projectors
internal import ReadModels
internal import System

extension Subcommand {
    private static let check = Flag(
        "check", nil, "only compare: replay the log into a scratch file and print both digests")

    static let rebuild = Subcommand(
        "rebuild", "compares a read model with the log replayed (only --check yet)",
        operand: "NAME|all", flags: [.data, check],
        details: """
            NAME is \(modelNames). The log is replayed up to the live read model's
            position; the digest is SHA-256 over every row. Works beside a running bar. Exits with 1
            when they differ.
            A read model that is missing or cannot be used is built anew by barback serve by itself.

              barback rebuild all --check
            """
    ) { arguments in
        let name = arguments.operands[0]
        let models = name == "all" ? ReadModel.all : [try readModel(name)]
        guard try arguments.isOn(check) else {
            throw UsageError(
                "rebuilding a read model in place is not there yet; --check compares it")
        }
        // Caught, so that a scratch file does not stay behind.
        let signals = try Signals([.terminate, .interrupt])
        var allAreEqual = true
        for model in models {
            let result = try RebuildCheck.run(
                model, dataDirectory: arguments.dataDirectory,
                goOn: { signals.next() == nil })
            allAreEqual = allAreEqual && result.isEqual
            Standard.output(
                """
                \(model.name) at position \(grouped(result.position.number)): \
                \(result.isEqual ? "equal" : "different")
                  live      \(result.live)
                  replayed  \(result.replayed)

                """)
        }
        return allAreEqual ? .done : .no
    }
}
