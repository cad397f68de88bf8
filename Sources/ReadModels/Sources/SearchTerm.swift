internal import Domain
internal import JSON

/// What a drink can be found by; the first character tells the kinds apart.
enum SearchTerm {
    /// Every drink has this one.
    static let any = "*"
    /// Drinks that an ingredient is missing for.
    static let soldOut = "!"

    static func ingredient(_ name: String) -> String { "=" + Folded(name).text }
    /// What may only stand in for an ingredient; nobody asks for it, the shelf does.
    static func substitute(_ name: String) -> String { "$" + Folded(name).text }
    static func tag(_ name: String) -> String { "#" + Folded(name).text }
    static func word(_ folded: String) -> String { "~" + folded }

    /// Its strength in hexadecimal digits that sort as the numbers do.
    static func abv(_ percent: Double) -> String {
        // Plus zero: a negative zero is one too.
        let digits = String((percent + 0).bitPattern, radix: 16)
        return "%" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The first text after all that begin with this one; no word contains the last code point.
    static func end(ofPrefix prefix: String) -> String { prefix + "\u{10FFFF}" }
    /// The first text after this one.
    static func after(_ term: String) -> String { term + "\0" }

    /// All terms of a drink: arguments are its name, ingredients, tags, strength and translations.
    static func all(
        name: String, ingredients: [UInt8], tags: [UInt8], abv: Double?, translations: [UInt8]
    ) -> [UInt8] {
        var terms: Set<String> = [any]
        var texts = [name]
        for line in parsed(ingredients)?.array ?? [] {
            guard let name = line.object?["name"]?.string else { continue }
            terms.insert(ingredient(name))
            texts.append(name)
            for other in line.object?["substitutes"]?.array ?? [] {
                if let other = other.string { terms.insert(substitute(other)) }
            }
        }
        for translation in parsed(translations)?.object?.members ?? [] {
            if let name = translation.value.object?["name"]?.string { texts.append(name) }
        }
        for text in texts { terms.formUnion(Folded(text).words.map(word)) }
        for tag in parsed(tags)?.array ?? [] {
            if let tag = tag.string { terms.insert(self.tag(tag)) }
        }
        if let abv { terms.insert(self.abv(abv)) }
        var json = JSONWriter(reserving: 512)
        // Sorted, so that a read model built twice is the same.
        json.array { json in for term in terms.sorted() { json.string(term) } }
        return json.bytes
    }
}

extension SearchTerm {
    /// `[[key, name, words], ...]` of the ingredients that a drink names, each bottle once.
    ///
    /// The words are folded, with a space before each.
    static func ingredients(of lines: [UInt8]) -> [UInt8] {
        var keys: Set<IngredientKey> = []
        var json = JSONWriter(reserving: 512)
        json.array { json in
            for line in parsed(lines)?.array ?? [] {
                guard let name = line.object?["name"]?.string else { continue }
                let key = IngredientKey(name)
                guard keys.insert(key).inserted else { continue }
                json.array { json in
                    json.string(key.text)
                    json.string(name)
                    json.string(Folded(name).words.map { " " + $0 }.joined())
                }
            }
        }
        return json.bytes
    }
}

/// Events hold what the writer has checked; a part that is no JSON has no terms.
private func parsed(_ json: [UInt8]) -> JSONValue? {
    do throws(JSONError) { return try JSONValue(parsing: json) } catch { return nil }
}
