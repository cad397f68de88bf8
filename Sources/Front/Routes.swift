internal import Domain
internal import HTTP
internal import Wire

/// What a method and a path lead to.
enum Route {
    case page(Prepared)
    case health, readiness, metrics, publicKeys
    case events, eventTicket
    case image(ImageName)
    /// By any method but OPTIONS, which asks what there is: a grant is for one of them.
    case upload(ImageName)
    /// A browser's question what a page elsewhere may send here.
    case preflight(Response)
    /// Something to read.
    case read(Reading)
    /// Something to change; `target` is the id or name in the path.
    case command(CommandRoute, target: String)

    /// Every address of the server, in one place.
    static func find(_ method: Method, _ path: [String], pages: Pages) throws(RouteError) -> Route {
        switch path.count {
        case 1:
            switch path[0] {
            case "bar": return try method.choose(.bar)
            case "sections": return try method.choose(.sections)
            case "drinks": return try method.choose(.drinks)
            case "ingredients": return try method.choose(.ingredients)
            case "orders": return try method.choose(.ownOrders, post: .placeOrder)
            case "events":
                // HEAD would use a ticket up for nothing.
                guard method == .get else { throw .wrongMethod(allow: "GET") }
                return .events
            case "healthz": return try method.only(.health)
            case "readyz": return try method.only(.readiness)
            case "metrics": return try method.only(.metrics)
            case "register": return try method.choose(post: .register)
            default: break
            }
        case 2:
            switch (path[0], path[1]) {
            case (".well-known", "jwks.json"): return try method.only(.publicKeys)
            case ("images", let text):
                if let name = ImageName(text) { return try method.only(.image(name)) }
            // The code is read by the page that is served.
            case ("join", _): return try method.only(.page(pages.home))
            case ("events", "ticket"):
                guard method == .post else { throw .wrongMethod(allow: "POST") }
                return .eventTicket
            case ("auth", "login"): return try method.choose(post: .signIn)
            case ("auth", "refresh"): return try method.choose(post: .refresh)
            case ("auth", "logout"): return try method.choose(post: .signOut)
            case ("auth", "password"): return try method.choose(post: .changePassword)
            case ("admin", "registration-codes"):
                return try method.choose(get: .revealCodes, post: .issueCode)
            case ("admin", "join-code"): return try method.choose(get: .joinCode)
            case ("admin", "status"): return try method.choose(get: .describeLog)
            case ("admin", "api-keys"): return try method.choose(.keys, post: .issueKey)
            case ("admin", "accounts"): return try method.choose(.accounts, post: .addAccount)
            case ("admin", "guests"): return try method.choose(.guests)
            case ("drinks", let id): return try method.choose(.drink(canonical(id)))
            case ("orders", let id): return try method.choose(.order(canonical(id)))
            case ("admin", "drinks"):
                return try method.choose(.allDrinks, post: .createDrink)
            case ("admin", "sections"):
                return try method.choose(.allSections, post: .createSection)
            case ("admin", "ingredients"): return try method.choose(.shelf)
            case ("admin", "orders"):
                return try method.choose(.queue, post: .placeOrderForGuest)
            case ("admin", "bar"): return try method.choose(.ownBar, put: .acceptOrders)
            case ("admin", "settings"):
                return try method.choose(.settings, put: .changeSettings)
            default: break
            }
        case 3:
            switch (path[0], path[1], path[2]) {
            case ("images", "uploads", let text):
                if let name = ImageName(text) {
                    if method == .options { throw .wrongMethod(allow: "PUT") }
                    return .upload(name)
                }
            case ("admin", "images", "upload-url"):
                return try method.choose(post: .grantUpload)
            case ("orders", let id, "cancel"):
                return try method.choose(post: .cancelOrder, target: id)
            case ("admin", "drinks", let id):
                return try method.choose(
                    .anyDrink(canonical(id)), put: .updateDrink, delete: .deleteDrink, target: id)
            case ("admin", "sections", let id):
                return try method.choose(
                    .section(canonical(id)), put: .updateSection, delete: .deleteSection, target: id
                )
            case ("admin", "ingredients", let name):
                return try method.choose(.ingredient(name), put: .markIngredient, target: name)
            case ("admin", "orders", let id):
                return try method.choose(
                    .orderInFull(canonical(id)), put: .changeOrderStatus, target: id)
            case ("admin", "registration-codes", let code):
                return try method.choose(delete: .revokeCode, target: code)
            case ("admin", "api-keys", let id):
                return try method.choose(delete: .disableKey, target: id)
            case ("admin", "accounts", let id):
                return try method.choose(
                    .account(canonical(id)), delete: .removeAccount, target: id)
            case ("admin", "guests", let id):
                return try method.choose(.guest(canonical(id)), delete: .forgetGuest, target: id)
            default: break
            }
        case 4:
            switch (path[0], path[1], path[2], path[3]) {
            case ("admin", "drinks", let id, "history"):
                return try method.choose(.drinkHistory(canonical(id)))
            case ("admin", "accounts", let id, "password"):
                return try method.choose(put: .setPassword, target: id)
            case ("admin", "guests", let id, "disable"):
                return try method.choose(post: .disableGuest, target: id)
            default: break
            }
        default: break
        }
        guard let page = pages.page("/" + path.joined(separator: "/")) else { throw .noRoute }
        return try method.only(.page(page))
    }
}

/// An id as read models write it, whatever case it came in; anything else as it is.
private func canonical(_ id: String) -> String { UUID(id)?.description ?? id }

/// What is answered from read models.
enum Reading {
    case bar, sections, drinks
    /// Drinks that a query asks for.
    case search
    case ingredients
    case drink(String)
    case ownOrders
    case order(String)

    // The host's.
    case allDrinks, allSections
    case anyDrink(String)
    case drinkHistory(String)
    case section(String)
    case shelf
    case ingredient(String)
    case queue
    case orderInFull(String)
    case settings
    /// As guests see it.
    case ownBar
    case keys, accounts, guests
    case account(String)
    case guest(String)

    /// Who may read it.
    var audience: Audience {
        switch self {
        case .bar, .sections, .drinks, .search, .ingredients, .drink: .anyone
        case .ownOrders: .guests
        case .order: .everyoneSignedIn
        case .shelf, .ingredient, .queue, .orderInFull, .ownBar: .bar
        case .allDrinks, .allSections, .anyDrink, .drinkHistory, .section, .settings, .keys,
            .accounts, .guests, .account, .guest:
            .admins
        }
    }

    /// The read models that the answer is made of.
    var sources: [Source] {
        switch self {
        case .sections, .drinks, .drink, .allDrinks, .allSections, .anyDrink, .drinkHistory,
            .section:
            [.menu]
        case .bar, .ownBar, .ownOrders, .order, .queue, .orderInFull, .settings: [.orders]
        case .search, .ingredients: [.search]
        case .shelf, .ingredient: [.menu, .orders]
        case .keys, .accounts, .guests, .account, .guest: [.access]
        }
    }

    /// The query parameters that it understands.
    var parameters: [String] {
        switch self {
        case .ownOrders: ["include_completed", "limit", "cursor"]
        // Where it holds no word; with one it is a search.
        case .drinks: ["q"]
        case .search: SearchAnswers.parameters
        case .ingredients: ["q", "limit"]
        case .allDrinks, .drinkHistory: ["limit", "cursor"]
        case .queue: ["status", "limit", "cursor"]
        case .bar, .sections, .allSections, .drink, .order, .anyDrink, .section, .shelf,
            .ingredient,
            .orderInFull, .settings, .ownBar, .keys, .accounts, .guests, .account, .guest:
            []
        }
    }
}

/// A read model that requests may wait for.
enum Source: Int, CaseIterable {
    case menu, orders, search, access, notifications

    var name: String {
        switch self {
        case .menu: "menu"
        case .orders: "orders"
        case .search: "search"
        case .access: "access"
        case .notifications: "notifications"
        }
    }

    /// Rings when it has got further.
    var bellName: String { "\(name).bell" }
}

enum RouteError: Error {
    case noRoute
    case wrongMethod(allow: String)

    var problem: Problem {
        switch self {
        case .noRoute: .noRoute
        case .wrongMethod(let allow): .wrongMethod(allow: allow)
        }
    }
}

extension Method {
    fileprivate func only(_ route: Route) throws(RouteError) -> Route {
        switch self {
        case .get, .head: return route
        case .post, .put, .delete, .patch, .options, .other:
            throw .wrongMethod(allow: "GET, HEAD")
        }
    }

    fileprivate func choose(
        _ reading: Reading? = nil, get: CommandRoute? = nil, post: CommandRoute? = nil,
        put: CommandRoute? = nil, delete: CommandRoute? = nil, target: String = ""
    ) throws(RouteError) -> Route {
        let command: CommandRoute?
        switch self {
        case .get, .head:
            if let reading { return .read(reading) }
            command = get
        case .post: command = post
        case .put: command = put
        case .delete: command = delete
        case .patch, .options, .other: command = nil
        }
        if let command { return .command(command, target: target) }
        let allowed = [
            reading == nil && get == nil ? nil : "GET, HEAD", post.map { _ in "POST" },
            put.map { _ in "PUT" },
            delete.map { _ in "DELETE" },
        ]
        throw .wrongMethod(allow: allowed.compactMap { $0 }.joined(separator: ", "))
    }
}
