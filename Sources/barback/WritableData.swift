internal import Audit
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
}
