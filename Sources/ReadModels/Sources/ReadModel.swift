/// A projection: its tables, and what an event of each type does to them.
///
/// All of it is one SQL file: tables first, then `--# on TYPE, TYPE` with statements. What stands under
/// several headings of a type is run in their order.
///
/// Where rows stay for a day, the statements that write them stand under `--# for a day on TYPE`, and those that
/// remove them under `--# after a day`. They go as soon as the log has an event recorded more than 24 h later, so
/// they are not even written for an event whose day is over.
public struct ReadModel: Sendable {
    /// A part of what an event does.
    public struct Effect: Sendable {
        public let sql: String
        public let isForADay: Bool
    }

    /// Microseconds.
    public static let day: Int64 = 24 * 3_600 * 1_000_000

    public let name: String
    /// Raised whenever the SQL changes what the tables hold; a file of another format is rebuilt.
    public let format: Int64
    public let tables: String
    /// For each event type.
    public let effects: [String: [Effect]]
    /// The statements that remove rows whose day is over: those up to the position `:outdated`.
    public let afterADay: [String]

    init(_ name: String, format: Int64, sql: [UInt8]) {
        self.name = name
        self.format = format
        var parts = String(decoding: sql, as: UTF8.self).split(separator: "\n--# ")
        tables = String(parts.removeFirst())
        var effects: [String: [Effect]] = [:]
        var afterADay: [String] = []
        for part in parts {
            let heading = part.prefix { $0 != "\n" }
            let texts = part.dropFirst(heading.count).split(separator: ";\n").map(String.init)
                .filter { $0.contains { !$0.isWhitespace } }
            guard heading != "after a day" else {
                afterADay += texts
                continue
            }
            let isForADay = heading.hasPrefix("for a day on ")
            let types = heading.dropFirst(isForADay ? 13 : 3)
            for type in types.split(separator: ", ") {
                effects[String(type), default: []] += texts.map {
                    Effect(sql: $0, isForADay: isForADay)
                }
            }
        }
        self.effects = effects
        self.afterADay = afterADay
    }

    /// The event by which names go for good.
    public static let forgetting = "GuestForgotten"
    /// Whether it holds names of guests, or what they wrote.
    public var holdsNames: Bool { effects[Self.forgetting] != nil }

    public static let menu = ReadModel("menu", format: 6, sql: PackageResources.menu_sql)
    public static let orders = ReadModel("orders", format: 11, sql: PackageResources.orders_sql)
    public static let search = ReadModel("search", format: 3, sql: PackageResources.search_sql)
    public static let access = ReadModel("access", format: 2, sql: PackageResources.access_sql)
    public static let notifications = ReadModel(
        "notifications", format: 2, sql: PackageResources.notifications_sql)
    public static let all = [menu, orders, search, access, notifications]

    /// The table every read model has: how far it has read.
    public static let projectionTable = String(
        decoding: PackageResources.projection_sql, as: UTF8.self)

    public static func named(_ name: String) -> ReadModel? { all.first { $0.name == name } }
}
