internal import Domain
internal import HTTP
internal import JSON
internal import ReadModels
internal import System
internal import Tokens
internal import Wire

// Requests that change something: on to the writer, and its answer back to the client.
extension Reactor {
    func send(
        _ route: CommandRoute, _ target: String, _ asker: Asker, _ request: borrowing Request,
        _ ticket: Ticket
    ) -> Outcome {
        let isEmpty = route.mayLackBody && request.body.isEmpty
        let command = CommandRequest(
            route: route, credential: credential(route, asker, request), apiKey: asker.key.id,
            target: target,
            key: request.header("Idempotency-Key"), ifMatch: request.header("If-Match"),
            body: isEmpty ? Array("{}".utf8) : request.body)
        let query = request.target.query
        switch route {
        case .signIn:
            let body = try? JSONValue(parsing: command.body).object
            let given = body?["username"]?.string ?? ""
            // Names of accounts are short; normalizing a long text could take long.
            let name = given.utf8.count > 1_000 ? "" : given.normalized
            return tryPassword(command, of: name, from: client(request).address, ticket)
        case .changePassword:
            let name = asker.claims?.name ?? ""
            return tryPassword(command, of: name, from: client(request).address, ticket)
        case .register: return register(command, request, ticket)
        case .describeLog: return showStatus(asker, ticket)
        default:
            return send(command, ticket) { [unowned self] outcome in
                finish(route, outcome, query, ticket)
            }
        }
    }

    /// A code that lets nobody in is answered as one that is not even known here, whatever else is wrong: nobody
    /// learns which there once were.
    private func register(
        _ command: CommandRequest, _ request: borrowing Request, _ ticket: Ticket
    ) -> Outcome {
        let address = client(request).address
        let isGood = authorizer.standing(ofCode: request.registrationCode) == .good
        return send(command, ticket) { [unowned self] outcome in
            switch outcome {
            case .refused(.wrongCode): break
            case .refused where !isGood: break
            case .malformed where !isGood: break
            default: return finish(.register, outcome, [], ticket)
            }
            ownHeaders[ticket]?.removeAll { $0.0.hasPrefix("RateLimit") }
            resume(ticket, wrongCode(from: address, at: Clock.monotonicNanoseconds()).response)
        }
    }

    private func credential(
        _ route: CommandRoute, _ asker: Asker, _ request: borrowing Request
    ) -> Credential {
        if route == .register { return .code(request.registrationCode) }
        return asker.token.map(Credential.token) ?? .none
    }

    /// Sends what needs no more than its answer.
    func send(_ command: CommandRequest, _ ticket: Ticket) -> Outcome {
        send(command, ticket) { [unowned self] outcome in
            finish(command.route, outcome, [], ticket)
        }
    }

    private func send(
        _ command: CommandRequest, _ ticket: Ticket, done: @escaping (CommandOutcome?) -> Void
    ) -> Outcome {
        counts.commandsSent += 1
        return link.send(command, done: done).map { .now(counted($0.response)) } ?? .later
    }

    /// Guessing is slow: by name and address it comes to an end, by name alone it only waits.
    private func tryPassword(
        _ command: CommandRequest, of name: String, from address: Address, _ ticket: Ticket
    ) -> Outcome {
        // The helper that hashes takes one at a time, and one address must not keep it from all others.
        let isElsewhere = !address.isLoopback
        guard
            !isElsewhere || passwordsUnderWay[address.site, default: 0] < Self.mostPasswordsUnderWay
        else { return .now(counted(Problem.tooManyPasswords.response)) }
        let now = Clock.monotonicNanoseconds()
        let limit = failures.tryPassword(name: name, from: address, at: now)
        guard limit.allowance.isAllowed else {
            return .now(
                counted(Problem.tooManyGuesses.response.with(headers: limit.headers)))
        }
        let done: (CommandOutcome?) -> Void = { [unowned self] outcome in
            switch outcome {
            case .accepted?: failures.passwordWasRight(name: name, from: address)
            case .refused(.wrongPassword)?: break
            // Nobody looked at it.
            default: failures.passwordWasNotTried(name: name, from: address)
            }
            passwordIsOver(from: address)
            finish(command.route, outcome, [], ticket)
        }
        if isElsewhere { passwordsUnderWay[address.site, default: 0] += 1 }
        let delay = failures.delay(name: name, at: now)
        guard delay > 0 else { return tryIt(command, name, address, ticket, done) }
        postponed.append(
            Postponed(due: now + delay) { [unowned self] in
                if case .now(let response) = tryIt(command, name, address, ticket, done) {
                    resume(ticket, response)
                }
            })
        return .later
    }

    private func tryIt(
        _ command: CommandRequest, _ name: String, _ address: Address, _ ticket: Ticket,
        _ done: @escaping (CommandOutcome?) -> Void
    ) -> Outcome {
        let outcome = send(command, ticket, done: done)
        if case .now = outcome {
            failures.passwordWasNotTried(name: name, from: address)
            passwordIsOver(from: address)
        }
        return outcome
    }

    private func passwordIsOver(from address: Address) {
        guard let count = passwordsUnderWay[address.site] else { return }
        passwordsUnderWay[address.site] = count > 1 ? count - 1 : nil
    }

    /// Of one address, at each of the front's threads.
    private static let mostPasswordsUnderWay = 2

    private func finish(
        _ route: CommandRoute, _ outcome: CommandOutcome?, _ query: [QueryItem], _ ticket: Ticket
    ) {
        guard let outcome else { return resume(ticket, Problem.noWriter.response) }
        guard case .accepted(var accepted) = outcome else {
            if let problem = Problem(outcome) { resume(ticket, problem.response) }
            return
        }
        if route == .issueCode || route == .joinCode {
            accepted.document = access.drawn(accepted.document)
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
        case .addAccount:
            answer(ticket, accepted, route, [.access]) { [unowned self] in
                access.account(accepted.id)
            }
        case .disableGuest:
            answer(ticket, accepted, route, [.access]) { [unowned self] in
                access.guest(accepted.id)
            }
        // Answered once everybody here knows: a key or code that was given out opens, one that was taken
        // back does not.
        case .issueCode, .revokeCode, .issueKey, .disableKey, .removeAccount, .setPassword,
            .changePassword, .signOut:
            answer(ticket, accepted, route, [.access]) { accepted.response(route) }
        case .storeImage:
            answer(ticket, accepted, route, [.menu]) { accepted.response(route) }
        case .forgetGuest:
            answer(ticket, accepted, route, [.access, .orders]) { accepted.response(route) }
        case .revealCodes:
            resume(ticket, access.codes(query, revealed: accepted.document))
        case .placeOrder, .placeOrderForGuest, .changeOrderStatus, .cancelOrder, .deleteDrink,
            .deleteSection, .register, .signIn, .refresh, .joinCode, .rotateSigning, .reportUsage,
            .describeLog, .grantUpload:
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

/// Something that is to be done later.
struct Postponed {
    /// Monotonic nanoseconds.
    let due: UInt64
    let body: () -> Void
}

extension CommandRoute {
    /// All that it says stands in its path or its token.
    var mayLackBody: Bool {
        switch self {
        case .deleteDrink, .deleteSection, .cancelOrder, .revokeCode, .revealCodes, .joinCode,
            .disableKey, .removeAccount, .disableGuest, .forgetGuest, .signOut, .describeLog:
            true
        default: false
        }
    }

    /// Where a token says nothing: who comes here is about to get one.
    var ignoresToken: Bool { self == .register || self == .signIn || self == .refresh }

    /// The query parameters that it understands.
    var parameters: [String] { self == .revealCodes ? ["status"] : [] }
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
        case .addAccount: "/admin/accounts/\(id)"
        case .storeImage: "/images/\(id)"
        default: nil
        }
    }
}
