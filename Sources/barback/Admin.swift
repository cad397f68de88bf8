internal import Commands
internal import Domain
internal import JSON
internal import System
internal import Wire

extension Subcommand {
    private static let role = Flag(
        "role", "ROLE", "admin (default), bartender or auditor; with add")
    private static let passwordStdin = Flag(
        "password-stdin", nil, "read the password from standard input; otherwise one is made up")

    static let admin = Subcommand(
        "admin", "who of the staff may sign in: add NAME, passwd NAME, remove NAME or list",
        operand: "ACTION [NAME]", operandCount: 1...2, flags: [.data, role, passwordStdin],
        details: """
            add makes an account, passwd gives it another password and ends its sessions, remove takes
            it away and ends them too; the last administrator stays. A password is made up and printed
            once, unless one is given on standard input: at least 10 characters, 200 bytes at most.
            An admin may do everything, a bartender works orders and the shelf, an auditor reads the log.

              barback admin add Zoe --role bartender
              barback admin passwd host --password-stdin < password.txt
              barback admin list

            Exit codes: 0 done, 3 it was not, and the sentence says why.
            """
    ) { arguments in
        let action = arguments.operands[0]
        if action == "list" {
            try arguments.takesNoName(after: "list")
            try arguments.needsBar()
            for (name, role) in try AccessList(dataDirectory: arguments.dataDirectory).accounts {
                Standard.output("\(Help.padded(role.rawValue, 9))  \(quoted(name))\n")
            }
            return .done
        }
        switch action {
        case "add":
            let name = try arguments.name(after: action)
            let role = try arguments.value(role, "admin, bartender or auditor") {
                Role(rawValue: $0).flatMap { $0 == .guest ? nil : $0 }
            }
            let (password, isOurs) = try password(arguments)
            var body = JSONObject()
            body["username"] = .string(name)
            body["role"] = .string((role ?? .admin).rawValue)
            body["password"] = .string(password)
            _ = try arguments.presentOrNewBar(for: "admin").carryOut(.addAccount, body)
            tell(name, isOurs ? password : nil)
        case "passwd":
            let name = try arguments.name(after: action)
            let (password, isOurs) = try password(arguments)
            var body = JSONObject()
            body["password"] = .string(password)
            _ = try arguments.presentBar(for: "admin").carryOut(
                .setPassword, target: name, body)
            tell(name, isOurs ? password : nil)
        case "remove":
            let name = try arguments.name(after: action)
            _ = try arguments.presentBar(for: "admin").carryOut(.removeAccount, target: name)
            Standard.output("\(quoted(name)) may not sign in any more.\n")
        default: throw wrongAction(action, ["add", "passwd", "remove", "list"])
        }
        return .done
    }

    /// A password, and whether it was made up here.
    private static func password(_ arguments: Arguments) throws -> (String, Bool) {
        guard try arguments.isOn(passwordStdin) else { return (Password.madeUp(), true) }
        let text = String(decoding: try Standard.input(limit: 1_000), as: UTF8.self)
        return (String(text.prefix { $0 != "\n" && $0 != "\r\n" }), false)
    }

    private static func tell(_ name: String, _ password: String?) {
        let how = password.map { " with the password \($0)" } ?? ""
        Standard.output("\(quoted(name)) may sign in\(how)\n")
    }

    /// What else the word might have been.
    static func wrongAction(_ action: String, _ known: [String]) -> UsageError {
        let near = NearMiss.of(action, among: known).map { "; did you mean \($0)?" } ?? ""
        return UsageError(
            "ACTION is \(known.dropLast().joined(separator: ", ")) or \(known.last ?? ""), "
                + "not \(quoted(action))\(near)")
    }
}

extension Arguments {
    /// The second word, which most actions need.
    func name(after action: String, _ what: String = "NAME") throws(UsageError) -> String {
        guard operands.count == 2, !operands[1].isEmpty else {
            throw UsageError("\(what) is missing after \(action)")
        }
        return operands[1]
    }

    func takesNoName(after action: String) throws(UsageError) {
        guard operands.count == 1 else {
            throw UsageError("\(quoted(operands[1])) is one word too many")
        }
    }
}
