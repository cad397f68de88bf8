/// A part of the menu, such as "Sours".
public struct Section: Equatable, Sendable {
    public let id: SectionID
    public private(set) var facts: Facts

    /// What a section says about itself.
    public struct Facts: Equatable, Sendable {
        public var name: String
        public var description: String
        public var displayOrder: Int64
        public var translations: [Translation]

        public init(
            name: String, description: String = "", displayOrder: Int64 = 0,
            translations: [Translation] = []
        ) {
            self.name = name
            self.description = description
            self.displayOrder = displayOrder
            self.translations = translations
        }

        func checked() throws(Refusal) -> Facts {
            var rules = FieldRules()
            var facts = self
            facts.name = rules.text("name", name, 1...100)
            facts.description = rules.text("description", description, 0...2_000, lines: true)
            rules.displayOrder(displayOrder)
            facts.translations = rules.translations(translations)
            try rules.check()
            return facts
        }
    }

    public private(set) var isDeleted = false

    public enum Event: Equatable, Sendable {
        case created(SectionID, Facts)
        /// All that it says about itself from now on.
        case updated(SectionID, Facts)
        case deleted(SectionID)
    }

    public init(id: SectionID, _ facts: Facts) {
        self.id = id
        self.facts = facts
    }

    public mutating func evolve(_ event: Event) {
        switch event {
        case .created(_, let facts), .updated(_, let facts): self.facts = facts
        case .deleted: isDeleted = true
        }
    }

    /// A new section with the given id.
    public static func create(
        _ facts: Facts, id: SectionID
    ) throws(Refusal) -> Event {
        .created(id, try facts.checked())
    }

    /// Says something else about itself; nothing happens where it says so already.
    public func update(_ facts: Facts) throws(Refusal) -> Event? {
        guard !isDeleted else { throw .notFound("section") }
        let checked = try facts.checked()
        return checked == self.facts ? nil : .updated(id, checked)
    }

    /// Only a section without drinks: where they should go instead is the host's to say.
    public func delete(drinks: Int) throws(Refusal) -> Event {
        guard !isDeleted else { throw .notFound("section") }
        guard drinks == 0 else { throw .sectionNotEmpty(drinks: drinks) }
        return .deleted(id)
    }
}

/// What is read in another language, a BCP 47 tag such as `es`; an empty text is not translated.
public struct Translation: Equatable, Sendable {
    public var language: String
    public var name: String
    public var description: String
    /// Of a drink, one for each of its own; empty where none is translated.
    public var recipeSteps: [String]

    public init(language: String, name: String, description: String, recipeSteps: [String] = []) {
        self.language = language
        self.name = name
        self.description = description
        self.recipeSteps = recipeSteps
    }
}

extension FieldRules {
    mutating func displayOrder(_ value: Int64) {
        if !(0...1_000_000).contains(value) {
            refuse("display_order", "must be a whole number from 0 to 1000000")
        }
    }

    mutating func translations(_ translations: [Translation]) -> [Translation] {
        count("translations", translations.count, atMost: 20)
        var tags: Set<String> = []
        return translations.map { given in
            var translation = given
            // The name is the client's and may be of any length; the answer has an end.
            let field = "translations.\(given.language.prefix(40))"
            if let tag = languageTag(given.language) {
                translation.language = tag
                if !tags.insert(tag).inserted { refuse(field, "is there twice") }
            } else {
                refuse(field, "is not a language tag such as es or pt-BR")
            }
            translation.name = text("\(field).name", given.name, 0...100)
            translation.description = text(
                "\(field).description", given.description, 0...2_000, lines: true)
            count("\(field).recipe_steps", given.recipeSteps.count, atMost: 30)
            let steps = given.recipeSteps.enumerated().map { index, step in
                text("\(field).recipe_steps[\(index)]", step, 0...500, lines: true)
            }
            translation.recipeSteps = steps.allSatisfy(\.isEmpty) ? [] : steps
            return translation
        }
    }
}

/// A BCP 47 tag as it is usually written, `pt-BR` or `zh-Hant`; nil for what is none.
private func languageTag(_ text: String) -> String? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count <= 35, let first = parts.first, (2...8).contains(first.utf8.count),
        first.utf8.allSatisfy(isLetter),
        parts.allSatisfy({ part in
            (1...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
        })
    else { return nil }
    let rest = parts.dropFirst().map { part in
        switch part.utf8.count {
        case 2: part.uppercased()
        case 4: part.prefix(1).uppercased() + part.dropFirst().lowercased()
        default: part.lowercased()
        }
    }
    return ([first.lowercased()] + rest).joined(separator: "-")
}

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
