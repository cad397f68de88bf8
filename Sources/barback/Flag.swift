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

    init(_ name: String, _ value: String? = nil, _ help: String, variable: String? = nil) {
        self.name = name
        self.value = value
        self.help = help
        self.variable = variable
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
        "where guests' phones and browsers connect (default: \(ListenAddress.usual));\n"
            + "only addresses of this machine itself until there is sign-in",
        variable: "BARBACK_LISTEN")
    static let demo = Flag(
        "demo", nil, "load fifty classic drinks if the menu has none yet",
        variable: "BARBACK_DEMO")
    static let maxActiveOrders = Flag(
        "max-active-orders", "N",
        "orders a guest may have waiting at a time (default: 3; 0: no limit)",
        variable: "BARBACK_MAX_ACTIVE_ORDERS")
}
