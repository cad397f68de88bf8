internal import Domain
internal import JSON
public import Wire

/// Brings a bar's menu to what menu files say; nothing is deleted.
///
/// A section is known by its name, a drink by its name in its section: the first of a name in a file
/// is the first of that name in the bar, the second the second. Several files may name one section; the
/// first says how it is. A drink whose name the bar has once, in another section, moves. What is as the file says already is left alone, so that an import
/// may be repeated, also after one that was cut short.
public struct MenuImport {
    /// What became of the lines.
    public struct Result: Equatable, Sendable {
        public var created = 0
        public var changed = 0
        public var unchanged = 0
    }

    /// The writer did not take a line that the file's own check had taken.
    public struct Refused: Error, CustomStringConvertible {
        let place: String
        let reason: String

        public var description: String {
            "\(place): \(reason); the lines before it are imported, and the import can be repeated"
        }
    }

    private struct Step {
        /// For people: `menu.jsonl line 7`.
        let place: String
        let line: MenuFile.Line
        /// The section of the file that it is, or stands in, by its number; nil for one of the bar.
        var section: Int?
    }

    /// Which section of a name it is in its file, from 0.
    private struct SectionPlace: Hashable {
        let name: String
        let ordinal: Int
    }

    private struct DrinkPlace: Hashable {
        let name: String
        let section: SectionID
    }

    private let steps: [Step]
    private let menu: MenuContents
    /// Of the bar by name, the first first.
    private let sectionsOfBar: [String: [(section: Section, version: Version)]]
    private var unusedDrinks: [String: [(drink: Drink, version: Version)]]
    /// The sections of the files by their numbers, and where they stand in the bar.
    private let sections: [SectionPlace]
    private var sectionIDs: [SectionID?]

    /// Reads the files and checks all of them before anything is changed.
    ///
    /// - Throws: ``MenuFile/Problems``.
    public init(
        files: [(name: String, bytes: [UInt8])], into menu: MenuContents
    ) throws(MenuFile.Problems) {
        self.menu = menu
        sectionsOfBar = Dictionary(grouping: menu.sections) { $0.section.facts.name }
        unusedDrinks = Dictionary(grouping: menu.drinks) { $0.drink.facts.name }
        var problems = MenuFile.Problems()
        var steps: [Step] = []
        var places: [(file: String, number: Int)] = []
        var once: Set<String> = []
        for (file, bytes) in files {
            for (number, line) in MenuFile.read(bytes, name: file, problems: &problems) {
                // Of two that contradict each other nobody knows which was meant.
                if let thing = line.onlyOnce, !once.insert(thing).inserted {
                    problems.add(file, number, "\(thing) is there twice")
                }
                places.append((file, number))
                steps.append(Step(place: "\(file) line \(number)", line: line))
            }
        }
        let (sections, homeless) = Self.findSections(of: &steps, in: places.map(\.file))
        for (index, name) in homeless where sectionsOfBar[name] == nil {
            let (file, number) = places[index]
            problems.add(file, number, "there is no section \(name), here or in the bar")
        }
        problems.sort()
        guard problems.isEmpty else { throw problems }
        self.steps = steps
        self.sections = sections
        sectionIDs = Array(repeating: nil, count: sections.count)
    }

    /// Numbers the sections of the files, and gives each drink the number of its own.
    ///
    /// - Returns: the sections, and the drinks whose section is not among them.
    private static func findSections(
        of steps: inout [Step], in files: [String]
    ) -> (sections: [SectionPlace], homeless: [(step: Int, section: String)]) {
        var sections: [SectionPlace] = []
        var numbers: [SectionPlace: Int] = [:]
        var inFile: [String: [String: Int]] = [:]
        // The first of its name, for drinks that stand above all of that name.
        var nearest: [String: Int] = [:]
        for index in steps.indices {
            guard case .section(_, let name) = steps[index].line else { continue }
            let place = SectionPlace(
                name: name, ordinal: inFile[files[index], default: [:]][name, default: 0])
            inFile[files[index], default: [:]][name, default: 0] += 1
            let number = numbers[place] ?? sections.count
            if number == sections.count { sections.append(place) }
            numbers[place] = number
            steps[index].section = number
            if nearest[name] == nil { nearest[name] = number }
        }
        var homeless: [(step: Int, section: String)] = []
        for index in steps.indices {
            switch steps[index].line {
            case .section(_, let name): nearest[name] = steps[index].section
            case .drink(_, _, let name):
                steps[index].section = nearest[name]
                if nearest[name] == nil { homeless.append((index, name)) }
            case .settings, .ingredient: break
            }
        }
        return (sections, homeless)
    }

    /// How many lines there are to carry out.
    public var count: Int { steps.count }

    /// Carries the lines out: sections first, as drinks stand in them.
    ///
    /// `send` hands requests to the writer and returns its answers in the same order.
    public mutating func run(
        send: ([CommandRequest]) throws -> [CommandOutcome], progress: (Int) -> Void
    ) throws -> Result {
        var result = Result()
        var done = 0
        for kind in MenuFile.Line.Kind.allCases {
            let ofKind = steps.filter { $0.line.kind == kind }
            let work = try requests(for: ofKind)
            result.unchanged += ofKind.count - work.count
            done += ofKind.count - work.count
            var rest = work[...]
            while !rest.isEmpty {
                let page = rest.prefix(Self.pageSize)
                rest = rest.dropFirst(page.count)
                try carryOut(Array(page), send, &result)
                done += page.count
                progress(done)
            }
        }
        return result
    }

    private static let pageSize = 200

    private mutating func carryOut(
        _ page: [(step: Step, request: CommandRequest)],
        _ send: ([CommandRequest]) throws -> [CommandOutcome], _ result: inout Result
    ) throws {
        for (item, outcome) in zip(page, try send(page.map(\.request))) {
            guard case .accepted(let accepted) = outcome else {
                throw Refused(place: item.step.place, reason: outcome.sentence)
            }
            if accepted.created { result.created += 1 } else { result.changed += 1 }
            if case .section = item.step.line, let number = item.step.section {
                sectionIDs[number] = SectionID(accepted.id)
            }
        }
    }

    // MARK: What to ask for

    /// Those of the steps that the bar is not yet as.
    private mutating func requests(
        for steps: [Step]
    ) throws(Refusal) -> [(step: Step, request: CommandRequest)] {
        var named: Set<DrinkPlace> = []
        var settled: Set<Int> = []
        for step in steps {
            if case .drink(_, let name, _) = step.line, let section = sectionID(of: step) {
                named.insert(DrinkPlace(name: name, section: section))
            }
        }
        var requests: [(step: Step, request: CommandRequest)] = []
        for step in steps {
            let request: CommandRequest?
            switch step.line {
            case .settings(let members): request = try settings(members)
            case .section(let members, _):
                let number = step.section ?? 0
                request = settled.insert(number).inserted ? try section(number, members) : nil
            case .drink(let members, let name, _):
                request = try drink(step, members, name, named)
            case .ingredient(let name, let inStock): request = ingredient(name, inStock)
            }
            if let request { requests.append((step, request)) }
        }
        return requests
    }

    private func settings(_ members: JSONObject) throws(Refusal) -> CommandRequest? {
        var rules = FieldRules()
        var wanted = menu.settings
        wanted.read(RequestBody(members), &rules)
        guard try menu.settings.change(to: wanted) != nil else { return nil }
        return request(.changeSettings, members)
    }

    private mutating func section(
        _ number: Int, _ members: JSONObject
    ) throws(Refusal) -> CommandRequest? {
        let place = sections[number]
        guard let known = sectionsOfBar[place.name], known.indices.contains(place.ordinal) else {
            return request(.createSection, members)
        }
        let (section, version) = known[place.ordinal]
        sectionIDs[number] = section.id
        var rules = FieldRules()
        var facts = section.facts
        facts.read(RequestBody(members), &rules)
        guard try section.update(facts) != nil else { return nil }
        return request(.updateSection, members, section.id.description, version)
    }

    private mutating func drink(
        _ step: Step, _ given: JSONObject, _ name: String, _ named: Set<DrinkPlace>
    ) throws(Refusal) -> CommandRequest? {
        guard let section = sectionID(of: step) else { return nil }
        var members = given
        members["section"] = nil
        // Photos do not travel in a menu file, and a drink of this bar keeps its own.
        members["image_url"] = nil
        members["section_id"] = .string(section.description)
        guard let (drink, version) = takeDrink(name, in: section, named) else {
            return request(.createDrink, members)
        }
        var rules = FieldRules()
        var facts = drink.facts
        facts.read(RequestBody(members), &rules)
        guard try drink.update(facts, sectionExists: true) != nil else { return nil }
        return request(.updateDrink, members, drink.id.description, version)
    }

    /// The drink of the bar that a line means; none is meant twice, and none that has a line of its own.
    private mutating func takeDrink(
        _ name: String, in section: SectionID, _ named: Set<DrinkPlace>
    ) -> (drink: Drink, version: Version)? {
        guard let called = unusedDrinks[name] else { return nil }
        var index = called.firstIndex { $0.drink.facts.sectionID == section }
        if index == nil, called.count == 1 {
            let place = DrinkPlace(name: name, section: called[0].drink.facts.sectionID)
            if !named.contains(place) { index = 0 }
        }
        return index.flatMap { unusedDrinks[name]?.remove(at: $0) }
    }

    private func ingredient(_ name: String, _ inStock: Bool) -> CommandRequest? {
        guard menu.isOut(name) == inStock else { return nil }
        var members = JSONObject()
        members["in_stock"] = .bool(inStock)
        return request(.markIngredient, members, name)
    }

    /// Known once the sections have been carried out.
    private func sectionID(of step: Step) -> SectionID? {
        if let number = step.section { return sectionIDs[number] }
        guard case .drink(_, _, let name) = step.line else { return nil }
        return sectionsOfBar[name]?.first?.section.id
    }

    private func request(
        _ route: CommandRoute, _ members: JSONObject, _ target: String = "",
        _ version: Version? = nil
    ) -> CommandRequest {
        var json = JSONWriter(reserving: 1_024)
        json.value(.object(members))
        return CommandRequest(
            route: route, credential: .none, target: target,
            ifMatch: version.map { "\"v\($0)\"" }, body: json.bytes)
    }
}

extension MenuFile.Line {
    /// In the order in which lines are carried out.
    enum Kind: CaseIterable {
        case settings, section, drink, ingredient
    }

    var kind: Kind {
        switch self {
        case .settings: .settings
        case .section: .section
        case .drink: .drink
        case .ingredient: .ingredient
        }
    }

    /// What a file says once; nil for what there may be several of.
    var onlyOnce: String? {
        switch self {
        case .settings: "settings"
        case .ingredient(let name, _): "the ingredient \(IngredientKey(name).text)"
        case .section, .drink: nil
        }
    }
}
