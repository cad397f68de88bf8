internal import Domain
internal import HTTP
internal import ReadModels
internal import SQLite
internal import System
internal import Wire

/// What all reactors have in common.
struct Shared: Sendable {
    let metrics: Metrics
    let limiter = Limiter()
    let failures = Failures()
    let usage = Usage()
    let tickets = EventTickets()
    let places: EventPlaces
}

/// One thread of the front with everything it needs: but for counters nothing is shared with the other.
///
/// A turn of its loop: what the kernel has ready, the HTTP server, the commands that came in while it
/// ran as one write, the requests whose read model has arrived.
final class Reactor {
    let settings: FrontSettings
    let number: Int
    private let loop: EventLoop
    private let bells: Bell.Listener
    private let stop: StopFlag
    let pages: Pages
    let hosts: HostCheck
    let origins: Origins
    let menu: MenuAnswers
    let orders: OrderAnswers
    let search: SearchAnswers
    let link: CommandsLink
    var server: Server?
    let host: HostAnswers
    let authorizer: Authorizer
    let access: AccessAnswers
    let limiter: Limiter
    let failures: Failures
    let usage: Usage
    let events: EventStreams
    let tickets: EventTickets
    let places: EventPlaces
    /// What an answer that is still to come gets besides its own headers.
    var ownHeaders: [Ticket: [(String, String)]] = [:]
    /// Requests that are asked again and have been counted.
    var retried: Set<Ticket> = []
    var postponed: [Postponed] = []
    /// Passwords of an address that are being checked.
    var passwordsUnderWay: [Address: Int] = [:]
    private var reportedAt: UInt64 = 0
    /// By the number of the source.
    var waiting = Source.allCases.map { _ in Waiting() }
    let metrics: Metrics
    var counts = Metrics.Counts()
    /// The furthest position that any answer has named.
    var knownHead = Position.start
    private var lookedAt: UInt64 = 0

    static let bellNames = Source.allCases.map(\.bellName)

    private static let http: UInt64 = 0
    private static let bell: UInt64 = 1
    private static let commands: UInt64 = 2
    private static let stopping: UInt64 = 3

    init(
        _ settings: FrontSettings, number: Int, listener: Listener, stop: StopFlag,
        shared: Shared
    ) throws {
        self.settings = settings
        metrics = shared.metrics
        limiter = shared.limiter
        failures = shared.failures
        usage = shared.usage
        tickets = shared.tickets
        places = shared.places
        origins = Origins(settings.allowedOrigins)
        hosts = HostCheck(base: settings.baseURL, machine: OwnAddress.hostName)
        self.number = number
        pages = Pages(dataDirectory: settings.dataDirectory)
        self.stop = stop
        loop = try EventLoop()
        bells = try Bell.Listener(
            directory: settings.dataDirectory + "/run", names: Self.bellNames)
        menu = MenuAnswers(
            Model("menu", dataDirectory: settings.dataDirectory) { path throws(SQLiteError) in
                try MenuReader(path: path)
            })
        orders = OrderAnswers(
            model: Model("orders", dataDirectory: settings.dataDirectory) {
                path throws(SQLiteError) in try OrdersReader(path: path)
            }, maxActiveOrders: settings.maxActiveOrders)
        search = SearchAnswers(
            model: Model("search", dataDirectory: settings.dataDirectory) {
                path throws(SQLiteError) in try SearchReader(path: path)
            })
        authorizer = Authorizer(dataDirectory: settings.dataDirectory)
        access = AccessAnswers(model: authorizer.access)
        events = EventStreams(
            model: Model("notifications", dataDirectory: settings.dataDirectory) {
                path throws(SQLiteError) in try NotificationsReader(path: path)
            }, loop: loop, authorizer: authorizer, places: places)
        host = HostAnswers(menu: menu.model, orders: orders.model)
        link = CommandsLink(
            path: settings.dataDirectory + "/run/commands.sock", loop: loop,
            token: Self.commands)
        let server = try Server(
            listener: listener, limits: Limits(), identity: settings.identity, handler: self)
        self.server = server
        try loop.watch(server.pollDescriptor, readable: true, token: Self.http)
        try loop.watch(bells.descriptor, readable: true, token: Self.bell)
        try loop.watch(stop.descriptor(number), readable: true, token: Self.stopping)
        menu.refresh()
    }

    /// Runs until the stop flag is raised; requests under way get a second to end.
    ///
    /// - Throws: what keeps it from listening any further; its half of the guests would wait for ever.
    func run() throws(SystemError) {
        guard let server else { return }
        var ready: [Ready] = []
        var stopAt: UInt64?
        var hasMore = false
        while true {
            try loop.wait(timeoutMilliseconds: hasMore ? 0 : timeout(server), into: &ready)
            let now = Clock.monotonicNanoseconds()
            let heard = ready.contains { $0.token == Self.bell } ? listen() : Bell.Heard()
            // A bell may be lost, so it looks for itself four times a second.
            if heard.everything || now - lookedAt > 250_000_000 {
                look(now)
            } else {
                for source in Source.allCases where heard.contains(source.bellName) {
                    refresh(source)
                }
            }
            if ready.contains(where: { $0.token == Self.commands }) { link.receive() }
            for event in ready where EventStreams.isToken(event.token) { events.handle(event) }
            server.run()
            link.flush()
            settle(now)
            // Not all at once: who asks for a drink meanwhile does not wait for ten thousand others.
            let isDelivering = events.deliver()
            hasMore = events.serveBehind() || isDelivering
            if stopAt == nil && stop.isRaised {
                server.stopListening()
                events.endAll()
                stopAt = now + 1_000_000_000
            }
            if let stopAt, now >= stopAt || nobodyWaits { break }
        }
        events.endAll()
        // What was answered last is still to be sent.
        server.run()
        server.stop()
    }

    private var nobodyWaits: Bool {
        link.waiting == 0 && waiting.allSatisfy(\.isEmpty)
    }

    private func timeout(_ server: Server) -> Int {
        let longest = stop.isRaised || !postponed.isEmpty ? 20 : 250
        return min(server.timeoutMilliseconds ?? 250, longest)
    }

    /// Sees where the read models have got to.
    private func look(_ now: UInt64) {
        lookedAt = now
        for source in Source.allCases { refresh(source) }
        events.sweep()
        pages.refresh()
        report(now)
        link.connect()
        link.giveUp(at: now)
        layDownCounts()
    }

    /// Sees where one has got to.
    ///
    /// With each order all of them move, one after the other: looking at all with each bell would be five times five
    /// queries.
    private func refresh(_ source: Source) {
        switch source {
        case .menu: if menu.model.refresh() { menu.refresh() }
        case .orders: orders.model.refresh()
        case .search: search.model.refresh()
        case .access: authorizer.refresh()
        case .notifications: events.model.refresh()
        }
    }

    /// Which bells have rung; comes before reading what they are about.
    private func listen() -> Bell.Heard {
        do throws(SystemError) { return try bells.drain() } catch {
            Standard.log("barback front: \(error)")
            var heard = Bell.Heard()
            heard.everything = true
            return heard
        }
    }

    /// Every ten seconds, how often each key was used.
    private func report(_ now: UInt64) {
        // The counts are everybody's, so one reactor reports them.
        guard number == 0, now - reportedAt > 10_000_000_000, link.isConnected else { return }
        reportedAt = now
        let body = usage.takeReport()
        let command = CommandRequest(route: .reportUsage, credential: .none, body: body)
        let problem = link.send(command) { [usage] outcome in
            if case .accepted(let accepted)? = outcome {
                usage.setTotals(accepted.document)
            } else {
                usage.putBack(body)
            }
        }
        if problem != nil { usage.putBack(body) }
    }

    private func settle(_ now: UInt64) {
        if !postponed.isEmpty {
            let due = postponed.filter { $0.due <= now }
            postponed.removeAll { $0.due <= now }
            for item in due { item.body() }
        }
        for source in Source.allCases {
            let due = waiting[source.rawValue].due(at: position(of: source), now: now)
            for (entry, reached) in due { entry.done(reached) }
        }
        link.flush()
    }

    func position(of source: Source) -> Position {
        switch source {
        case .menu: menu.model.state.position
        case .orders: orders.model.state.position
        case .search: search.model.state.position
        case .access: access.model.state.position
        case .notifications: events.model.state.position
        }
    }

    /// Whether it is built and can be read.
    func hasModel(_ source: Source) -> Bool {
        switch source {
        case .menu: menu.model.reader != nil
        case .orders: orders.model.reader != nil
        case .search: search.model.reader != nil
        case .access: access.model.reader != nil
        case .notifications: events.model.reader != nil
        }
    }

    func counted(_ response: Response) -> Response {
        counts.count(status: response.status)
        return response
    }

    func resume(_ ticket: Ticket, _ response: Response) {
        let fields = ownHeaders.removeValue(forKey: ticket) ?? []
        server?.resume(
            ticket, with: counted(fields.isEmpty ? response : response.with(headers: fields)))
    }
}
