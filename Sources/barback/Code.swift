internal import Commands
internal import JSON
internal import QRCode
internal import System
internal import Wire

extension Subcommand {
    private static let uses = Flag("uses", "N", "guests it lets in, 1 to 25 (default: 1); with new")
    private static let hours = Flag(
        "hours", "N", "how long it lets them in, 1 to 168 (default: 24); with new")
    private static let note = Flag("note", "TEXT", "what it is for, for you; with new")

    static let code = Subcommand(
        "code", "registration codes, which let guests in: new, list or revoke CODE",
        operand: "ACTION [CODE]", operandCount: 1...2, flags: [.data, uses, hours, note],
        details: """
            new prints a code and its join link, in a terminal with a QR code for phones. list shows those
            that are in use. revoke takes one back, named by the code or its id; guests who came in with
            it stay.

              barback code new --uses 25 --hours 12 --note "Friday"
              barback code revoke 7KQ2-9VX4-BNTD
              barback code list

            Exit codes: 0 done, 3 it was not, and the sentence says why.
            """
    ) { arguments in
        let action = arguments.operands[0]
        guard ["new", "list", "revoke"].contains(action) else {
            throw wrongAction(action, ["new", "list", "revoke"])
        }
        switch action {
        case "new":
            try arguments.takesNoName(after: action)
            var body = JSONObject()
            body["max_uses"] = try arguments.number(uses, in: 1...25).map { .integer($0) }
            body["expires_in_hours"] = try arguments.number(hours, in: 1...168).map {
                .integer($0)
            }
            body["notes"] = arguments.text(note).map { .string($0) }
            let made = try arguments.presentOrNewBar(for: "code").carryOut(.issueCode, body)
            show(try JSONValue(parsing: made.document).object ?? JSONObject())
        case "list":
            try arguments.takesNoName(after: action)
            let found = try arguments.presentBar(for: "code").carryOut(.revealCodes)
            for item in try JSONValue(parsing: found.document).array ?? [] {
                guard let code = item.object else { continue }
                Standard.output("\(line(code))\n")
            }
        default:
            let code = try arguments.name(after: action, "CODE")
            _ = try arguments.presentBar(for: "code").carryOut(.revokeCode, target: code)
            Standard.output("The code lets nobody in any more.\n")
        }
        return .done
    }

    private static func show(_ code: JSONObject) {
        let link = code["registration_url"]?.string ?? ""
        let uses = code["max_uses"]?.integer ?? 1
        Standard.output(
            """
            code  \(code["code"]?.string ?? "")
            link  \(link)
            good  for \(uses == 1 ? "one guest" : "\(uses) guests") until \
            \(code["expires_at"]?.string ?? "")

            """)
        guard Terminal.isTerminal(Terminal.standardOutput), let drawing = QRCode(link) else {
            return
        }
        Standard.output("\n" + drawing.terminalText(colours: true))
    }

    /// A line such as `7KQ2-9VX4-BNTD  3 of 25 used  until 2026-12-31T23:00:00.000Z  for Friday`.
    private static func line(_ code: JSONObject) -> String {
        let notes = code["notes"]?.string ?? ""
        return "\(code["code"]?.string ?? "")  "
            + "\(code["used"]?.integer ?? 0) of \(code["max_uses"]?.integer ?? 0) used  "
            + "until \(code["expires_at"]?.string ?? "")"
            + (notes.isEmpty ? "" : "  \(quoted(notes))")
    }
}
