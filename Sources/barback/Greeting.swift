internal import Front
internal import QRCode

/// What `serve` says once the bar is open.
struct Greeting {
    let base: WebOrigin
    let data: String
    let pid: Int32
    /// The link that lets a guest in; nil where there is none just now.
    var join: String?
    /// The password of `host`, at the first start only.
    var firstPassword: String?

    /// `colours` where somebody looks at it in a terminal; then the link is drawn for phones as well.
    func text(colours: Bool) -> String {
        var text = "The bar is open.\n"
        text += "  guests  \(base)/\n"
        text += "  host    \(base)/host\n"
        if let firstPassword {
            text += "          sign in as host with \(firstPassword), "
            text += "also in \(data)/first-run.json\n"
        }
        if let join { text += "  join    \(join)\n" }
        text += "  data    \(data)\n"
        text += "  stop    Ctrl-C, or kill \(pid)\n"
        guard colours, let join, let code = QRCode(join) else { return text }
        return text + "\n" + code.terminalText(colours: true)
    }
}
