internal import Domain
internal import HTTP
internal import System
internal import Wire

// Requests that change something: on to the writer, and its answer back to the client.
extension Reactor {
    func send(
        _ route: CommandRoute, _ target: String, _ request: borrowing Request, _ ticket: Ticket
    ) -> Outcome {
        let caller: Caller
        if route.isGuests {
            switch Asker(request) {
            case .nobody: return .now(counted(Problem.noGuest.response))
            case .unreadable: return .now(counted(Problem.unreadableGuest.response))
            case .guest(let name): caller = .guest(name)
            }
        } else {
            // Until staff sign in, whoever reaches the loopback address is the host.
            caller = .staff("host")
        }
        let isEmpty = route.mayLackBody && request.body.isEmpty
        let command = CommandRequest(
            route: route, caller: caller, target: target,
            key: request.header("Idempotency-Key"), ifMatch: request.header("If-Match"),
            body: isEmpty ? Array("{}".utf8) : request.body)
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
        case .createDrink, .updateDrink:
            answer(ticket, accepted, route, [.menu]) { [unowned self] in host.drink(accepted.id) }
        case .createSection, .updateSection:
            answer(ticket, accepted, route, [.menu]) { [unowned self] in host.section(accepted.id) }
        case .markIngredient:
            answer(ticket, accepted, route, [.menu, .orders]) { [unowned self] in
                host.ingredient(accepted.id, isKnown: true)
            }
        case .acceptOrders:
            answer(ticket, accepted, route, [.orders]) { [unowned self] in orders.bar() }
        case .changeSettings:
            answer(ticket, accepted, route, [.orders]) { [unowned self] in orders.settings() }
        case .placeOrder, .placeOrderForGuest, .changeOrderStatus, .cancelOrder, .deleteDrink,
            .deleteSection:
            resume(ticket, accepted.response(route))
        }
    }

    /// The document of what was changed comes from the read models, once all of them show it.
    ///
    /// It is stored either way: where one is behind, or many wait, the answer is only shorter.
    private func answer(
        _ ticket: Ticket, _ accepted: CommandOutcome.Accepted, _ route: CommandRoute,
        _ sources: ArraySlice<Source>, until deadline: UInt64? = nil,
        _ read: @escaping () -> Response
    ) {
        guard let source = sources.first else {
            return resume(ticket, accepted.response(route, read()))
        }
        guard !waiting[source.rawValue].isFull else {
            return resume(ticket, accepted.response(route))
        }
        let deadline = deadline ?? Clock.monotonicNanoseconds() + Waiting.nanoseconds
        waiting[source.rawValue].add(
            Waiting.Entry(ticket: ticket, position: accepted.position, deadline: deadline) {
                [unowned self] reached in
                guard reached else { return resume(ticket, accepted.response(route)) }
                answer(ticket, accepted, route, sources.dropFirst(), until: deadline, read)
            })
    }
}

extension CommandRoute {
    /// The caller is a guest, who says so; all other routes are the staff's.
    var isGuests: Bool { self == .placeOrder || self == .cancelOrder }

    /// All that it says stands in the path.
    var mayLackBody: Bool {
        self == .deleteDrink || self == .deleteSection || self == .cancelOrder
    }
}

extension CommandOutcome.Accepted {
    /// What a read model says of the thing, under this command's status and address.
    fileprivate func response(_ route: CommandRoute, _ read: Response) -> Response {
        // Deleted, or hidden by a change that came after: the command was carried out all the same.
        guard read.status == 200 else { return response(route) }
        var answer = read
        answer.status = created ? 201 : 200
        answer.setHeader(Header.position, position.description)
        if created, let location = location(route) { answer.setHeader("Location", location) }
        return answer
    }

    fileprivate func response(_ route: CommandRoute) -> Response {
        let short = Array("{\"id\":\"\(id)\"}".utf8)
        let location = created ? location(route).map { [("Location", $0)] } : nil
        return privateAnswer(
            data(document.isEmpty ? short : document), status: created ? 201 : 200, at: position,
            headers: location ?? [])
    }

    private func location(_ route: CommandRoute) -> String? {
        switch route {
        case .placeOrder, .placeOrderForGuest: "/orders/\(id)"
        case .createDrink: "/admin/drinks/\(id)"
        case .createSection: "/admin/sections/\(id)"
        default: nil
        }
    }
}
