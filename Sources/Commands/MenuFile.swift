internal import Domain
internal import EventStore
internal import JSON

/// A menu as lines of JSON: what `barback export` prints and `barback import` reads.
///
///     {"barback":"menu","version":1}
///     {"settings":{"name":"La Última","show_recipes":true}}
///     {"section":{"name":"Sours","description":"","display_order":1}}
///     {"drink":{"section":"Sours","name":"Daiquiri","ingredients":[{"name":"Rum","amount":60,"unit":"ml"}]}}
///     {"ingredient":{"name":"Mint","in_stock":false}}
///
/// The first line is the header; each other line is one thing, with the members that POST and PUT take.
/// Names stand in place of ids, so a person can write such a file, and one bar's can be read by another.
/// A drink stands in the section it names: the nearest of that name above it, else another of the file,
/// else one of the bar.
public enum MenuFile {
    static let version: Int64 = 1

    /// Bytes of one line, at most: a body that HTTP takes.
    static let longestLine = 65_536

    // MARK: Write

    /// Each section is followed by its drinks, so that two sections of one name keep theirs.
    public static func write(_ menu: MenuContents, line: ([UInt8]) -> Void) {
        line(Self.header)
        line(object("settings", .object(settings(menu.settings))))
        let drinks = Dictionary(grouping: menu.drinks) { $0.drink.facts.sectionID }
        for (section, _) in menu.sections {
            let event = Event.section(.created(section.id, section.facts))
            line(object("section", .object(members(of: event, without: ["section_id"]))))
            for (drink, _) in drinks[section.id] ?? [] {
                let event = Event.drink(.created(drink.id, drink.facts))
                var members = members(of: event, without: ["drink_id", "section_id"])
                members["section"] = .string(section.facts.name)
                line(object("drink", .object(members)))
            }
        }
        for name in menu.out {
            var members = JSONObject()
            members["name"] = .string(name)
            members["in_stock"] = .bool(false)
            line(object("ingredient", .object(members)))
        }
    }

    private static let header = Array("{\"barback\":\"menu\",\"version\":\(version)}".utf8)

    private static func object(_ kind: String, _ value: JSONValue) -> [UInt8] {
        var json = JSONWriter(reserving: 1_024)
        json.object { json in
            json.name(kind)
            json.value(value)
        }
        return json.bytes
    }

    private static func settings(_ settings: Settings) -> JSONObject {
        members(of: .settings(.changed(settings)), without: [])
    }

    /// What the log keeps of it, but for ids.
    private static func members(of event: Event, without ids: [String]) -> JSONObject {
        let data = EventCoding.encode(event, expecting: .any).data
        guard var object = try? JSONValue(parsing: data).object else {
            preconditionFailure("an event's data is a JSON object")
        }
        for id in ids { object[id] = nil }
        return object
    }

    // MARK: Read

    /// One line, read and found right.
    enum Line {
        case settings(JSONObject)
        case section(JSONObject, name: String)
        case drink(JSONObject, name: String, section: String)
        case ingredient(name: String, inStock: Bool)
    }

    /// What is wrong with a file, line by line; nothing of it was imported.
    public struct Problems: Error, CustomStringConvertible {
        private var all: [(file: String, line: Int, sentence: String)] = []

        private static let most = 20

        var isEmpty: Bool { all.isEmpty }

        mutating func add(_ file: String, _ line: Int, _ sentence: String) {
            all.append((file, line, sentence))
        }

        /// Files one after the other, each from its top.
        mutating func sort() {
            var places: [String: Int] = [:]
            for problem in all where places[problem.file] == nil {
                places[problem.file] = places.count
            }
            all.sort { (places[$0.file] ?? 0, $0.line) < (places[$1.file] ?? 0, $1.line) }
        }

        public var description: String {
            let shown = all.prefix(Self.most).map {
                "\n  \($0.file) line \($0.line): \($0.sentence)"
            }
            let rest = all.count - shown.count
            return "nothing was imported; mend these lines first:" + shown.joined()
                + (rest > 0 ? "\n  and \(rest) more" : "")
        }
    }

    /// Reads a file's bytes.
    ///
    /// Empty lines are passed over. What is wrong goes to `problems`, every line of it.
    static func read(
        _ bytes: [UInt8], name file: String, problems: inout Problems
    ) -> [(number: Int, line: Line)] {
        var lines: [(number: Int, line: Line)] = []
        var hasHeader = false
        // Some editors begin a file with a mark that is no part of its text.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        for (index, text) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let number = index + 1
            guard text.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do {
                guard text.count <= longestLine else {
                    throw Wrong("is longer than \(longestLine) bytes")
                }
                let object = try object(of: Array(text))
                guard hasHeader else {
                    try check(header: object)
                    hasHeader = true
                    continue
                }
                // Two files put together are a file.
                if object["barback"] != nil {
                    try check(header: object)
                } else {
                    lines.append((number, try line(object)))
                }
            } catch let wrong as Wrong {
                problems.add(file, number, wrong.sentence)
                // Whatever follows is not of this format either.
                guard hasHeader else { return [] }
            } catch {
                problems.add(file, number, "\(error)")
            }
        }
        if !hasHeader {
            problems.add(file, 1, "is missing; it is {\"barback\":\"menu\",\"version\":1}")
        }
        return lines
    }

    private struct Wrong: Error {
        let sentence: String
        init(_ sentence: String) { self.sentence = sentence }
    }

    private static func object(of text: [UInt8]) throws -> JSONObject {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: text) } catch {
            throw Wrong("is not JSON: \(error)")
        }
        guard let object = value.object else { throw Wrong("is not a JSON object") }
        return object
    }

    private static func check(header: JSONObject) throws {
        guard header["barback"]?.string == "menu", let found = header["version"]?.integer else {
            throw Wrong(
                "must be {\"barback\":\"menu\",\"version\":1}: is this a menu of barback's?")
        }
        guard (1...version).contains(found) else {
            throw Wrong("has version \(found), and this barback reads version \(version)")
        }
    }

    private static func line(_ object: JSONObject) throws -> Line {
        guard object.members.count == 1, let kind = object.members.first?.name,
            let members = object[kind]?.object
        else { throw Wrong("must be an object with one member that is an object") }
        // Numbers may grow when they are written again.
        var json = JSONWriter()
        json.value(.object(members))
        guard json.bytes.count <= longestLine else {
            throw Wrong("is longer than \(longestLine) bytes")
        }
        let body = RequestBody(members)
        var rules = FieldRules()
        do throws(Refusal) {
            switch kind {
            case "settings":
                var settings = Settings()
                settings.read(body, &rules)
                _ = try rules.together { () throws(Refusal) in try settings.change(to: settings) }
                return .settings(members)
            case "section":
                var facts = Section.Facts(name: "")
                facts.read(body, &rules)
                let id = SectionID(UUID(high: 0, low: 0))
                let event = try rules.together { () throws(Refusal) in
                    try Section.create(facts, id: id)
                }
                guard case .created(_, let facts) = event else { break }
                return .section(members, name: facts.name)
            case "drink":
                let section = rules.text("section", body.text("section", &rules), 1...100)
                var facts = DrinkFacts(sectionID: SectionID(UUID(high: 0, low: 0)), name: "")
                facts.read(body, &rules)
                let id = DrinkID(UUID(high: 0, low: 0))
                let event = try rules.together { () throws(Refusal) in
                    try Drink.create(facts, id: id, sectionExists: true)
                }
                guard case .created(_, let facts) = event else { break }
                return .drink(members, name: facts.name, section: section)
            case "ingredient":
                let name = rules.text("name", body.text("name", &rules), 1...100)
                let inStock = body.requiredBool("in_stock", &rules)
                try rules.check()
                return .ingredient(name: name, inStock: inStock)
            default: break
            }
        } catch {
            guard case .invalid(let errors) = error else { throw Wrong("\(error)") }
            throw Wrong(errors.map { "\($0.field) \($0.message)" }.joined(separator: "; "))
        }
        throw Wrong(
            "is a \(kind.prefix(40)), and there are settings, section, drink and ingredient")
    }
}
