import Crypto
import Domain
import EventStore
import SQLite
import Testing

@Suite("A signed checkpoint") struct CheckpointTests {
    private let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))
    private let hash = SHA256()

    private func note(of log: TestLog) throws -> String {
        let rows = try log.raw().prepare("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        #expect(try rows.step())
        return rows.text(0)
    }

    @Test func `is a note that everybody can read`() throws {
        let log = try TestLog()
        try log.fill(23)
        try log.writer.signCheckpoint(with: key)
        let head = log.writer.head
        let note = try note(of: log)
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 6)
        #expect(lines[0] == "barback/\(head.logID)")
        #expect(lines[1] == "23")
        #expect(lines[2] == Base64.encode(head.frontier.root(hashingWith: hash).bytes)[...])
        #expect(lines[3] == "")
        #expect(lines[5] == "")
        let words = lines[4].split(separator: " ")
        #expect(words.prefix(2) == ["\u{2014}", lines[0]])
        let signature = try #require(Base64.decode(String(words[2])))
        #expect(signature.count == 68)
        // The signature stands over the first three lines, line ends included.
        let signed = Array((lines[0...2].joined(separator: "\n") + "\n").utf8)
        #expect(isSignature(Array(signature[4...]), of: signed, by: key.publicKey))
        // The four bytes before it name the key: C2SP signed-note.
        let named = hash.digest(of: Array("\(lines[0])\n".utf8) + [1] + key.publicKey).bytes
        #expect(Array(signature[..<4]) == Array(named[..<4]))
    }

    @Test func `is read back, and only with its key`() throws {
        let log = try TestLog()
        try log.fill(5)
        try log.writer.signCheckpoint(with: key)
        let note = try note(of: log)
        let read = try #require(
            SignedCheckpoint(note: note, hashingWith: hash, publicKey: key.publicKey))
        #expect(read.size == 5)
        #expect(read.root == log.writer.head.frontier.root(hashingWith: hash))
        #expect(read.origin == "barback/\(log.writer.head.logID)")
        #expect(read.note == note)
        let other = SigningKey().publicKey
        #expect(SignedCheckpoint(note: note, hashingWith: hash, publicKey: other) == nil)
    }

    @Test func `is worth nothing with one character changed`() throws {
        let log = try TestLog()
        try log.fill(5)
        try log.writer.signCheckpoint(with: key)
        let note = Array(try note(of: log).utf8)
        for index in note.indices {
            var changed = note
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            let text = String(decoding: changed, as: UTF8.self)
            #expect(
                SignedCheckpoint(note: text, hashingWith: hash, publicKey: key.publicKey) == nil,
                "byte \(index)")
        }
        let text = String(decoding: note, as: UTF8.self)
        for changed in [
            "", "\n", "\n\n\n\n\n", String(text.dropLast()), text + "\n", "\n" + text, text + text,
            text.replacing("\n5\n", with: "\n05\n"), text.replacing("\n5\n", with: "\n+5\n"),
            text.replacing("\n", with: "\r\n"),
        ] {
            #expect(
                SignedCheckpoint(note: changed, hashingWith: hash, publicKey: key.publicKey) == nil)
        }
    }

    @Test func `is checked with a key published like all signed notes'`() throws {
        let log = try TestLog()
        let parts = log.writer.verifierKey(of: key.publicKey).split(separator: "+", maxSplits: 2)
        #expect(parts[0] == "barback/\(log.writer.head.logID)")
        #expect(parts[1].count == 8)
        #expect(Base64.decode(String(parts[2])) == [1] + key.publicKey)
        let name = hash.digest(of: Array("\(parts[0])\n".utf8) + [1] + key.publicKey)
        #expect(name.hex.hasPrefix(parts[1]))
        // The same sum over the example of golang.org/x/mod/sumdb/note gives its published hash.
        let example = try #require(
            Base64.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
        let published = hash.digest(of: Array("PeterNeumann\n".utf8) + example)
        #expect(published.hex.hasPrefix("c74f20a3"))
    }

    @Test func `is signed only where something is new`() throws {
        let log = try TestLog()
        let sizes = {
            let rows = try log.raw().prepare("SELECT size FROM checkpoint ORDER BY size")
            var sizes: [Int64] = []
            while try rows.step() { sizes.append(rows.integer(0)) }
            return sizes
        }
        try log.writer.signCheckpoint(with: key)
        #expect(try sizes() == [])
        try log.fill(3)
        for _ in 0..<3 { try log.writer.signCheckpoint(with: key) }
        #expect(try sizes() == [3])
        try log.reopen(publicKey: key.publicKey)
        #expect(log.writer.damage == nil)
        try log.writer.signCheckpoint(with: key)
        #expect(try sizes() == [3])
        try log.append()
        try log.writer.signCheckpoint(with: key)
        #expect(try sizes() == [3, 4])
    }

    @Test func `is not given to a log that is damaged`() throws {
        let log = try TestLog()
        try log.fill(3)
        log.writer.stop(because: .damaged(at: Position(2), reason: "as a test says"))
        #expect(throws: LogError.self) { try log.writer.signCheckpoint(with: key) }
        #expect(throws: LogError.self) { try log.append() }
        #expect(try log.raw().integer("SELECT count(*) FROM checkpoint") == 0)
        #expect(try log.positions() == [1, 2, 3])
    }
}
