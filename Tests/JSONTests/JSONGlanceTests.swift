import JSON
import Testing

@Suite("A glance at JSON") struct JSONGlanceTests {
    private let paths = [["a"], ["b"], ["drink", "id"], ["drink", "name"]].map(JSONGlance.Path.init)

    private func glance(_ text: String) -> [String]? {
        var glance = JSONGlance(paths)
        let bytes = Array(text.utf8)
        guard glance.read(bytes) else { return nil }
        return paths.indices.map { index in
            switch glance[index] {
            case .null: "null"
            case .integer(let number): "\(number)"
            case .text(let range): "\"" + String(decoding: bytes[range], as: UTF8.self) + "\""
            }
        }
    }

    @Test(
        arguments: [
            ("{}", ["null", "null", "null", "null"]),
            (#"{"a":1,"b":"é"}"#, ["1", "\"é\"", "null", "null"]),
            (
                #"{"c":[1,{"a":2},[]],"drink":{"name":"","x":{"id":9},"id":"7"},"b":-12}"#,
                ["null", "-12", "\"7\"", "\"\""]
            ),
            (#"{"a":true,"b":false,"drink":null}"#, ["1", "0", "null", "null"]),
            (#"{"drink":"id","a":0}"#, ["0", "null", "null", "null"]),
            (#"{"a":999999999999999999}"#, ["999999999999999999", "null", "null", "null"]),
        ])
    func `finds the members it is asked for`(text: String, values: [String]) {
        #expect(glance(text) == values)
    }

    @Test(arguments: [
        "", "nonsense", "[]", "1", "{", "{}}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1"#,
        #"{"a":01}"#, #"{"a":-}"#, #"{"a":1.5}"#, #"{"a":1e3}"#, #"{"a":9999999999999999999}"#,
        #"{"a":"x\n"}"#, #"{"a\u0062":1}"#, "{\"a\":\"\u{1}\"}", #"{"a":tru}"#, #"{"a":nul"#,
        #"{"a":1,"a":2}"#, #"{"drink":{"id":1},"drink":{"id":2}}"#,
        #"{"drink":{},"drink":{"id":1}}"#,
        #"{"drink":{"x":1},"drink":{}}"#, #"{"a":{}}"#, #"{"a":[]}"#,
        #"{"drink":[]}"#, #"{ "a":1}"#, #"{"a":1} "#, #"{"a":"x}"#,
        String(repeating: #"{"c":"#, count: 40) + "1" + String(repeating: "}", count: 40),
    ])
    func `leaves what is not plain to others`(text: String) {
        #expect(glance(text) == nil)
    }

    @Test func `says what a whole reading says, whatever is cut or flipped`() throws {
        let text = Array(
            #"{"a":12,"c":[true,{"b":null}],"drink":{"id":"xy","name":"Ñ"},"b":"z"}"#.utf8)
        let seed = UInt64.random(in: 1...(.max))
        var chance = seed
        var read = 0
        for _ in 0..<20_000 {
            var bytes = text
            for _ in 0..<Int(next(&chance) % 3) {
                let place = Int(next(&chance) % UInt64(bytes.count))
                if next(&chance) % 2 == 0 {
                    bytes[place] = text[Int(next(&chance) % UInt64(text.count))]
                } else {
                    bytes.remove(at: place)
                }
            }
            var glance = JSONGlance(paths)
            guard glance.read(bytes) else { continue }
            // SQLite does not mind what this house's own reader refuses: a cut letter, a name twice.
            guard let whole = try? JSONValue(parsing: bytes).object else { continue }
            read += 1
            let drink = whole["drink"]?.object
            for (index, value) in [whole["a"], whole["b"], drink?["id"], drink?["name"]]
                .enumerated()
            {
                #expect(
                    same(glance[index], value, bytes),
                    "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(read > 5_000)
    }

    private func same(_ seen: JSONGlance.Value, _ value: JSONValue?, _ bytes: [UInt8]) -> Bool {
        switch (seen, value) {
        case (.null, nil), (.null, .null): true
        case (.integer(let number), .integer(let other)): number == other
        case (.integer(let number), .bool(let flag)): number == (flag ? 1 : 0)
        case (.text(let range), .string(let text)): Array(text.utf8) == Array(bytes[range])
        default: false
        }
    }

    private func next(_ state: inout UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
