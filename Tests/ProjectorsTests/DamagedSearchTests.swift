import Domain
import JSON
import Projectors
import ReadModels
import SQLite
import Testing

/// SQLite reads all of these without a word.
@Suite("A search in a damaged index") struct DamagedSearchTests {
    @Test(arguments: [
        "UPDATE posting SET slots = x'ff'",
        "UPDATE posting SET slots = zeroblob(513)",
        "UPDATE posting SET chunk = 9",
        "UPDATE posting SET chunk = -1",
        "UPDATE section SET slots = 0",
        "UPDATE section SET slots = -5",
        "UPDATE section SET slots = 1 << 40",
        "UPDATE drink SET place = place + 100",
        "DELETE FROM listed",
    ])
    func `is an error and not the end of the front`(damage: String) throws {
        let bar = try TestModels()
        let section = try bar.section()
        for name in ["One", "Two", "Three"] {
            _ = try bar.drink(section, name) { $0.ingredients = [IngredientLine(name: "Rum")] }
        }
        try bar.build(.search)
        var query = SearchQuery()
        query.with = ["Rum"]
        query.limit = 2
        let first = try SearchReader(path: bar.path("search")).find(query)
        #expect(first.drinks.count == 2)
        let raw = try Connection(path: bar.path("search"), mode: .readWrite)
        // The index alone is spoilt: its triggers would spoil or mend more.
        for trigger in try triggers(of: raw) { try raw.execute("DROP TRIGGER \(trigger)") }
        try raw.execute(damage)
        query.after = first.next
        for _ in 0..<2 {
            do {
                _ = try SearchReader(path: bar.path("search")).find(query)
                Issue.record("\(damage) was not noticed")
            } catch let error as SQLiteError {
                #expect(error.isCorrupt, "\(error)")
            }
            query.after = nil
        }
    }

    private func triggers(of connection: Connection) throws -> [String] {
        let rows = try connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        var names: [String] = []
        while try rows.step() { names.append(rows.text(0)) }
        return names
    }
}
