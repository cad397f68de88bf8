internal import System

/// The program: finds the subcommand and runs it.
enum Program {
    /// In the order of the help text.
    static let subcommands: [Subcommand] = [
        .serve, .status, .doctor, .log, .replay, .verify, .backup, .restore, .import, .export,
        .rebuild, .admin, .code, .key, .commands, .projector, .subscriber, .front,
    ]

    /// What processes of ours start, and people never: not in the help text.
    private static let inner: [Subcommand] = [.passwords]

    /// Does what the words ask for, which leave out the program's own name.
    static func run(_ words: [String]) -> ExitCode {
        Standard.openMissing()
        Signals.ignoreHarmless()
        // The data directory is nobody else's business.
        Files.setUmask(0o077)
        switch words.first {
        case nil:
            Standard.error(Help.overview)
            return .usage
        case "--help", "-h": return answer(Help.overview)
        case "--version": return answer(Version.text)
        case "help": return help(Array(words.dropFirst()))
        case let name?:
            guard let subcommand = subcommand(name) else { return unknown(name) }
            return run(subcommand, Array(words.dropFirst()))
        }
    }

    private static func run(_ subcommand: Subcommand, _ words: [String]) -> ExitCode {
        if words.contains("--help") || words.contains("-h") {
            return answer(Help.text(of: subcommand))
        }
        do {
            // A child of a supervisor that is killed goes with it.
            try Lifeline.follow()
            let arguments = try Arguments(words, for: subcommand, environment: Environment.value)
            if subcommand.flags.contains(.data), subcommand.name != Subcommand.doctor.name {
                try checkDataDirectory(arguments.dataDirectory)
            }
            let code = try subcommand.run(arguments)
            if let failure = Standard.outputFailure { throw failure }
            return code
        } catch {
            return failed(subcommand, error)
        }
    }

    /// Says it once for all: what cannot be looked into would otherwise pass for an empty directory.
    private static func checkDataDirectory(_ path: String) throws {
        do throws(SystemError) { _ = try Files.isOpenDirectory(path) } catch {
            guard error.isNotDirectory else { throw error }
            let sentence =
                Files.exists(path)
                ? "\(quoted(path)) is a file"
                : "there is a file where \(quoted(path)) leads through"
            throw Refused("\(sentence); name a directory with --data")
        }
    }

    private static func help(_ names: [String]) -> ExitCode {
        guard let name = names.first else { return answer(Help.overview) }
        guard let subcommand = subcommand(name) else { return unknown(name) }
        return answer(Help.text(of: subcommand))
    }

    private static func subcommand(_ name: String) -> Subcommand? {
        (subcommands + inner).first { $0.name == name }
    }

    private static func unknown(_ name: String) -> ExitCode {
        let names = subcommands.map(\.name)
        if let near = NearMiss.of(name, among: names).flatMap(subcommand) {
            Standard.error(
                "barback: there is no subcommand \(quoted(name)); did you mean \(near.name)?\n"
                    + Help.usage(of: near))
            return .usage
        }
        Standard.error(
            """
            barback: there is no subcommand \(quoted(name)); there are \(names.joined(separator: ", "))
            usage: barback SUBCOMMAND [FLAGS], and barback help SUBCOMMAND says more\n
            """)
        return .usage
    }

    private static func answer(_ text: String) -> ExitCode {
        Standard.output(text)
        guard let failure = Standard.outputFailure else { return .done }
        Standard.log("barback: \(failure)")
        return .failure
    }

    private static func failed(_ subcommand: Subcommand, _ error: any Error) -> ExitCode {
        let ending = Ending(of: error)
        Standard.log("barback \(subcommand.name): \(ending.sentence)")
        if ending.code == .usage { Standard.error(Help.usage(of: subcommand)) }
        // The supervisor starts a child again that failed, unless it says that this cannot help.
        let isChild = Environment.value(Lifeline.variable) != nil
        return isChild && ending.isHopeless ? .hopeless : ending.code
    }
}
