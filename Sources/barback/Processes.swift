internal import Commands
internal import Front
internal import Projectors
internal import ReadModels
internal import System

// The processes that `serve` supervises, each alone.

extension Subcommand {
    static let batchSize = Flag(
        "batch-size", "N",
        "commands a transaction, at most (default: 1024); for measuring:\n"
            + "1 shows what a transaction for each command costs")

    static let commands = Subcommand(
        "commands", "the writer: decides commands and appends to the log",
        flags: [.data, .baseURL, .demo, .maxActiveOrders, batchSize],
        details: """
            Makes the log at its first start. One writer at a time holds a data directory.
            Stops in order at Ctrl-C or SIGTERM. barback serve runs it for you; alone it serves to
            measure, or to run each process under a user of its own.

              barback commands --data /srv/bar
              barback commands --data /tmp/try --demo --batch-size 1

            Exit codes: 0 stopped as asked, 3 it could not go on and has said why.
            """
    ) { arguments in
        var process = CommandsProcess(
            dataDirectory: try arguments.writableDataDirectory(for: "commands"))
        process.baseURL = "\(try arguments.baseURL())"
        process.demo = try arguments.isOn(.demo)
        process.maxActiveOrders = try arguments.maxActiveOrders()
        process.batchSize = Int(try arguments.number(batchSize, in: 1...65_536) ?? 1_024)
        try whenOthersLetGo(process.run)
        return .done
    }

    static let projector = Subcommand(
        "projector", "keeps one read model up to date: \(modelNames)",
        operand: "NAME", flags: [.data],
        details: """
            NAME is \(modelNames).
            The read model is built from the log where there is none. Stops in order at Ctrl-C or SIGTERM.
            barback serve runs one for each name.

              barback projector menu --data /srv/bar
              barback projector orders --data /srv/bar

            Exit codes: 0 stopped as asked, 3 it could not go on and has said why.
            """
    ) { arguments in
        let model = try readModel(arguments.operands[0])
        let process = ProjectorProcess(
            model, dataDirectory: try arguments.writableDataDirectory(for: "projector"))
        // A rebuild of some million events that began while nobody served has the lock that long.
        try whenOthersLetGo(seconds: 60, process.run)
        return .done
    }

    static let front = Subcommand(
        "front", "answers HTTP from the read models, and passes commands on",
        flags: [
            .data, .listen, .baseURL, .maxActiveOrders,
            .certificate, .certificateKey, .trustedProxy, .allowOrigin,
        ],
        details: """
            It cannot open the log: what it changes, it asks the commands process for. The number
            of active orders is only shown to guests; the commands process holds the rule.
            Stops in order at Ctrl-C or SIGTERM. barback serve runs it for you.

              barback front --data /srv/bar
              barback front --data /srv/bar --listen [::1]:9000

            Exit codes: 0 stopped as asked, 3 it could not go on and has said why.
            """
    ) { arguments in
        let address = try arguments.listenAddress()
        var settings = FrontSettings(
            dataDirectory: try arguments.writableDataDirectory(for: "front"),
            address: address.host, port: address.port, baseURL: try arguments.baseURL())
        settings.version = Version.number
        settings.maxActiveOrders = try arguments.maxActiveOrders()
        settings.identity = try arguments.identity()
        settings.trustedProxies = try arguments.trustedProxies()
        settings.allowedOrigins = try arguments.allowedOrigins()
        try FrontProcess(settings).run()
        return .done
    }

    static let modelNames =
        ReadModel.all.dropLast().map(\.name).joined(separator: ", ")
        + (ReadModel.all.last.map { " or \($0.name)" } ?? "")

    static func readModel(_ name: String) throws(UsageError) -> ReadModel {
        guard let model = ReadModel.named(name) else {
            throw UsageError("there is no read model \(quoted(name)); NAME is \(modelNames)")
        }
        return model
    }
}

/// Runs a process that must be the only one of its kind.
///
/// When a supervisor is killed and started again at once, the children of the first may still be
/// on their way out, held by a disk that syncs; so a child tries for a while before it gives up.
private func whenOthersLetGo(seconds: UInt64 = 1, _ run: () throws -> Void) throws {
    let isChild = Environment.value(Lifeline.variable) != nil
    let end = Clock.monotonicNanoseconds() + seconds * 1_000_000_000
    let pause = try Signals([.terminate, .interrupt])
    while true {
        do {
            return try run()
        } catch  where isChild && isTaken(error) && Clock.monotonicNanoseconds() < end {
            if pause.wait(timeoutMilliseconds: 50) != nil { return }
        }
    }
}

/// Another process holds the lock.
private func isTaken(_ error: any Error) -> Bool {
    switch error {
    case Projection.Failure.notAlone: true
    case let error as SystemError: error.operation == "write to" && error.code == 11
    default: false
    }
}
