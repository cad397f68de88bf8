internal import Domain
internal import HTTP
internal import ReadModels
internal import System
internal import Wire

extension Reactor: Handler {
    func admit(_ head: borrowing Request) -> Admission {
        do throws(RouteError) {
            let route = try Route.find(head.method, head.target.segments, pages: pages)
            guard isOwnHost(head.header("Host")) else {
                return .refuse(counted(Problem.wrongHost.response))
            }
            guard case .command(let route, _) = route else { return .body(limit: 0) }
            // A page elsewhere can make a browser send a form or a text unasked, but neither JSON nor DELETE
            // nor a header of ours.
            guard route.mayLackBody || isJSON(head.header("Content-Type")) else {
                return .refuse(counted(Problem.wrongType.response))
            }
            return .body(limit: settings.bodyLimit)
        } catch {
            return .refuse(counted(error.problem.response))
        }
    }

    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome {
        do throws(RouteError) {
            switch try Route.find(request.method, request.target.segments, pages: pages) {
            // Links to pages carry parameters of others, such as where a visitor came from.
            case .page(let page): return .now(counted(page.answer(request)))
            case .health: return small(request) { text("ok\n") }
            case .readiness: return small(request, readiness)
            case .metrics: return small(request) { text(metricsText()) }
            case .command(let route, let target):
                if let problem = unknownParameter(request, []) { return problem }
                return send(route, target, request, ticket)
            case .read(let found):
                let reading = asked(found, request)
                if let problem = unknownParameter(request, reading.parameters) { return problem }
                return whenReady(request, ticket, reading.sources[...]) { request in
                    read(reading, request)
                }
            }
        } catch {
            return .now(counted(error.problem.response))
        }
    }

    /// The menu as it stands is prepared; a part of it, or a page of a long one, is searched for.
    private func asked(_ reading: Reading, _ request: borrowing Request) -> Reading {
        guard case .drinks = reading, menu.isLong || SearchAnswers.isAsked(request.target.query)
        else { return reading }
        return .search
    }

    /// Better refused than ignored: a filter that does nothing would lie.
    private func unknownParameter(_ request: borrowing Request, _ known: [String]) -> Outcome? {
        guard !request.target.query.isEmpty,
            let item = request.target.query.first(where: { !known.contains($0.name) })
        else { return nil }
        return .now(counted(Problem.unknownParameter(item.name).response))
    }

    private func small(_ request: borrowing Request, _ answer: () -> Response) -> Outcome {
        unknownParameter(request, []) ?? .now(counted(answer()))
    }

    private func read(_ reading: Reading, _ request: borrowing Request) -> Response {
        switch reading {
        case .drinks: menu.allDrinks(request)
        case .search: search.drinks(request)
        case .ingredients: search.ingredients(request)
        case .sections: menu.allSections(request)
        case .drink(let id): menu.drink(id, request)
        case .bar: orders.bar()
        case .order(let id): orderOfAsker(id, request)
        case .ownOrders: ordersOfAsker(request)
        case .allDrinks: host.drinks(request.target.query)
        case .anyDrink(let id): host.drink(id)
        case .section(let id): host.section(id)
        case .shelf: host.shelf()
        case .ingredient(let name): host.ingredient(name)
        case .queue: orders.queue(request.target.query)
        case .orderInFull(let id): orders.order(id, for: nil, inFull: true)
        case .settings: orders.settings()
        }
    }

    private func orderOfAsker(_ id: String, _ request: borrowing Request) -> Response {
        switch Asker(request) {
        case .nobody: orders.order(id, for: nil)
        case .guest(let name): orders.order(id, for: name)
        case .unreadable: Problem.unreadableGuest.response
        }
    }

    private func ordersOfAsker(_ request: borrowing Request) -> Response {
        switch Asker(request) {
        case .nobody: Problem.noGuest.response
        case .guest(let name): orders.ownOrders(name, request.target.query)
        case .unreadable: Problem.unreadableGuest.response
        }
    }

    func refusal(_ refusal: HTTP.Refusal) -> Response { counted(Problem(refusal).response) }

    func gone(_ ticket: Ticket) {
        for source in Source.allCases { waiting[source.rawValue].remove(ticket) }
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
        guard header.utf8.count <= 18, header.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(header)
        else {
            return .now(
                counted(Problem.badHeader("Barback-After", "must be a position").response))
        }
        let after = Position(number)
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
                    server?.retry(ticket)
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
        guard link.isConnected, menu.model.reader != nil, orders.model.reader != nil,
            search.model.reader != nil
        else {
            return Problem.notReady.response
        }
        return text("ready\n")
    }

    func layDownCounts() {
        counts.connections = server?.openConnections ?? 0
        counts.commandsUnderWay = link.waiting
        counts.waiting = waiting.reduce(0) { $0 + $1.count }
        metrics.lay(counts, of: number)
    }

    private func metricsText() -> String {
        layDownCounts()
        return metrics.text(models: Source.allCases.map { ($0.name, position(of: $0)) })
    }
}
