internal import Domain
internal import HTTP
internal import ReadModels
internal import System
internal import Wire

extension Reactor: Handler {
    func admit(_ head: borrowing Request) -> Admission {
        do throws(Problem) { return try admission(head) } catch {
            return .refuse(
                counted(error.response.with(headers: companions(head, from: client(head)))))
        }
    }

    /// Decides from the head alone, before any of the body is read.
    private func admission(_ head: borrowing Request) throws(Problem) -> Admission {
        let route: Route
        do throws(RouteError) { route = try find(head) } catch { throw error.problem }
        guard hosts.accepts(head.header("Host")) else { throw .wrongHost }
        if case .upload(let name) = route { return try admitUpload(name, head) }
        if case .eventTicket = route {
            _ = try authorizer.identify(head, for: .everyoneSignedIn)
            return .body(limit: Self.ticketBodyLimit)
        }
        guard case .command(let command, _) = route else { return .body(limit: 0) }
        _ = try identify(head, command)
        // A page elsewhere can make a browser send a form or a text unasked, but neither JSON nor DELETE
        // nor a header of ours.
        guard command.mayLackBody || isJSON(head.header("Content-Type")) else { throw .wrongType }
        return .body(limit: settings.bodyLimit)
    }

    /// Nothing stands in it, but some clients send `{}`.
    private static let ticketBodyLimit = 64

    private func find(_ request: borrowing Request) throws(RouteError) -> Route {
        do throws(RouteError) {
            return try Route.find(request.method, request.target.segments, pages: pages)
        } catch .wrongMethod(let allow) {
            guard request.method == .options,
                let answer = origins.preflight(
                    origin: request.header("Origin"),
                    requested: request.header("Access-Control-Request-Method"), allow: allow)
            else { throw .wrongMethod(allow: allow) }
            return .preflight(answer)
        }
    }

    /// Headers of whatever is answered to this request.
    private func companions(
        _ request: borrowing Request, from client: Client
    ) -> [(String, String)] {
        (client.isSecure ? SecurityHeaders.secure : [])
            + origins.headers(for: request.header("Origin"))
    }

    private func identify(
        _ request: borrowing Request, _ command: CommandRoute
    ) throws(Problem) -> Asker {
        try authorizer.identify(
            request, for: command.audience, ignoringToken: command.ignoresToken)
    }

    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome {
        // Asked again, it may be answered for good or wait for something else.
        let client = client(request)
        var own = ownHeaders.removeValue(forKey: ticket) ?? companions(request, from: client)
        let outcome = answer(request, from: client, ticket, &own)
        guard !own.isEmpty else { return outcome }
        switch outcome {
        case .now(let response): return .now(response.with(headers: own))
        case .later: ownHeaders[ticket] = own
        case .streaming: break
        }
        return outcome
    }

    private func answer(
        _ request: borrowing Request, from client: Client, _ ticket: Ticket,
        _ own: inout [(String, String)]
    ) -> Outcome {
        do throws(RouteError) {
            switch try find(request) {
            case .preflight(let answer): return .now(counted(answer))
            // Links to pages carry parameters of others, such as where a visitor came from.
            case .page(let page): return .now(counted(page.answer(request)))
            case .health: return small(request) { text("ok\n") }
            case .readiness: return small(request, readiness)
            case .metrics: return small(request) { metrics(request) }
            case .publicKeys: return small(request, publicKeys)
            case .events: return listen(request, from: client, ticket, &own)
            case .eventTicket: return grantTicket(request, from: client, ticket, &own)
            case .image(let name): return small(request) { image(name) }
            case .upload(let name): return store(name, request, ticket)
            case .command(let route, let target):
                return asked(
                    request, from: client, ticket, for: route.audience, route.limited,
                    route.ignoresToken, &own
                ) { request, asker in
                    if let problem = unknownParameter(request, route.parameters) { return problem }
                    return send(route, target, asker, request, ticket)
                }
            case .read(let found):
                return asked(
                    request, from: client, ticket, for: found.audience, found.limited, false, &own
                ) { request, asker in
                    let reading = searched(found, request)
                    if let problem = unknownParameter(request, reading.parameters) {
                        return problem
                    }
                    return whenReady(request, ticket, reading.sources[...]) { request in
                        read(reading, asker, request)
                    }
                }
            }
        } catch {
            return .now(counted(error.problem.response))
        }
    }

    /// Answers whoever may ask, as often as they may.
    func asked(
        _ request: borrowing Request, from client: Client, _ ticket: Ticket,
        for audience: Audience, _ route: LimitedRoute, _ ignoresToken: Bool,
        _ own: inout [(String, String)],
        _ answer: (borrowing Request, Asker) -> Outcome
    ) -> Outcome {
        do throws(Problem) {
            let asker = try asker(
                of: request, from: client, ticket, for: audience, route,
                ignoringToken: ignoresToken, &own)
            return answer(request, asker)
        } catch {
            return .now(counted(error.response))
        }
    }

    /// Whoever may ask, and as often as they may: what is left of their rate is among `own` then.
    ///
    /// A request that waited for a read model and is asked again has been counted.
    func asker(
        of request: borrowing Request, from client: Client, _ ticket: Ticket,
        for audience: Audience, _ route: LimitedRoute, ignoringToken: Bool,
        _ own: inout [(String, String)]
    ) throws(Problem) -> Asker {
        let asker = try authorizer.identify(request, for: audience, ignoringToken: ignoringToken)
        guard retried.remove(ticket) == nil else { return asker }
        usage.count(asker.key.id)
        own += try take(route, asker, request, from: client.address)?.headers ?? []
        return asker
    }

    private func take(
        _ route: LimitedRoute, _ asker: Asker, _ request: borrowing Request,
        from address: Address
    ) throws(Problem) -> Limit? {
        let now = Clock.monotonicNanoseconds()
        if route == CommandRoute.register.limited {
            switch authorizer.standing(ofCode: request.registrationCode) {
            case .good: break
            case .over where request.header("Idempotency-Key") != nil: break
            case .over, .worthless: throw wrongCode(from: address, at: now)
            }
        }
        let sender: Limiter.Sender =
            asker.guest.map { .guest($0) } ?? (asker.role == nil ? .anonymous(address) : .staff)
        let limit = limiter.take(route, key: asker.key.id, asker.key.plan, sender, at: now)
        if let limit, !limit.allowance.isAllowed {
            throw Problem.tooManyRequests.with(limit.headers)
        }
        return limit
    }

    /// In a bucket of its own: whoever guesses holds up nobody who has a code.
    func wrongCode(from address: Address, at now: UInt64) -> Problem {
        let limit = failures.codeWasWrong(from: address, at: now)
        return limit.allowance.isAllowed
            ? Problem(Domain.Refusal.wrongCode) : Problem.tooManyGuesses.with(limit.headers)
    }

    /// Who the client is, past the proxies that are trusted.
    func client(_ request: borrowing Request) -> Client {
        Client(
            peer: request.peer, isTLS: settings.identity != nil,
            forwardedFor: request.headers("x-forwarded-for"),
            forwardedProto: request.headers("x-forwarded-proto"), trusting: settings.trustedProxies)
    }

    /// The menu as it stands is prepared; a part of it, or a page of a long one, is searched for.
    private func searched(_ reading: Reading, _ request: borrowing Request) -> Reading {
        guard case .drinks = reading, menu.isLong || SearchAnswers.isAsked(request.target.query)
        else { return reading }
        return .search
    }

    /// Better refused than ignored: a filter that does nothing would lie.
    func unknownParameter(_ request: borrowing Request, _ known: [String]) -> Outcome? {
        guard !request.target.query.isEmpty,
            let item = request.target.query.first(where: { !known.contains($0.name) })
        else { return nil }
        return .now(counted(Problem.unknownParameter(item.name).response))
    }

    private func small(_ request: borrowing Request, _ answer: () -> Response) -> Outcome {
        unknownParameter(request, []) ?? .now(counted(answer()))
    }

    private func read(
        _ reading: Reading, _ asker: Asker, _ request: borrowing Request
    ) -> Response {
        switch reading {
        case .drinks: menu.allDrinks(request)
        case .search: search.drinks(request)
        case .ingredients: search.ingredients(request)
        case .sections, .allSections: menu.allSections(request)
        case .drink(let id): menu.drink(id, request)
        case .bar, .ownBar: orders.bar()
        // A guest's own; the staff's, any.
        case .order(let id): orders.order(id, for: asker.guest)
        case .ownOrders: orders.ownOrders(asker.guest ?? "", request.target.query)
        case .allDrinks: host.drinks(request.target.query)
        case .anyDrink(let id): host.drink(id)
        case .drinkHistory(let id): host.history(ofDrink: id, request.target.query)
        case .section(let id): host.section(id)
        case .shelf: host.shelf()
        case .ingredient(let name): host.ingredient(name)
        case .queue: orders.queue(request.target.query)
        case .orderInFull(let id): orders.order(id, for: nil, inFull: true)
        case .settings: orders.settings()
        case .keys: access.keys(usage)
        case .accounts: access.accounts()
        case .account(let id): access.account(id)
        case .guests: access.guests()
        case .guest(let id): access.guest(id)
        }
    }

    func refusal(_ refusal: HTTP.Refusal) -> Response { counted(Problem(refusal).response) }

    func gone(_ ticket: Ticket) {
        for source in Source.allCases { waiting[source.rawValue].remove(ticket) }
        ownHeaders[ticket] = nil
    }

    // MARK: Reading your own writes

    /// Answers now, or once every read model has reached the position in Barback-After.
    private func whenReady(
        _ request: borrowing Request, _ ticket: Ticket, _ sources: ArraySlice<Source>,
        _ answer: (borrowing Request) -> Response
    ) -> Outcome {
        guard let header = request.header("Barback-After") else {
            return .now(counted(answer(request)))
        }
        guard let after = Position(digits: header) else {
            return .now(
                counted(Problem.badHeader("Barback-After", "must be a position").response))
        }
        // One after the other: when this one has arrived, the request is asked again.
        guard let source = sources.first(where: { position(of: $0) < after }) else {
            return .now(counted(answer(request)))
        }
        guard !waiting[source.rawValue].isFull else {
            return .now(counted(Problem.busy.response))
        }
        guard after > knownHead else {
            wait(ticket, for: after, source)
            return .later
        }
        return checkHead(ticket, after, source)
    }

    private func wait(_ ticket: Ticket, for position: Position, _ source: Source) {
        let deadline = Clock.monotonicNanoseconds() + Waiting.nanoseconds
        waiting[source.rawValue].add(
            Waiting.Entry(ticket: ticket, position: position, deadline: deadline) {
                [unowned self] reached in
                if reached {
                    retried.insert(ticket)
                    if server?.retry(ticket) != true { retried.remove(ticket) }
                } else {
                    resume(ticket, Problem.stillBehind.response)
                }
            })
    }

    /// Nobody has named this position yet, so only the writer knows whether it exists.
    private func checkHead(_ ticket: Ticket, _ after: Position, _ source: Source) -> Outcome {
        let problem = link.askHead { [unowned self] outcome in
            guard case .accepted(let head)? = outcome else {
                return resume(ticket, Problem.noWriter.response)
            }
            knownHead = max(knownHead, head.position)
            if after > head.position {
                resume(ticket, Problem.positionAhead.response)
            } else {
                wait(ticket, for: after, source)
            }
        }
        return problem.map { .now(counted($0.response)) } ?? .later
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
        guard link.isConnected, Source.allCases.allSatisfy(hasModel) else {
            return Problem.notReady.response
        }
        return text("ready\n")
    }

    func layDownCounts() {
        counts.connections = server?.openConnections ?? 0
        counts.commandsUnderWay = link.waiting
        counts.eventStreams = events.count
        counts.eventStreamsCut = events.cut
        counts.waiting = waiting.reduce(0) { $0 + $1.count }
        metrics.lay(counts, of: number)
    }

    /// For this machine itself, and for whoever has a key that may ask much.
    private func metrics(_ request: borrowing Request) -> Response {
        // Of a proxy nobody knows for whom it asks.
        let isProxied = settings.trustedProxies.contains { $0.contains(request.peer) }
        guard isProxied || !request.peer.isLoopback else { return text(metricsText()) }
        do throws(Problem) {
            let asker = try authorizer.identify(request, for: .anyone, ignoringToken: true)
            guard asker.key.plan != .public else { throw Problem(Domain.Refusal.notAllowed) }
            return text(metricsText())
        } catch {
            return error.response
        }
    }

    private func publicKeys() -> Response {
        Response(
            status: 200,
            headers: [("Content-Type", jsonType), ("Cache-Control", "public, max-age=300")],
            body: authorizer.publicKeys.json)
    }

    private func metricsText() -> String {
        layDownCounts()
        return metrics.text(models: Source.allCases.map { ($0.name, position(of: $0)) })
    }
}
