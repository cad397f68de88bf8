internal import Commands

extension Subcommand {
    /// Not in the list of subcommands, as no person has a use for it.
    static let passwords = Subcommand(
        "passwords", "hashes passwords for the commands process, which starts it", flags: [],
        details: """
            Reads passwords from the socket that is its standard input, and writes their hashes to it. Lets
            others have the processor first (nice 10), and ends with its input.

            Exit codes: 0 its input has ended, 3 it could not go on and has said why.
            """
    ) { _ in
        try PasswordHelper.run()
        return .done
    }
}
