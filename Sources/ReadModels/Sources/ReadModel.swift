/// A projection: its tables, and what an event of each type does to them.
///
/// All of it is one SQL file: tables first, then `--# on TYPE, TYPE` with statements. What stands under
/// several headings of a type is run in their order; what stands under `--# on the end of a page`, once for the
/// events of a transaction.
public struct ReadModel: Sendable {
    public let name: String
    /// Raised whenever the SQL changes what the tables hold; a file of another format is rebuilt.
    public let format: Int64
    public let tables: String
    /// The statements for each event type.
    public let statements: [String: [String]]
    /// The statements that a page of events ends with.
    public let pageEnd: [String]

    init(_ name: String, format: Int64, sql: [UInt8]) {
        self.name = name
        self.format = format
        var parts = String(decoding: sql, as: UTF8.self).split(separator: "\n--# on ")
        tables = String(parts.removeFirst())
        var statements: [String: [String]] = [:]
        for part in parts {
            let types = part.prefix { $0 != "\n" }
            let texts = part.dropFirst(types.count).split(separator: ";\n").map(String.init)
                .filter { $0.contains { !$0.isWhitespace } }
            for type in types.split(separator: ", ") {
                statements[String(type), default: []] += texts
            }
        }
        pageEnd = statements.removeValue(forKey: "the end of a page") ?? []
        self.statements = statements
    }

    /// The event by which names go for good.
    public static let forgetting = "GuestForgotten"
    /// Whether it holds names of guests, or what they wrote.
    public var holdsNames: Bool { statements[Self.forgetting] != nil }

    public static let menu = ReadModel("menu", format: 5, sql: PackageResources.menu_sql)
    public static let orders = ReadModel("orders", format: 10, sql: PackageResources.orders_sql)
    public static let search = ReadModel("search", format: 3, sql: PackageResources.search_sql)
    public static let access = ReadModel("access", format: 2, sql: PackageResources.access_sql)
    public static let notifications = ReadModel(
        "notifications", format: 1, sql: PackageResources.notifications_sql)
    public static let all = [menu, orders, search, access, notifications]

    /// The table every read model has: how far it has read.
    public static let projectionTable = String(
        decoding: PackageResources.projection_sql, as: UTF8.self)

    public static func named(_ name: String) -> ReadModel? { all.first { $0.name == name } }
}
