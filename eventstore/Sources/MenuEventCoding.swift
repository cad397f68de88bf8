internal import Domain
internal import JSON

// Sections and drinks: the larger shapes of ``EventCoding``.
extension EventCoding {
    static func write(_ facts: Section.Facts, of id: SectionID, into json: inout JSONWriter) {
        json.member("section_id", id.description)
        json.member("name", facts.name)
        json.member("description", facts.description)
        json.member("display_order", facts.displayOrder)
        write(facts.translations, into: &json)
    }

    static func readSection(_ fields: Fields) throws(MissingField) -> Section.Facts {
        Section.Facts(
            name: try fields.text("name"), description: try fields.text("description"),
            displayOrder: try fields.integer("display_order"),
            translations: try readTranslations(fields))
    }

    static func write(_ facts: DrinkFacts, of id: DrinkID, into json: inout JSONWriter) {
        json.member("drink_id", id.description)
        json.member("section_id", facts.sectionID.description)
        json.member("name", facts.name)
        json.member("description", facts.description)
        json.name("ingredients")
        json.array { json in
            for line in facts.ingredients { json.object { write(line, into: &$0) } }
        }
        json.member("recipe_steps", texts: facts.recipeSteps)
        json.member("garnish", facts.garnish)
        json.member("glass", facts.glass)
        json.member("ice", facts.ice.rawValue)
        json.member("tags", texts: facts.tags)
        json.member("abv", orNull: facts.abv)
        json.member("display_order", facts.displayOrder)
        json.member("is_active", facts.isActive)
        write(facts.translations, into: &json)
    }

    private static func write(_ line: IngredientLine, into json: inout JSONWriter) {
        json.member("name", line.name)
        json.member("amount", orNull: line.amount)
        json.member("unit", line.unit)
        json.member("optional", line.optional)
        json.member("substitutes", texts: line.substitutes)
    }

    static func readDrink(_ fields: Fields) throws(MissingField) -> DrinkFacts {
        var facts = DrinkFacts(
            sectionID: try fields.id("section_id"), name: try fields.text("name"))
        facts.description = try fields.text("description")
        for line in try fields.objects("ingredients") {
            facts.ingredients.append(
                IngredientLine(
                    name: try line.text("name"), amount: try line.number(orNull: "amount"),
                    unit: try line.text("unit"), optional: try line.bool("optional"),
                    substitutes: try line.texts("substitutes")))
        }
        facts.recipeSteps = try fields.texts("recipe_steps")
        facts.garnish = try fields.text("garnish")
        facts.glass = try fields.text("glass")
        guard let ice = Ice(rawValue: try fields.text("ice")) else {
            throw MissingField(name: "ice")
        }
        facts.ice = ice
        facts.tags = try fields.texts("tags")
        facts.abv = try fields.number(orNull: "abv")
        facts.displayOrder = try fields.integer("display_order")
        facts.isActive = try fields.bool("is_active")
        facts.translations = try readTranslations(fields)
        return facts
    }

    private static func write(_ translations: [Translation], into json: inout JSONWriter) {
        json.name("translations")
        json.object { json in
            for translation in translations {
                json.name(translation.language)
                json.object {
                    $0.member("name", translation.name)
                    $0.member("description", translation.description)
                    // Absent where there are none: so it was before steps were translated.
                    if !translation.recipeSteps.isEmpty {
                        $0.member("recipe_steps", texts: translation.recipeSteps)
                    }
                }
            }
        }
    }

    private static func readTranslations(_ fields: Fields) throws(MissingField) -> [Translation] {
        var translations: [Translation] = []
        for (language, texts) in try fields.object("translations").namedObjects() {
            translations.append(
                Translation(
                    language: language, name: try texts.text("name"),
                    description: try texts.text("description"),
                    recipeSteps: try texts.optionalTexts("recipe_steps")))
        }
        return translations
    }
}
