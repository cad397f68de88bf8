internal import Audit
internal import Commands
internal import EventStore
internal import System

extension Arguments {
    /// The data directory, for a subcommand that makes files in it: refused before the first of them
    /// where they would be in the way.
    func writableDataDirectory(for subcommand: String) throws(Refused) -> String {
        let data = dataDirectory
        // What root makes there, the bar's own user could not open.
        if let owner = Files.owner(data), owner != Users.own {
            let name = Users.name(of: owner)
            throw Refused(
                "\(data) belongs to \(name); run this as that user: "
                    + "sudo -u \(name) barback \(subcommand)")
        }
        // A file too many, and it would not be taken for whole any more.
        guard !Backup.isOne(data) else {
            throw Refused("\(data) is a backup; restore it into another directory")
        }
        return data
    }

    /// A way to the bar that is there.
    ///
    /// - Throws: where there is none: a mistyped `--data` would make one, and change nothing in the one that was meant.
    func presentBar(for subcommand: String) throws -> CommandsClient {
        let data = try writableDataDirectory(for: subcommand)
        try needsBar()
        return try CommandsClient(dataDirectory: data)
    }

    /// Throws where there is no bar in the data directory.
    func needsBar() throws {
        let data = dataDirectory
        // One that was lost, or is half restored, is not mistyped: the writer says how to mend it.
        try LostLog.check(data)
        guard
            ["log.db", InterruptedRestore.folder].contains(where: { Files.exists("\(data)/\($0)") })
        else {
            throw Refused(
                "there is no bar in \(data); name its directory with --data, or make one with barback serve"
            )
        }
    }

    /// A way to the bar that is there, or to a new one, and then it says so.
    func presentOrNewBar(for subcommand: String) throws -> CommandsClient {
        let data = try writableDataDirectory(for: subcommand)
        let isNew = !Files.exists("\(data)/log.db")
        let client = try CommandsClient(dataDirectory: data)
        if isNew {
            Standard.log(
                "barback \(subcommand): made a new bar in \(data); the password of host is in \(data)/first-run.json"
            )
        }
        return client
    }
}
