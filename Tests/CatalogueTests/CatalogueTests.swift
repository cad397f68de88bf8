import EventStore
import Foundation
import JSON
import Testing

/// One file of `eventstore/catalogue`.
struct CatalogueFile: Sendable, CustomTestStringConvertible {
    let type: String
    let version: Int
    let schema: JSONObject

    var testDescription: String { "\(type).\(version)" }
    var examples: [JSONValue] { schema["examples"]?.array ?? [] }

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("eventstore/catalogue").path

    /// Every file there; one that cannot be read has no schema and fails every test on it.
    static let all: [CatalogueFile] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .map { name in
            let parts = name.split(separator: ".")
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init)
            let value = try? JSONValue(parsing: bytes ?? [])
            return CatalogueFile(
                type: parts.first.map(String.init) ?? name,
                version: parts.count == 3 ? Int(parts[1]) ?? 0 : 0,
                schema: value?.object ?? JSONObject())
        }
}

@Suite("The catalogue") struct CatalogueTests {
    @Test func `has a file for each type and version, and no other file`() {
        let promised = Catalogue.current.types.flatMap { type in
            (1...(Catalogue.current.schema(of: type) ?? 1)).map { "\(type).\($0)" }
        }
        #expect(CatalogueFile.all.map(\.testDescription) == promised.sorted())
        #expect(!promised.isEmpty)
    }

    @Test(arguments: CatalogueFile.all)
    func `says what each event means`(file: CatalogueFile) throws {
        let schema = file.schema
        #expect(
            schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["$id"]?.string == "urn:barback:event:\(file.type):\(file.version)")
        #expect(schema["title"]?.string == file.type)
        #expect(schema["description"]?.string?.hasSuffix(".") == true)
        #expect(file.examples.count >= 2)
        #expect(Set(file.examples.map(text)).count == file.examples.count)
        for object in objectSchemas(.object(schema)) {
            let properties = try #require(object["properties"]?.object)
            #expect(object["additionalProperties"] == .bool(false))
            #expect(object["required"]?.array != nil)
            for property in properties.members {
                #expect(property.value.object?["description"]?.string != nil, "\(property.name)")
            }
            for name in object["required"]?.array ?? [] {
                #expect(properties[name.string ?? ""] != nil, "\(text(name)) is required")
            }
        }
    }

    @Test(arguments: CatalogueFile.all)
    func `has examples that follow their schema`(file: CatalogueFile) throws {
        for example in file.examples {
            let flaws = try JSONSchema(root: file.schema).flaws(in: example)
            #expect(flaws == [], "\(text(example))")
        }
    }

    @Test(arguments: CatalogueFile.all)
    func `has examples with and without each optional field`(file: CatalogueFile) throws {
        let required = (file.schema["required"]?.array ?? []).compactMap(\.string)
        for property in try #require(file.schema["properties"]?.object).members
        where !required.contains(property.name) {
            let having = file.examples.filter { $0.object?[property.name] != nil }
            #expect((1..<file.examples.count).contains(having.count), "\(property.name)")
        }
    }

    @Test(arguments: CatalogueFile.all)
    func `has examples that are read and written again as they were`(file: CatalogueFile) throws {
        for example in file.examples {
            let event = try EventCoding.decode(
                type: file.type, schema: file.version, data: bytes(example))
            let again = EventCoding.encode(event, expecting: .any)
            #expect(again.type == file.type)
            let today = try Catalogue.current.upcast(
                type: file.type, schema: file.version, data: bytes(example))
            #expect(try JSONValue(parsing: again.data) == JSONValue(parsing: today))
        }
    }

    @Test(arguments: CatalogueFile.all)
    func `is kept by validator and decoder alike`(file: CatalogueFile) throws {
        for example in file.examples {
            for (broken, how) in breakages(of: example, under: file.schema) {
                let flaws = try JSONSchema(root: file.schema).flaws(in: broken)
                #expect(!flaws.isEmpty, "the schema takes \(file.type) with \(how)")
                #expect(throws: LogError.self, "the decoder takes \(file.type) with \(how)") {
                    _ = try EventCoding.decode(
                        type: file.type, schema: file.version, data: bytes(broken))
                }
            }
        }
    }

    @Test(arguments: CatalogueFile.all)
    func `takes objects only`(file: CatalogueFile) throws {
        for json in ["[]", "null", "7", "\"{}\"", "", "{", "{}x"] {
            #expect(throws: LogError.self, "\(file.type) with \(json)") {
                _ = try EventCoding.decode(
                    type: file.type, schema: file.version, data: Array(json.utf8))
            }
        }
    }

    @Test func `refuses types and schemas it does not have`() {
        for (type, schema) in [
            ("DrinkPoured", 1), ("", 1), ("orderplaced", 1), ("OrderPlaced", 3),
            ("OrderPlaced", 0), ("OrderPlaced", -1), ("OrderPlaced", .max),
        ] {
            let error = #expect(throws: LogError.self, "\(type) \(schema)") {
                _ = try EventCoding.decode(type: type, schema: schema, data: Array("{}".utf8))
            }
            guard case .notInCatalogue(type, schema) = error else {
                Issue.record("\(type) \(schema): \(String(describing: error))")
                continue
            }
        }
    }
}

/// The same object with one member gone or of another kind, for every member that has a rule.
private func breakages(
    of value: JSONValue, under schema: JSONObject
) -> [(JSONValue, String)] {
    guard let object = value.object, let properties = schema["properties"]?.object else {
        return []
    }
    let required = (schema["required"]?.array ?? []).compactMap(\.string)
    var broken: [(JSONValue, String)] = []
    func put(_ name: String, _ value: JSONValue?, _ how: String) {
        var copy = object
        copy[name] = value
        broken.append((.object(copy), how))
    }
    for member in object.members {
        let name = member.name
        if required.contains(name) { put(name, nil, "no \(name)") }
        // No field of today is a truth value or a text, whichever is asked.
        put(name, member.value.bool == nil ? .bool(true) : .string("true"), "a wrong \(name)")
        guard let rule = properties[name]?.object else { continue }
        for (part, how) in breakages(of: member.value, under: rule) {
            put(name, part, "\(how) in \(name)")
        }
        if let item = rule["items"]?.object, var items = member.value.array, !items.isEmpty {
            let first = items[0]
            for (part, how) in breakages(of: first, under: item) + [(.integer(7), "7")] {
                items[0] = part
                put(name, .array(items), "\(how) in \(name)[0]")
            }
        }
        if let entry = rule["additionalProperties"]?.object {
            guard var entries = member.value.object, let first = entries.members.first else {
                continue
            }
            for (part, how) in breakages(of: first.value, under: entry) {
                entries[first.name] = part
                put(name, .object(entries), "\(how) in \(name).\(first.name)")
            }
        }
    }
    return broken
}

/// Every schema in a schema that describes an object with fixed members.
private func objectSchemas(_ value: JSONValue) -> [JSONObject] {
    guard let schema = value.object else { return [] }
    var found = schema["properties"] == nil ? [] : [schema]
    for property in schema["properties"]?.object?.members ?? [] {
        found += objectSchemas(property.value)
    }
    for part in ["items", "additionalProperties"] {
        if let part = schema[part] { found += objectSchemas(part) }
    }
    return found
}

private func bytes(_ value: JSONValue) -> [UInt8] {
    var json = JSONWriter()
    json.value(value)
    return json.bytes
}

private func text(_ value: JSONValue) -> String { String(decoding: bytes(value), as: UTF8.self) }
