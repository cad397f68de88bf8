internal import Domain
internal import HTTP
internal import JSON
internal import System

// GET /events: server-sent events of what a guest or the staff may know.
//
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
extension Reactor {
    /// Opens a stream for whoever shows key and token, or a ticket that stands for both.
    func listen(
        _ request: borrowing Request, from client: Client, _ ticket: Ticket,
        _ own: inout [(String, String)]
    ) -> Outcome {
        if let problem = unknownParameter(request, ["ticket", "last_event_id"]) { return problem }
        do throws(Problem) {
            let text = request.target.query.first { $0.name == "ticket" }?.value
            guard let text else {
                let (listener, pass) = try visitor(
                    request, from: client, ticket, Self.listening, &own)
                return try open(listener, pass, request, own) {}
            }
            guard let holder = tickets.holder(of: text, at: Clock.monotonicNanoseconds()),
                (try? authorizer.admits(holder.pass)) == true
            else { throw .badTicket }
            return try open(holder.listener, holder.pass, request, own) { () throws(Problem) in
                guard tickets.use(text) else { throw .badTicket }
            } orElse: {
                tickets.putBack(text, holder)
            }
        } catch {
            return .now(counted(error.response))
        }
    }

    /// `use` comes last of what may be refused, and is undone where no stream can be opened all the same.
    private func open(
        _ listener: EventListener, _ pass: Pass, _ request: borrowing Request,
        _ own: [(String, String)], use: () throws(Problem) -> Void, orElse undo: () -> Void = {}
    ) throws(Problem) -> Outcome {
        let after = try lastEventID(request)
        guard events.model.reader != nil else { throw .notReady }
        try places.take(listener)
        do throws(Problem) { try use() } catch {
            places.giveBack(listener)
            throw error
        }
        switch request.openStream(headers: EventStreams.headers + own) {
        case .open(let stream):
            counts.count(status: 200)
            events.open(stream, listener, pass, after: after)
            return .streaming
        case .gone:
            places.giveBack(listener)
            return .streaming
        case .noDescriptor:
            places.giveBack(listener)
            undo()
            throw .busy
        }
    }

    /// What the client has seen: the header, which a browser sends when it comes back, or what the address said at
    /// first.
    private func lastEventID(_ request: borrowing Request) throws(Problem) -> Position? {
        let inQuery = request.target.query.first { $0.name == "last_event_id" }?.value
        let said = [request.header("Last-Event-ID"), inQuery].compactMap(\.self)
        guard let text = said.first(where: { !$0.isEmpty }) else { return nil }
        guard let position = Position(digits: text) else {
            throw .badHeader("Last-Event-ID", "must be the id of an event")
        }
        return position
    }

    /// Gives out a ticket for clients that cannot send headers, such as a browser's EventSource.
    func grantTicket(
        _ request: borrowing Request, from client: Client, _ ticket: Ticket,
        _ own: inout [(String, String)]
    ) -> Outcome {
        do throws(Problem) {
            let (listener, pass) = try visitor(request, from: client, ticket, Self.granting, &own)
            if let problem = unknownParameter(request, []) { return problem }
            let text = tickets.issue(to: listener, pass, at: Clock.monotonicNanoseconds())
            var json = JSONWriter()
            json.object {
                $0.member("ticket", text)
                $0.member("expires_in", Int64(EventTickets.seconds))
            }
            return .now(
                counted(
                    Response(
                        status: 201,
                        headers: [("Content-Type", jsonType), ("Cache-Control", "no-store")],
                        body: data(json.bytes))))
        } catch {
            return .now(counted(error.response))
        }
    }

    /// Who shows key and token, and may stay by them.
    private func visitor(
        _ request: borrowing Request, from client: Client, _ ticket: Ticket,
        _ route: LimitedRoute, _ own: inout [(String, String)]
    ) throws(Problem) -> (EventListener, Pass) {
        let asker = try asker(
            of: request, from: client, ticket, for: .everyoneSignedIn, route, ignoringToken: false,
            &own)
        guard let listener = EventListener(asker), let pass = authorizer.pass(of: asker) else {
            throw .notSignedIn
        }
        return (listener, pass)
    }

    private static let listening = LimitedRoute("GET /events", .reading)
    private static let granting = LimitedRoute("POST /events/ticket", .reading)
}
