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
                    switch Asker(request) {
                    case .nobody: return orders.order(id, for: nil)
                    case .guest(let name): return orders.order(id, for: name)
                    case .unreadable: return Problem.unreadableGuest.response
                    }
                }
            }
        } catch {
            return .now(counted(error.problem.response))
        }
    }

    func refusal(_ refusal: HTTP.Refusal) -> Response { counted(Problem(refusal).response) }

    func gone(_ ticket: Ticket) {
        waitingForMenu.remove(ticket)
        waitingForOrders.remove(ticket)
    }

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
            switch Asker(request) {
            case .nobody: return .now(counted(Problem.noGuest.response))
            case .unreadable: return .now(counted(Problem.unreadableGuest.response))
            case .guest(let name): caller = .guest(name)
            }
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
        case .placeOrder, .changeOrderStatus, .markIngredient, .acceptOrders, .updateDrink,
            .deleteDrink, .updateSection, .deleteSection, .cancelOrder, .placeOrderForGuest,
            .changeSettings:
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
            Waiting.Entry(ticket: ticket, position: accepted.position, deadline: deadline) {
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

    func layDownCounts() {
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
            default: break
            }
        }
        let short = Array("{\"id\":\"\(id)\"}".utf8)
        return Response(
            status: created ? 201 : 200, headers: headers,
            body: body ?? data(document.isEmpty ? short : document))
    }
}
