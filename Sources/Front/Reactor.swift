internal import Domain
internal import HTTP
internal import ReadModels
internal import SQLite
internal import System
internal import Wire

/// One thread of the front with everything it needs: nothing is shared with the other.
///
/// A turn of its loop: what the kernel has ready, the HTTP server, the commands that came in while it
/// ran as one write, the requests whose read model has arrived.
final class Reactor {
    private let settings: FrontSettings
    private let number: Int
    private let loop: EventLoop
    private let bells: Bell.Listener
    private let stop: StopFlag
    private let pages = Pages()
    private let menu: MenuAnswers
    private let orders: OrderAnswers
    private let link: CommandsLink
    private var server: Server?
    private var waitingForMenu = Waiting()
    private var waitingForOrders = Waiting()
    private let metrics: Metrics
    private var counts = Metrics.Counts()
    /// The furthest position that any answer has named.
    private var knownHead = Position.start
    private var lookedAt: UInt64 = 0

    private static let http: UInt64 = 0
    private static let bell: UInt64 = 1
    private static let commands: UInt64 = 2
    private static let stopping: UInt64 = 3

    init(
        _ settings: FrontSettings, number: Int, listener: Listener, stop: StopFlag,
        metrics: Metrics
    ) throws {
        self.settings = settings
        self.metrics = metrics
        self.number = number
        self.stop = stop
        loop = try EventLoop()
        bells = try Bell.Listener(
            directory: settings.dataDirectory + "/run", names: ["menu.bell", "orders.bell"])
        menu = MenuAnswers(
            Model("menu", dataDirectory: settings.dataDirectory) { path throws(SQLiteError) in
                try MenuReader(path: path)
            })
        orders = OrderAnswers(
            model: Model("orders", dataDirectory: settings.dataDirectory) {
                path throws(SQLiteError) in try OrdersReader(path: path)
            }, maxActiveOrders: settings.maxActiveOrders)
        link = CommandsLink(
            path: settings.dataDirectory + "/run/commands.sock", loop: loop,
            token: Self.commands)
        let server = try Server(listener: listener, limits: Limits(), handler: self)
        self.server = server
        try loop.watch(server.pollDescriptor, readable: true, token: Self.http)
        try loop.watch(bells.descriptor, readable: true, token: Self.bell)
        try loop.watch(stop.descriptor(number), readable: true, token: Self.stopping)
        menu.refresh()
    }

    /// Runs until the stop flag is raised; requests under way get a second to end.
    func run() {
        guard let server else { return }
        var ready: [Ready] = []
        var stopAt: UInt64?
        while true {
            do throws(SystemError) {
                try loop.wait(timeoutMilliseconds: timeout(server), into: &ready)
            } catch {
                Standard.error("barback front: \(error)\n")
                return
            }
            let now = Clock.monotonicNanoseconds()
            // A bell may be lost, so it looks for itself four times a second.
            if ready.contains(where: { $0.token == Self.bell }) || now - lookedAt > 250_000_000 {
                look(now)
            }
            if ready.contains(where: { $0.token == Self.commands }) { link.receive() }
            server.run()
            link.flush()
            settle(now)
            if stopAt == nil && stop.isRaised {
                server.stopListening()
                stopAt = now + 1_000_000_000
            }
            if let stopAt, now >= stopAt || link.waiting == 0 { break }
        }
        server.stop()
    }

    private func timeout(_ server: Server) -> Int {
        min(server.timeoutMilliseconds ?? 250, stop.isRaised ? 20 : 250)
    }

    /// Sees where the read models have got to.
    private func look(_ now: UInt64) {
        lookedAt = now
        do throws(SystemError) { _ = try bells.drain() } catch {
            Standard.error("barback front: \(error)\n")
        }
        if menu.model.refresh() { menu.refresh() }
        orders.model.refresh()
        link.connect()
        layDownCounts()
    }

    private func settle(_ now: UInt64) {
        for (entry, reached) in waitingForMenu.due(at: menu.model.state.position, now: now) {
            entry.done(reached)
        }
        for (entry, reached) in waitingForOrders.due(at: orders.model.state.position, now: now) {
            entry.done(reached)
        }
        link.flush()
    }

    private func counted(_ response: Response) -> Response {
        counts.count(status: response.status)
        return response
    }

    private func resume(_ ticket: Ticket, _ response: Response) {
        server?.resume(ticket, with: counted(response))
    }
}

// MARK: - Requests

extension Reactor: Handler {
    func admit(_ head: borrowing Request) -> Admission {
        do throws(RouteError) {
            let route = try Route.find(head.method, head.target.segments, pages: pages)
            guard isOwnHost(head.header("Host")) else {
                return .refuse(counted(Problem.wrongHost.response))
            }
            guard case .command = route else { return .body(limit: 0) }
            guard head.header("Content-Type", is: jsonType) || isJSON(head.header("Content-Type"))
            else {
                return .refuse(counted(Problem.wrongType.response))
            }
            return .body(limit: settings.bodyLimit)
        } catch {
            return .refuse(counted(error.problem.response))
        }
    }

    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome {
        do throws(RouteError) {
            let route = try Route.find(request.method, request.target.segments, pages: pages)
            // Better refused than ignored: a filter that does nothing would lie.
            if !route.isPage, let item = request.target.query.first {
                return .now(counted(Problem.unknownParameter(item.name).response))
            }
            switch route {
            case .page(let page): return .now(counted(page.answer(request)))
            case .health: return .now(counted(text("ok\n")))
            case .readiness: return .now(counted(readiness()))
            case .metrics: return .now(counted(text(metricsText())))
            case .command(let route, let target):
                return send(route, target, request, ticket)
            case .drinks, .sections, .drink:
                return whenReady(request, ticket, \.waitingForMenu, menu.model.state.position) {
                    request in
                    switch route {
                    case .drinks: menu.allDrinks(request)
                    case .sections: menu.allSections(request)
                    case .drink(let id): menu.drink(id, request)
                    default: Problem.noRoute.response
                    }
                }
            case .bar, .order:
                return whenReady(
                    request, ticket, \.waitingForOrders, orders.model.state.position
                ) { request in
                    guard case .order(let id) = route else { return orders.bar() }
                    return orders.order(id, for: guestName(request))
                }
            }
        } catch {
            return .now(counted(error.problem.response))
        }
    }

    func refusal(_ refusal: HTTP.Refusal) -> Response { counted(Problem(refusal).response) }

    func gone(_ ticket: Ticket) {}

    // MARK: Reading your own writes

    /// Answers now, or once the read model has reached the position in Barback-After.
    private func whenReady(
        _ request: borrowing Request, _ ticket: Ticket,
        _ waiting: ReferenceWritableKeyPath<Reactor, Waiting>, _ position: Position,
        _ answer: (borrowing Request) -> Response
    ) -> Outcome {
        guard let header = request.header("Barback-After") else {
            return .now(counted(answer(request)))
        }
        guard header.utf8.count <= 18, header.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(header)
        else {
            return .now(
                counted(Problem.badHeader("Barback-After", "must be a position").response))
        }
        let after = Position(number)
        if after <= position { return .now(counted(answer(request))) }
        guard !self[keyPath: waiting].isFull else { return .now(counted(Problem.busy.response)) }
        guard after > knownHead else {
            wait(ticket, for: after, waiting)
            return .later
        }
        return checkHead(ticket, after, waiting)
    }

    private func wait(
        _ ticket: Ticket, for position: Position,
        _ waiting: ReferenceWritableKeyPath<Reactor, Waiting>
    ) {
        let deadline = Clock.monotonicNanoseconds() + Waiting.nanoseconds
        self[keyPath: waiting].add(
            Waiting.Entry(position: position, deadline: deadline) { [unowned self] reached in
                if reached {
                    server?.retry(ticket)
                } else {
                    resume(ticket, Problem.stillBehind.response)
                }
            })
    }

    /// Nobody has named this position yet, so only the writer knows whether it exists.
    private func checkHead(
        _ ticket: Ticket, _ after: Position,
        _ waiting: ReferenceWritableKeyPath<Reactor, Waiting>
    ) -> Outcome {
        let problem = link.askHead { [unowned self] outcome in
            guard case .accepted(let head)? = outcome else {
                return resume(ticket, Problem.noWriter.response)
            }
            knownHead = max(knownHead, head.position)
            if after > head.position {
                resume(ticket, Problem.positionAhead.response)
            } else {
                wait(ticket, for: after, waiting)
            }
        }
        return problem.map { .now(counted($0.response)) } ?? .later
    }

    // MARK: Commands

    private func send(
        _ route: CommandRoute, _ target: String, _ request: borrowing Request, _ ticket: Ticket
    ) -> Outcome {
        let caller: Caller
        if route == .placeOrder {
            guard let guest = guestName(request) else {
                return .now(counted(Problem.noGuest.response))
            }
            caller = .guest(guest)
        } else {
            // Until staff sign in, whoever reaches the loopback address is the host.
            caller = .staff("host")
        }
        let command = CommandRequest(
            route: route, caller: caller, target: target,
            key: request.header("Idempotency-Key"), body: request.body)
        counts.commandsSent += 1
        let problem = link.send(command) { [unowned self] outcome in
            finish(route, outcome, ticket)
        }
        return problem.map { .now(counted($0.response)) } ?? .later
    }

    private func finish(_ route: CommandRoute, _ outcome: CommandOutcome?, _ ticket: Ticket) {
        guard let outcome else { return resume(ticket, Problem.noWriter.response) }
        guard case .accepted(let accepted) = outcome else {
            if let problem = Problem(outcome) { resume(ticket, problem.response) }
            return
        }
        knownHead = max(knownHead, accepted.position)
        switch route {
        case .createDrink: answer(ticket, accepted, created: .drink)
        case .createSection: answer(ticket, accepted, created: .section)
        case .placeOrder, .changeOrderStatus, .markIngredient, .acceptOrders:
            resume(ticket, accepted.response(route, document: accepted.document))
        }
    }

    /// The document of a new drink or section comes from the menu, once it is there.
    private func answer(
        _ ticket: Ticket, _ accepted: CommandOutcome.Accepted, created: MenuAnswers.Created
    ) {
        let route: CommandRoute = created == .drink ? .createDrink : .createSection
        let deadline = Clock.monotonicNanoseconds() + Waiting.nanoseconds
        waitingForMenu.add(
            Waiting.Entry(position: accepted.position, deadline: deadline) {
                [unowned self] _ in
                // It is stored either way; a menu that is behind only makes the answer short.
                let found = menu.created(created, accepted.id)
                resume(ticket, accepted.response(route, body: found?.body))
            })
    }

    // MARK: Small answers

    private func text(_ text: String) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
            ],
            body: Array(text.utf8))
    }

    private func readiness() -> Response {
        guard link.isConnected, menu.model.reader != nil, orders.model.reader != nil else {
            return Problem.notReady.response
        }
        return text("ready\n")
    }

    private func layDownCounts() {
        counts.connections = server?.openConnections ?? 0
        counts.commandsUnderWay = link.waiting
        counts.waiting = waitingForMenu.count + waitingForOrders.count
        metrics.lay(counts, of: number)
    }

    private func metricsText() -> String {
        layDownCounts()
        return metrics.text(models: [
            ("menu", menu.model.state.position), ("orders", orders.model.state.position),
        ])
    }
}

extension CommandOutcome.Accepted {
    fileprivate func response(
        _ route: CommandRoute, document: [UInt8] = [], body: [UInt8]? = nil
    ) -> Response {
        var headers = [
            ("Content-Type", jsonType), ("Cache-Control", "no-store"),
            (Header.position, position.description),
        ]
        if created {
            switch route {
            case .placeOrder: headers.append(("Location", "/orders/\(id)"))
            case .createDrink: headers.append(("Location", "/drinks/\(id)"))
            case .createSection, .markIngredient, .acceptOrders, .changeOrderStatus: break
            }
        }
        let short = Array("{\"id\":\"\(id)\"}".utf8)
        return Response(
            status: created ? 201 : 200, headers: headers,
            body: body ?? data(document.isEmpty ? short : document))
    }
}

// MARK: - Headers

/// The guest as the header names it: percent-encoded UTF-8, since header values are ASCII.
private func guestName(_ request: borrowing Request) -> String? {
    request.header("X-Guest").flatMap { $0.isEmpty ? nil : percentDecoded($0) }
}

private func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}

private func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    let type = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    return type == jsonType
}

/// A name that only this machine answers to: a page elsewhere cannot make a browser say it.
private func isOwnHost(_ host: String?) -> Bool {
    guard let host else { return true }
    let name: Substring
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
        name = host[host.index(after: host.startIndex)..<end]
    } else {
        name = host.prefix { $0 != ":" }
    }
    return name.lowercased() == "localhost" || name == "::1" || isLoopbackIPv4(name)
}

private func isLoopbackIPv4(_ name: Substring) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
}
