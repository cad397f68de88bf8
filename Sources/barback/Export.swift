internal import Commands
internal import EventStore
internal import System

extension Subcommand {
    private static let format = Flag("format", "FORMAT", "barback, the one there is (default)")

    static let export = Subcommand(
        "export", "prints the menu as a file that import reads, here or in another bar",
        flags: [.data, format],
        details: """
            A JSON object a line: a header, the settings, each section, each drink in the order of the
            menu, and the ingredients that are out. Names stand in place of ids, so the file can be
            written by hand and read by any bar. Works beside a running bar and without one; orders and
            history are not in it, see backup.

              barback export > menu.jsonl
              barback export --data /srv/bar | grep -c '"drink"'

            Exit codes: 0 exported, 3 the log cannot be read.
            """
    ) { arguments in
        _ = try arguments.value(format, "barback") { $0 == "barback" ? $0 : nil }
        let log = try LogReader(path: arguments.dataDirectory + "/log.db")
        var text: [UInt8] = []
        MenuFile.write(try MenuContents(log)) { text += $0 + [0x0A] }
        Standard.output(text)
        return .done
    }
}
