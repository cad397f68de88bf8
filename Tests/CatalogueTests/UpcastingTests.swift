import EventStore
import JSON
import Testing

@Suite("Upcasting") struct UpcastingTests {
    /// Version 1 said `{"drink", "ml"}`; 2 has an amount with a unit; 3 a place it was poured at.
    private let catalogue = Catalogue([
        .init(
            "DrinkPoured",
            upcasters: [
                { old in
                    var new = old
                    var amount = JSONObject()
                    amount["value"] = old["ml"]
                    amount["unit"] = .string("ml")
                    new["ml"] = nil
                    new["amount"] = .object(amount)
                    return new
                },
                { old in
                    var new = old
                    new["place"] = .string("bar")
                    return new
                },
            ])
    ])

    @Test(arguments: [
        (1, #"{"drink":"Daiquirí 🍹","ml":60}"#),
        (2, #"{"drink":"Daiquirí 🍹","amount":{"value":60,"unit":"ml"}}"#),
        (3, #"{"drink":"Daiquirí 🍹","amount":{"value":60,"unit":"ml"},"place":"bar"}"#),
    ])
    func `lifts every old version to the present one`(schema: Int, stored: String) throws {
        let lifted = try catalogue.upcast(
            type: "DrinkPoured", schema: schema, data: Array(stored.utf8))
        #expect(
            String(decoding: lifted, as: UTF8.self)
                == #"{"drink":"Daiquirí 🍹","amount":{"value":60,"unit":"ml"},"place":"bar"}"#)
    }

    @Test func `does not touch data of the present version`() throws {
        let stored = Array(#" {"drink" : "x","unknown": 1.50} "#.utf8)
        #expect(try catalogue.upcast(type: "DrinkPoured", schema: 3, data: stored) == stored)
    }

    @Test func `writes with the number of the last version`() {
        #expect(catalogue.schema(of: "DrinkPoured") == 3)
        #expect(catalogue.schema(of: "DrinkSpilled") == nil)
    }

    @Test(arguments: [0, 4, -1]) func `refuses a version it has no way from`(schema: Int) {
        let error = #expect(throws: LogError.self) {
            _ = try catalogue.upcast(
                type: "DrinkPoured", schema: schema, data: Array("{}".utf8))
        }
        guard case .notInCatalogue("DrinkPoured", schema) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["[]", "{", "", "1"]) func `refuses what is no object`(data: String) {
        let error = #expect(throws: LogError.self) {
            _ = try catalogue.upcast(type: "DrinkPoured", schema: 1, data: Array(data.utf8))
        }
        guard case .undecodable("DrinkPoured", 1, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
