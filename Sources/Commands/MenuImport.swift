internal import Domain
internal import JSON
public import Wire

/// Brings a bar's menu to what menu files say; nothing is deleted.
///
/// A section is known by its name, a drink by its name too: the one in the section that the file names
/// where several drinks are called so. What is as the file says already is left alone, so that an
/// import may be repeated, also after one that was cut short.
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

    private let caller: Caller
    private let lines: [(place: String, line: MenuFile.Line)]
    private let menu: MenuContents
    private let drinks: [String: [(drink: Drink, version: Version)]]
    private var sectionIDs: [String: SectionID] = [:]

    /// Reads the files and checks all of them before anything is changed.
    ///
    /// - Throws: ``MenuFile/Problems``.
    public init(
        files: [(name: String, bytes: [UInt8])], into menu: MenuContents, user: String
    ) throws(MenuFile.Problems) {
        caller = .commandLine(user)
        self.menu = menu
        drinks = Dictionary(grouping: menu.drinks) { $0.drink.facts.name }
        for (section, _) in menu.sections.reversed() {
            sectionIDs[section.facts.name] = section.id
        }
        var problems = MenuFile.Problems()
        var lines: [(place: String, line: MenuFile.Line)] = []
        var known = Set(sectionIDs.keys)
        var standing: [(file: String, number: Int, section: String)] = []
        for (file, bytes) in files {
            for (number, line) in MenuFile.read(bytes, name: file, problems: &problems) {
                lines.append(("\(file) line \(number)", line))
                if case .section(_, let name) = line { known.insert(name) }
                if case .drink(_, _, let section) = line {
                    standing.append((file, number, section))
                }
            }
        }
        for (file, number, section) in standing where !known.contains(section) {
            problems.add(file, number, "there is no section \(section), here or in the bar")
        }
        problems.sort()
        guard problems.isEmpty else { throw problems }
        self.lines = lines
    }

    /// How many lines there are to carry out.
    public var count: Int { lines.count }

    /// Carries the lines out: sections first, as drinks stand in them.
    ///
    /// `send` hands requests to the writer and returns its answers in the same order.
    public mutating func run(
        send: ([CommandRequest]) throws -> [CommandOutcome], progress: (Int) -> Void
    ) throws -> Result {
        var result = Result()
        var done = 0
        for kind in Kind.allCases {
            var rest = lines.filter { kind.holds($0.line) }[...]
            while !rest.isEmpty {
                let page = rest.prefix(kind == .section ? 1 : Self.pageSize)
                rest = rest.dropFirst(page.count)
                try carryOut(Array(page), send, &result)
                done += page.count
                progress(done)
            }
        }
        return result
    }

    private static let pageSize = 200

    private enum Kind: CaseIterable {
        case settings, section, drink, ingredient

        func holds(_ line: MenuFile.Line) -> Bool {
            switch (self, line) {
            case (.settings, .settings), (.section, .section), (.drink, .drink),
                (.ingredient, .ingredient):
                true
            default: false
            }
        }
    }

    private mutating func carryOut(
        _ page: [(place: String, line: MenuFile.Line)],
        _ send: ([CommandRequest]) throws -> [CommandOutcome], _ result: inout Result
    ) throws {
        var sent: [(place: String, request: CommandRequest, section: String?)] = []
        for (place, line) in page {
            guard let request = try request(for: line) else {
                result.unchanged += 1
                continue
            }
            var section: String?
            if case .section(_, let name) = line { section = name }
            sent.append((place, request, section))
        }
        guard !sent.isEmpty else { return }
        for (item, outcome) in zip(sent, try send(sent.map(\.request))) {
            guard case .accepted(let accepted) = outcome else {
                throw Refused(place: item.place, reason: Self.sentence(outcome))
            }
            if accepted.created { result.created += 1 } else { result.changed += 1 }
            if let section = item.section { sectionIDs[section] = SectionID(accepted.id) }
        }
    }

    /// Nil where the bar is as the line says.
    private func request(for line: MenuFile.Line) throws(Refusal) -> CommandRequest? {
        var rules = FieldRules()
        switch line {
        case .settings(let members):
            var wanted = menu.settings
            wanted.read(RequestBody(members), &rules)
            guard try menu.settings.change(to: wanted) != nil else { return nil }
            return request(.changeSettings, members)
        case .section(let members, let name):
            guard
                let (section, version) = menu.sections.first(where: {
                    $0.section.facts.name == name
                })
            else {
                // The same name twice in a file is one section.
                return sectionIDs[name] == nil ? request(.createSection, members) : nil
            }
            var facts = section.facts
            facts.read(RequestBody(members), &rules)
            guard try section.update(facts) != nil else { return nil }
            return request(.updateSection, members, section.id.description, version)
        case .drink(let members, let name, let section):
            guard let sectionID = sectionIDs[section] else { return nil }
            var members = members
            members["section"] = nil
            members["section_id"] = .string(sectionID.description)
            guard let (drink, version) = drink(name, in: sectionID) else {
                return request(.createDrink, members)
            }
            var facts = drink.facts
            facts.read(RequestBody(members), &rules)
            guard try drink.update(facts, sectionExists: true) != nil else { return nil }
            return request(.updateDrink, members, drink.id.description, version)
        case .ingredient(let name, let inStock):
            let isOut = menu.out.contains { IngredientKey($0) == IngredientKey(name) }
            guard isOut == inStock else { return nil }
            var members = JSONObject()
            members["in_stock"] = .bool(inStock)
            return request(.markIngredient, members, name)
        }
    }

    private func drink(_ name: String, in section: SectionID) -> (drink: Drink, version: Version)? {
        let called = drinks[name] ?? []
        return called.first { $0.drink.facts.sectionID == section }
            ?? (called.count == 1 ? called.first : nil)
    }

    private func request(
        _ route: CommandRoute, _ members: JSONObject, _ target: String = "",
        _ version: Version? = nil
    ) -> CommandRequest {
        var json = JSONWriter(reserving: 1_024)
        json.value(.object(members))
        return CommandRequest(
            route: route, caller: caller, target: target,
            ifMatch: version.map { "\"v\($0)\"" }, body: json.bytes)
    }

    private static func sentence(_ outcome: CommandOutcome) -> String {
        switch outcome {
        case .accepted: "it was taken"
        case .refused(.versionChanged): "somebody changed it meanwhile"
        case .refused(.invalid(let errors)):
            errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        case .refused(let refusal): "it was refused (\(refusal))"
        case .malformed(let reason), .failed(let reason): reason
        case .busy: "the bar is too busy"
        case .storageFull: "the disk is full"
        case .logDamaged(let position): "the log is damaged at position \(position)"
        case .unknownVersion: "the running bar is of another release; restart it"
        }
    }
}
