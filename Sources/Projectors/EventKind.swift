internal import Domain
internal import EventStore
internal import JSON
internal import ReadModels
internal import SQLite

/// A type of event and what a read model does with it.
///
/// Found by the bytes of its name: making a string of each event's type costs more than comparing a few.
final class EventKind {
    let name: [UInt8]
    /// The schema that is written today; nil for a type that is not in the catalogue.
    let schema: Int?
    /// Whether the type means anything to the model.
    let isHandled: Bool
    /// Whether the model loses a name by it.
    let forgets: Bool

    private let plain: [EventStatement]
    private let quick: [EventStatement]
    private let areForADay: [Bool]
    private var glance: JSONGlance

    private init(
        _ name: String, schema: Int?, _ effects: [ReadModel.Effect], _ connection: Connection
    ) throws(SQLiteError) {
        self.name = Array(name.utf8)
        self.schema = schema
        isHandled = !effects.isEmpty
        forgets = isHandled && name == ReadModel.forgetting
        var plain: [EventStatement] = []
        var quick: [EventStatement] = []
        var members = EventMembers()
        for effect in effects {
            plain.append(try EventStatement(effect.sql, on: connection))
            quick.append(try EventStatement(effect.sql, on: connection, binding: &members))
        }
        areForADay = effects.map(\.isForADay)
        self.plain = plain
        self.quick = quick
        glance = JSONGlance(members.paths)
    }

    /// Those that the model handles first, as they are looked for most.
    static func all(
        of model: ReadModel, _ catalogue: Catalogue, _ connection: Connection
    ) throws(SQLiteError) -> [EventKind] {
        var kinds: [EventKind] = []
        for type in Set(catalogue.types).union(model.effects.keys).sorted() {
            kinds.append(
                try EventKind(
                    type, schema: catalogue.schema(of: type), model.effects[type] ?? [],
                    connection))
        }
        return kinds.filter(\.isHandled) + kinds.filter { !$0.isHandled }
    }

    /// Does to the model what the event does.
    ///
    /// Where its day is over, without what would be removed again.
    ///
    /// Events as this house writes them are read once, for all statements; any other JSON is left to
    /// SQLite, which then reads it for each value. Both ways bind the same values.
    func apply(
        _ event: LogRow, data: [UInt8], actor: [UInt8], isOutdated: Bool
    ) throws(SQLiteError) {
        if glance.read(data) {
            for (statement, isForADay) in zip(quick, areForADay) where !(isForADay && isOutdated) {
                try statement.run(event, data: data, actor: actor, members: glance)
            }
        } else {
            for (statement, isForADay) in zip(plain, areForADay) where !(isForADay && isOutdated) {
                try statement.run(event, data: data, actor: actor)
            }
        }
    }
}

/// The members of an event's JSON that statements ask for, each read once.
struct EventMembers {
    private(set) var paths: [JSONGlance.Path] = []

    /// Writes each `:data ->> 'name'` and `:data ->> '$.name.name'` as a parameter of its own.
    ///
    /// - Returns: the statement, and which path belongs to which parameter's name.
    mutating func extract(from sql: String) -> (sql: String, parameters: [(String, Int)]) {
        let pieces = sql.components(between: ":data ->> '")
        var result = pieces[0]
        var parameters: [(String, Int)] = []
        for piece in pieces.dropFirst() {
            guard let quote = piece.firstIndex(of: "'"), let path = Self.path(piece[..<quote]),
                let number = number(of: path)
            else {
                result += ":data ->> '" + piece
                continue
            }
            let name = ":member_\(number)"
            if !parameters.contains(where: { $0.1 == number }) { parameters.append((name, number)) }
            result += name + piece[piece.index(after: quote)...]
        }
        return (String(result), parameters)
    }

    /// Nil for what a glance does not understand, such as places in arrays.
    private static func path(_ text: Substring) -> JSONGlance.Path? {
        let isPath = text.hasPrefix("$.")
        let names = isPath ? text.dropFirst(2).split(separator: ".") : [text]
        let isPlain = names.allSatisfy { name in
            name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x61...0x7A).contains(byte)
                    || (0x30...0x39).contains(byte)
            }
        }
        return isPlain && !names.isEmpty ? JSONGlance.Path(names.map(String.init)) : nil
    }

    private mutating func number(of path: JSONGlance.Path) -> Int? {
        if let known = paths.firstIndex(of: path) { return known }
        guard paths.count < 64 else { return nil }
        paths.append(path)
        return paths.count - 1
    }
}

extension String {
    /// The pieces between the places where a text stands; at least one.
    fileprivate func components(between separator: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = self[...]
        while let place = rest.firstRange(of: separator) {
            pieces.append(rest[..<place.lowerBound])
            rest = rest[place.upperBound...]
        }
        return pieces + [rest]
    }
}
