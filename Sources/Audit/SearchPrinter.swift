internal import Domain
internal import JSON
internal import ReadModels
internal import SQLite

extension ModelPrinter {
    /// The search without a question: every drink it can find, and every ingredient it completes.
    static let search = ModelPrinter(
        .search,
        text: { path, moment, output in
            let reader = try SearchReader(path: path)
            try output(Array("The search at \(moment.text)\n".utf8))
            var drinks = 0
            try each(reader) { page in
                let list = try JSONValue(parsing: page).array?.compactMap(\.object) ?? []
                let heading = drinks == 0 && !list.isEmpty ? "\nDrinks\n" : ""
                drinks += list.count
                try output(Array((heading + list.map { line($0) + "\n" }.joined()).utf8))
            }
            let found = try JSONValue(parsing: ingredients(reader)).array ?? []
            var text = drinks == 0 ? "\nIt finds no drink.\n" : "\nIngredients\n"
            for ingredient in found.compactMap(\.object) {
                text +=
                    "  \(Self.text(of: ingredient, "name")) in \(ingredient["drink_count"]?.integer ?? 0)"
                text += ingredient["in_stock"]?.bool == false ? ", out\n" : "\n"
            }
            try output(Array(text.utf8))
        },
        json: { path, moment, output in
            let reader = try SearchReader(path: path)
            try output(Array(#"{"data":{"drinks":["#.utf8))
            var isFirst = true
            try each(reader) { page in
                // Pages become one list: without their brackets, and a comma between.
                guard page.count > 2 else { return }
                try output((isFirst ? [] : [UInt8(ascii: ",")]) + page[1..<page.count - 1])
                isFirst = false
            }
            var metadata = JSONWriter()
            metadata.object { write(moment, into: &$0) }
            try output(
                Array(#"],"ingredients":"#.utf8) + ingredients(reader)
                    + Array(#"},"metadata":"#.utf8) + metadata.bytes + Array("}\n".utf8))
        })

    /// `[drink, ...]` in the order of the menu, page by page.
    private static func each(_ reader: SearchReader, _ body: ([UInt8]) throws -> Void) throws {
        var query = SearchQuery()
        query.limit = 500
        repeat {
            var json = JSONWriter(reserving: 65_536)
            query.after = try reader.writeDrinks(query, into: &json).next
            try body(json.bytes)
        } while query.after != nil
    }

    private static func ingredients(_ reader: SearchReader) throws -> [UInt8] {
        var json = JSONWriter(reserving: 16_384)
        _ = try reader.writeIngredients(words: [], limit: 100_000, into: &json)
        return json.bytes
    }
}
