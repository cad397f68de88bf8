internal import Commands
internal import Domain
internal import Front
internal import HTTP
internal import JSON
internal import ReadModels
internal import Subscribers
internal import Supervisor
internal import System
internal import Tokens
internal import Wire

extension Subcommand {
    static let serve = Subcommand(
        "serve", "runs the bar: all its processes, started again when they fail",
        flags: [
            .data, .listen, .baseURL, .demo, .maxActiveOrders,
            .certificate, .certificateKey, .trustedProxy, .allowOrigin,
        ] + Flag.oidc,
        details: """
            Makes the data directory at the first start and prints the guests' address once the bar is
            open. Stops in order at Ctrl-C or SIGTERM, within two seconds. barback status shows
            how it is doing.

              barback serve --demo                     try it, then open http://localhost:8080/
              barback serve --data /srv/bar --listen 127.0.0.1:8080 --trusted-proxy 127.0.0.1 \\
                            --base-url https://bar.example.org      behind a proxy on this machine

            Exit codes: 0 stopped as asked, 3 it could not serve and has said why.
            """
    ) { arguments in
        let address = try arguments.listenAddress()
        let data = try arguments.writableDataDirectory(for: "serve")
        let base = try arguments.baseURL()
        let isReachable = arguments.text(.baseURL) != nil || !address.isOffNetwork
        let plans = try childPlans(arguments, address, base)
        try Files.makeDirectory(data)
        try checkPort(address, data)
        try forgetProvider(unless: try arguments.outsideSettings(), data)
        let passwordBefore = firstPassword(data)
        let code = Supervisor.run(
            plans: plans, executable: try ChildProcess.ownExecutable(), dataDirectory: data,
            onReady: {
                greet(base, data, passwordBefore, isReachable: isReachable)
                ProcessMemory.forgetStart()
            })
        return code == 0 ? .done : .failure
    }

    private static func childPlans(
        _ arguments: Arguments, _ address: ListenAddress, _ base: WebOrigin
    ) throws -> [ChildPlan] {
        let data = ["--data", arguments.dataDirectory]
        let limit = ["--max-active-orders", "\(try arguments.maxActiveOrders())"]
        let demo = try arguments.isOn(.demo) ? ["--demo"] : []
        let projectors = ReadModel.all.map { model in
            ChildPlan(
                name: "projector \(model.name)", arguments: ["projector", model.name] + data,
                startAfter: ["commands"])
        }
        // Said to both, so that a link that one makes is one that the other answers.
        let url = ["--base-url", "\(base)"]
        // Read here too: a child's complaint about them would come after the bar was half open.
        _ = (
            try arguments.trustedProxies(), try arguments.allowedOrigins(), try arguments.identity()
        )
        let network =
            ["--listen", address.text]
            + arguments.passedOn(.certificate, .certificateKey, .trustedProxy, .allowOrigin)
        let commands = ChildPlan(
            name: "commands", arguments: ["commands"] + data + limit + url + demo)
        let front = ChildPlan(
            name: "front", arguments: ["front"] + data + limit + url + network,
            startAfter: projectors.map(\.name))
        let oidc = try arguments.outsideSettings().map { settings in
            ChildPlan(
                name: "subscriber oidc",
                arguments: ["subscriber", "oidc"] + data + Arguments.flags(of: settings),
                startAfter: ["commands"])
        }
        return [commands] + projectors + [oidc].compactMap { $0 } + [front]
    }

    /// Finds out that the port is taken before anything is started, as that is the usual reason.
    ///
    /// Where another barback serves the directory it has the port too, and the supervisor says so.
    private static func checkPort(_ address: ListenAddress, _ data: String) throws {
        guard try FileLock.take("\(data)/supervisor.lock") != nil else { return }
        // A supervisor that was killed leaves its table, and perhaps a front still on its way out.
        let wasKilled = try !ProcessTable.read(dataDirectory: data).isEmpty
        let end = Clock.monotonicNanoseconds() + 1_000_000_000
        let pause = try Signals([.terminate, .interrupt])
        while true {
            do throws(HTTPError) {
                _ = try Listener.open(address: address.host, port: address.port, reactors: 1)
                return
            } catch {
                guard wasKilled, Clock.monotonicNanoseconds() < end,
                    pause.wait(timeoutMilliseconds: 20) == nil
                else { throw error }
            }
        }
    }

    /// Before anything is started that might believe a provider no longer named.
    private static func forgetProvider(unless settings: OutsideSettings?, _ data: String) throws {
        // What another barback serves is its own business, and the supervisor is about to say so.
        guard try FileLock.take("\(data)/supervisor.lock") != nil else { return }
        let now = Time(microseconds: Clock.wallMicroseconds())
        try ProviderFile(dataDirectory: data).keepOnly(settings, at: now)
    }

    private static func greet(
        _ base: WebOrigin, _ data: String, _ passwordBefore: String?, isReachable: Bool
    ) {
        var greeting = Greeting(base: base, data: data, pid: ChildProcess.ownPid)
        greeting.isReachable = isReachable
        greeting.join = joinLink(data)
        // The file may be of a start that was cut off, or of another bar: an account of this start has another.
        let password = firstPassword(data)
        if password != passwordBefore { greeting.firstPassword = password }
        Standard.output(greeting.text(for: .ofStandardOutput) + "\n")
    }

    /// Of the account that the first start has made; said once, and kept in the file.
    private static func firstPassword(_ data: String) -> String? {
        guard let bytes = try? Files.readAll("\(data)/first-run.json", limit: 10_000) else {
            return nil
        }
        let file = try? JSONValue(parsing: bytes).object
        return file?["admin"]?.object?["password"]?.string
    }

    /// The link that lets guests in now; nil where the writer cannot say, as on a damaged log.
    private static func joinLink(_ data: String) -> String? {
        guard let client = try? CommandsClient(dataDirectory: data),
            let code = try? client.carryOut(.joinCode),
            let object = try? JSONValue(parsing: code.document).object
        else { return nil }
        return object["registration_url"]?.string
    }
}
