internal import HTTP
internal import Wire

/// What a method and a path lead to.
enum Route {
    case page(Prepared)
    case bar
    case sections
    case drinks
    case drink(String)
    case order(String)
    case command(CommandRoute, target: String)
    case health, readiness, metrics

    /// Links to pages carry parameters of others, such as where a visitor came from.
    var isPage: Bool { if case .page = self { true } else { false } }

    /// Every address of the server, in one place.
    static func find(_ method: Method, _ path: [String], pages: Pages) throws(RouteError) -> Route {
        switch path {
        case ["bar"]: return try method.reads(.bar)
        case ["sections"]: return try method.reads(.sections)
        case ["drinks"]: return try method.reads(.drinks)
        case let path where path.count == 2 && path[0] == "drinks":
            return try method.reads(.drink(path[1]))
        case ["orders"]: return try method.posts(.placeOrder)
        case let path where path.count == 2 && path[0] == "orders":
            return try method.reads(.order(path[1]))
        case ["admin", "sections"]: return try method.posts(.createSection)
        case ["admin", "drinks"]: return try method.posts(.createDrink)
        case ["admin", "bar"]: return try method.puts(.acceptOrders, "")
        case let path where path.count == 3 && path[0] == "admin" && path[1] == "orders":
            return try method.puts(.changeOrderStatus, path[2])
        case let path where path.count == 3 && path[0] == "admin" && path[1] == "ingredients":
            return try method.puts(.markIngredient, path[2])
        case ["healthz"]: return try method.reads(.health)
        case ["readyz"]: return try method.reads(.readiness)
        case ["metrics"]: return try method.reads(.metrics)
        default:
            guard let page = pages.page("/" + path.joined(separator: "/")) else {
                throw .noRoute
            }
            return try method.reads(.page(page))
        }
    }
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
    fileprivate func reads(_ route: Route) throws(RouteError) -> Route {
        switch self {
        case .get, .head: return route
        case .post, .put, .delete, .patch, .options, .other:
            throw .wrongMethod(allow: "GET, HEAD")
        }
    }

    fileprivate func posts(_ route: CommandRoute) throws(RouteError) -> Route {
        guard case .post = self else { throw .wrongMethod(allow: "POST") }
        return .command(route, target: "")
    }

    fileprivate func puts(_ route: CommandRoute, _ target: String) throws(RouteError) -> Route {
        guard case .put = self else { throw .wrongMethod(allow: "PUT") }
        return .command(route, target: target)
    }
}
