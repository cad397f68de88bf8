internal import Commands
internal import Domain
internal import JSON
internal import System
internal import Wire

extension Subcommand {
    private static let name = Flag("name", "NAME", "what it is for; with new")
    private static let plan = Flag(
        "plan", "PLAN", "public (default), admin or unlimited: how much it may ask; with new")

    static let key = Subcommand(
        "key", "API keys, and the keys that sign tokens: new, list, disable ID, rotate-signing",
        operand: "ACTION [ID]", operandCount: 1...2, flags: [.data, name, plan],
        details: """
            Every program sends an API key in the header X-Api-Key; it says how much the program may
            ask, not what it may do. new prints one, once. disable ends it within a second; the key of
            the bar's own pages is replaced by itself. rotate-signing makes a new key to sign tokens with;
            tokens under the one before are good until they end, four hours at most.

              barback key new --name "kitchen display" --plan admin
              barback key disable 019ac0de-0001-7000-8000-00000000000a
              barback key rotate-signing

            Exit codes: 0 done, 3 it was not, and the sentence says why.
            """
    ) { arguments in
        let action = arguments.operands[0]
        let actions = ["new", "list", "disable", "rotate-signing"]
        guard actions.contains(action) else { throw wrongAction(action, actions) }
        if action == "list" {
            try arguments.takesNoName(after: action)
            try arguments.needsBar()
            for (id, name, plan) in try AccessList(dataDirectory: arguments.dataDirectory).keys {
                Standard.output("\(id)  \(Help.padded(plan.rawValue, 9))  \(quoted(name))\n")
            }
            return .done
        }
        switch action {
        case "new":
            try arguments.takesNoName(after: action)
            guard let name = arguments.text(name) else {
                throw UsageError("say what the key is for: --name NAME")
            }
            let plan = try arguments.value(plan, "public, admin or unlimited") {
                Plan(rawValue: $0)
            }
            var body = JSONObject()
            body["name"] = .string(name)
            body["plan"] = .string((plan ?? .public).rawValue)
            let made = try arguments.presentOrNewBar(for: "key").carryOut(.issueKey, body)
            let key = try JSONValue(parsing: made.document).object?["key"]?.string ?? ""
            Standard.output("id   \(made.id)\nkey  \(key)\n")
        case "disable":
            let id = try arguments.name(after: action, "ID")
            _ = try arguments.presentBar(for: "key").carryOut(.disableKey, target: id)
            Standard.output("The key opens nothing any more.\n")
        default:
            try arguments.takesNoName(after: action)
            _ = try arguments.presentBar(for: "key").carryOut(.rotateSigning)
            Standard.output("Tokens are signed with a new key from now on.\n")
        }
        return .done
    }
}
