internal import HTTP

/// The names under which this server answers; anything else is misdirected (421).
///
/// A page elsewhere can point a name of its own at this machine (DNS rebinding), and the browser then takes the bar
/// for that page's own server. But the Host header says that name, which is none of these. An address in
/// figures is always accepted, since nobody can point an address elsewhere. Ports are not compared: whoever
/// forwards one does so on purpose.
struct HostCheck: Sendable {
    private let names: Set<String>

    /// `machine` is this machine's name, which routers and mDNS (`.local`) make known on the network.
    init(base: WebOrigin, machine: String) {
        let machine = machine.lowercased()
        let short = String(machine.prefix { $0 != "." })
        names = [base.host, "localhost", machine, short, short + ".local"]
    }

    /// HTTP/1.0 may leave the header out, and no browser speaks that.
    func accepts(_ header: String?) -> Bool {
        guard let header else { return true }
        guard let (host, _) = splitHost(header) else { return false }
        if Address(host) != nil { return true }
        // A name with the root's dot is the same name.
        return names.contains(host.hasSuffix(".") ? String(host.dropLast()) : host)
    }
}
