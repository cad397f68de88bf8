/// One flag of a subcommand.
struct Flag: Equatable, Sendable {
    /// Without its dashes.
    let name: String
    /// What stands for the value in the usage; nil for a flag that is on or off.
    let value: String?
    /// One or two lines of help.
    let help: String
    /// The environment variable that gives it where the command line does not.
    let variable: String?
    /// Whether it may be given several times, or once with commas.
    let isList: Bool

    init(
        _ name: String, _ value: String? = nil, _ help: String, variable: String? = nil,
        isList: Bool = false
    ) {
        self.name = name
        self.value = value
        self.help = help
        self.variable = variable
        self.isList = isList
    }

    /// As it is written: `--data DIR`.
    var shape: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}

// Flags that several subcommands take.
extension Flag {
    static let data = Flag(
        "data", "DIR", "the data directory (default: ./data)", variable: "BARBACK_DATA")
    static let listen = Flag(
        "listen", "ADDR:PORT",
        "where guests' phones connect (default: \(ListenAddress.usual), the network);\n"
            + "127.0.0.1:8080 for this machine only, or behind a proxy on it",
        variable: "BARBACK_LISTEN")
    static let baseURL = Flag(
        "base-url", "URL",
        "how guests' phones reach the bar, such as https://bar.example.org\n"
            + "(default: this machine's address on the network)",
        variable: "BARBACK_BASE_URL")
    static let certificate = Flag(
        "tls-cert", "FILE", "speak HTTPS with this certificate and its chain, in PEM",
        variable: "BARBACK_TLS_CERT")
    static let certificateKey = Flag(
        "tls-key", "FILE", "the certificate's private key, in PEM, without a password",
        variable: "BARBACK_TLS_KEY")
    static let trustedProxy = Flag(
        "trusted-proxy", "CIDR",
        "believe this proxy's X-Forwarded-For and -Proto: 127.0.0.1, 10.0.0.0/8;\n"
            + "may be given several times",
        variable: "BARBACK_TRUSTED_PROXY", isList: true)
    static let allowOrigin = Flag(
        "allow-origin", "ORIGIN",
        "let web pages from there use the API: https://menu.example.org;\n"
            + "may be given several times (default: the bar's own pages only)",
        variable: "BARBACK_ALLOW_ORIGIN", isList: true)
    static let demo = Flag(
        "demo", nil, "load fifty classic drinks if the menu has none yet",
        variable: "BARBACK_DEMO")
    static let maxActiveOrders = Flag(
        "max-active-orders", "N",
        "orders a guest may have waiting at a time (default: 3; 0: no limit)",
        variable: "BARBACK_MAX_ACTIVE_ORDERS")
}
