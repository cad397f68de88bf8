internal import Front
internal import QRCode
internal import System

/// What `serve` says once the bar is open.
struct Greeting {
    let base: WebOrigin
    let data: String
    let pid: Int32
    /// The link that lets a guest in; nil where there is none just now.
    var join: String?
    /// The password of `host`, at the first start only.
    var firstPassword: String?
    /// Whether the address is one that phones may find.
    var isReachable = true

    /// Who will read it.
    enum Reader {
        case terminal
        /// A file, or another program.
        case stream
        /// systemd's journal, which many may read and which forgets nothing.
        case journal

        static var ofStandardOutput: Reader {
            if Terminal.isTerminal(Terminal.standardOutput) { return .terminal }
            return Environment.value("JOURNAL_STREAM") == nil ? .stream : .journal
        }
    }

    /// What opens a door is told to whoever started the bar, and not to a journal.
    func text(for reader: Reader) -> String {
        var text = "The bar is open.\n"
        text += "  guests  \(base)/\n"
        text += "  host    \(base)/host\n"
        switch (reader, firstPassword) {
        case (_, nil): break
        case (.journal, _?):
            text += "          sign in as host with the password in \(data)/first-run.json\n"
        case (_, let password?):
            text += "          sign in as host with \(password), also in \(data)/first-run.json\n"
        }
        switch (reader, join) {
        case (_, nil): break
        case (.journal, _?): text += "  join    barback code list shows the code\n"
        case (_, let link?): text += "  join    \(link)\n"
        }
        if !isReachable {
            text +=
                "  phones  do not reach it: this machine is on no network; connect it and start again,\n"
            text += "          or name its address with --base-url\n"
        }
        text += "  data    \(data)\n"
        text += "  stop    Ctrl-C, or kill \(pid)\n"
        // Drawn for phones where somebody looks, and the first time anyway.
        let isDrawn = reader == .terminal || reader == .stream && firstPassword != nil
        guard isDrawn, let join, let code = QRCode(join) else { return text }
        return text + "\n" + code.terminalText(colours: reader == .terminal)
    }
}
