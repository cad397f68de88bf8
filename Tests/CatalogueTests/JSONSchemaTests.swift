import JSON
import Testing

@Suite("The schema validator") struct JSONSchemaTests {
    @Test(arguments: [
        (#"{"type": "integer"}"#, "1.5"), (#"{"type": ["string", "null"]}"#, "true"),
        (#"{"type": "object"}"#, "[]"), (#"{"enum": ["a", "b"]}"#, #""c""#),
        (#"{"pattern": "^a+$"}"#, #""ab""#), (#"{"minimum": 1}"#, "0.9"),
        (#"{"maximum": 1}"#, "2"), (#"{"exclusiveMinimum": 0}"#, "0"),
        (#"{"minLength": 1}"#, #""""#), (#"{"maxLength": 2}"#, #""abc""#),
        (#"{"maxItems": 0}"#, "[null]"), (#"{"items": {"type": "null"}}"#, "[null, 0]"),
        (#"{"required": ["a"]}"#, "{}"),
        (#"{"properties": {"a": {"type": "null"}}}"#, #"{"a": 1}"#),
        (#"{"additionalProperties": false}"#, #"{"a": 1}"#),
        (#"{"additionalProperties": {"type": "null"}}"#, #"{"a": 1}"#),
    ])
    func `finds what breaks a rule`(schema: String, value: String) throws {
        #expect(try flaws(value, under: schema).count == 1)
    }

    @Test(arguments: [
        (#"{"type": "number"}"#, "1"), (#"{"type": ["string", "null"]}"#, "null"),
        (#"{"minimum": 1}"#, #""text""#), (#"{"maxLength": 2}"#, #""日本""#),
        (#"{"exclusiveMinimum": 0}"#, "0.001"), (#"{"maxItems": 1}"#, "[1]"),
        (#"{"properties": {"a": {"type": "null"}}, "additionalProperties": false}"#, "{}"),
    ])
    func `passes what keeps it`(schema: String, value: String) throws {
        #expect(try flaws(value, under: schema) == [])
    }

    @Test(arguments: [
        #"{"minLenght": 1}"#, #"{"format": "uuid"}"#, #"{"properties": {"a": {"oneOf": []}}}"#,
        #"{"maximum": "1"}"#, #"{"type": 1}"#,
    ])
    func `stops at a keyword that it does not know`(schema: String) {
        #expect(throws: JSONSchema.UnknownKeyword.self) { _ = try flaws("{}", under: schema) }
    }

    private func flaws(_ value: String, under schema: String) throws -> [String] {
        let root = try #require(JSONValue(parsing: Array(schema.utf8)).object)
        return try JSONSchema(root: root).flaws(in: JSONValue(parsing: Array(value.utf8)))
    }
}
