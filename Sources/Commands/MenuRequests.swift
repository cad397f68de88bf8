internal import Domain
internal import JSON

// Sections and drinks, as POST and PUT send them: what a body does not name stays as it is.

extension Section.Facts {
    mutating func read(_ body: RequestBody, _ rules: inout FieldRules) {
        name = body.text("name", &rules, otherwise: name)
        description = body.text("description", &rules, otherwise: description)
        displayOrder = body.displayOrder(&rules, otherwise: displayOrder)
        if body.has("translations") {
            translations = body.translations(&rules) { _, _ in [] }
        }
    }
}

extension DrinkFacts {
    mutating func read(_ body: RequestBody, _ rules: inout FieldRules) {
        if let text = body.optionalText("section_id", &rules) {
            if let id = SectionID(text) {
                sectionID = id
            } else {
                rules.refuse("section_id", "names no section of this menu")
            }
        }
        name = body.text("name", &rules, otherwise: name)
        description = body.text("description", &rules, otherwise: description)
        if body.has("tags") { tags = body.texts("tags", &rules) }
        if body.has("abv") || body.isNull("abv") { abv = body.number("abv", &rules) }
        displayOrder = body.displayOrder(&rules, otherwise: displayOrder)
        isActive = body.bool("is_active", &rules, otherwise: isActive)
        if body.has("translations") {
            translations = body.translations(&rules) { $0.texts("recipe_steps", &$1) }
        }
        readRecipe(body, &rules)
        // The other common shape: all of the recipe in one object.
        if let recipe = body.object("recipe", &rules) { readRecipe(recipe, &rules) }
    }

    private mutating func readRecipe(_ body: RequestBody, _ rules: inout FieldRules) {
        if body.has("ingredients") { ingredients = body.ingredients(&rules) }
        if body.has("recipe_steps") { recipeSteps = body.texts("recipe_steps", &rules) }
        if body.has("steps") { recipeSteps = body.numberedSteps(&rules) }
        if body.has("garnish") { garnish = body.text("garnish", &rules) }
        if body.has("glass") { glass = body.text("glass", &rules) }
        if body.has("glassware") { glass = body.text("glassware", &rules) }
        if let text = body.optionalText("ice", &rules) {
            if let known = Ice(rawValue: text) {
                ice = known
            } else {
                rules.refuse(body.field("ice"), "must be none, cubes, large or crushed")
            }
        }
    }
}

extension RequestBody {
    fileprivate func displayOrder(_ rules: inout FieldRules, otherwise: Int64) -> Int64 {
        integer(
            "display_order", &rules, otherwise: otherwise,
            "must be a whole number from 0 to 1000000")
    }

    fileprivate func translations(
        _ rules: inout FieldRules, steps: (RequestBody, inout FieldRules) -> [String]
    ) -> [Translation] {
        guard let languages = object("translations", &rules) else { return [] }
        return languages.names.compactMap { language in
            guard let texts = languages.object(language, &rules) else { return nil }
            return Translation(
                language: language, name: texts.text("name", &rules),
                description: texts.text("description", &rules),
                recipeSteps: steps(texts, &rules))
        }
    }

    /// Each a text, or an object with name, amount ("50ml" too), unit, optional, substitutes.
    fileprivate func ingredients(_ rules: inout FieldRules) -> [IngredientLine] {
        items("ingredients", &rules).enumerated().compactMap { index, item in
            if let name = item.string { return IngredientLine(name: name) }
            let field = field("ingredients[\(index)]")
            guard let object = item.object else {
                rules.refuse(field, "must be a text or an object")
                return nil
            }
            let body = RequestBody(object, path: field)
            var line = IngredientLine(
                name: body.text("name", &rules), unit: body.text("unit", &rules),
                optional: body.bool("optional", &rules, otherwise: false),
                substitutes: body.texts("substitutes", &rules))
            if let text = object["amount"]?.string {
                line.readAmount(text)
            } else {
                line.amount = body.number("amount", &rules)
            }
            return line
        }
    }

    /// `[{"order": 2, "instruction": "..."}]`, put in order; plain texts are taken as they stand.
    fileprivate func numberedSteps(_ rules: inout FieldRules) -> [String] {
        var steps: [(order: Int64, text: String)] = []
        for (index, item) in items("steps", &rules).enumerated() {
            let place = Int64(index)
            if let text = item.string {
                steps.append((place, text))
            } else if let object = item.object {
                let body = RequestBody(object, path: field("steps[\(index)]"))
                steps.append(
                    (
                        body.integer(
                            "order", &rules, otherwise: place, "must be a whole number"),
                        body.text("instruction", &rules)
                    ))
            } else {
                rules.refuse(field("steps[\(index)]"), "must be a text or an object")
            }
        }
        return steps.sorted { $0.order < $1.order }.map(\.text)
    }
}

extension IngredientLine {
    /// "50ml" and "1,5 cl" are an amount and a unit; "a splash" and "1/2 oz" are only a unit.
    fileprivate mutating func readAmount(_ text: String) {
        let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "," }
        let rest = text[digits.endIndex...].drop(while: \.isWhitespace)
        // What goes on after the number with more of it is not the number: 1 1/2, 4-6.
        if rest.first?.isLetter ?? true { amount = Double(digits.replacing(",", with: ".")) }
        if unit.isEmpty { unit = amount == nil ? text : String(rest) }
    }
}
