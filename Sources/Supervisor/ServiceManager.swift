internal import System

/// Tells systemd how we are, if it asked; a datagram to the socket it named, without libsystemd.
///
/// Source: sd_notify(3), sd_watchdog_enabled(3).
struct ServiceManager {
    private let socket: String?
    /// How often systemd wants to hear from us, halved as its manual advises; nil when it does not.
    let watchdogMilliseconds: Int?

    init(environment: (String) -> String? = Environment.value, pid: Int32 = ChildProcess.ownPid) {
        let name = environment("NOTIFY_SOCKET") ?? ""
        // Other kinds of address (vsock) are for virtual machines.
        socket = name.hasPrefix("/") || name.hasPrefix("@") ? name : nil
        let meant = environment("WATCHDOG_PID").map { $0 == "\(pid)" } ?? true
        let interval = environment("WATCHDOG_USEC").flatMap { Int($0) } ?? 0
        watchdogMilliseconds =
            socket != nil && meant && interval > 0 ? max(1, interval / 2000) : nil
    }

    func ready() { tell("READY=1\nSTATUS=Serving\n") }
    func stopping() { tell("STOPPING=1\n") }
    func alive() { tell("WATCHDOG=1\n") }

    private func tell(_ message: String) {
        guard let socket else { return }
        do {
            try UnixSocket.sendDatagram(Array(message.utf8), to: socket)
        } catch {
            Report.line("\(error)")
        }
    }
}
