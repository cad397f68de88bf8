import Crypto
import Domain
import Foundation
import JSON
import SQLite
import Testing
import Wire

@testable import Commands

@Suite("A first run") struct FirstRunTests {
    private func file(_ bar: TestBar) throws -> JSONObject {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bar.directory + "/first-run.json"))
        return try #require(try JSONValue(parsing: Array(bytes)).object)
    }

    private func password(_ bar: TestBar) throws -> [UInt8] {
        let admin = try #require(try file(bar)["admin"]?.object)
        #expect(admin["username"] == .string("host"))
        return Array(try #require(admin["password"]?.string).utf8)
    }

    /// Whether what the file says opens the bar.
    private func expectOpen(_ bar: TestBar) throws {
        let access = bar.handler.state.access
        let account = try #require(access.account(named: "host"))
        #expect(access.accounts.all.count == 1)
        let entry = try #require(try bar.handler.vault.passwords.entry(of: account))
        #expect(entry.hash == Scrypt.hash(password: try password(bar), salt: entry.salt))
        let key = try #require(access.webKey)
        #expect(try file(bar)["api_key"] == .string(bar.handler.vault.apiKey(of: key.id)))
        let code = try #require(access.joinCode(at: bar.clock.now))
        #expect(try file(bar)["registration_code"] == .string(bar.handler.vault.code(of: code.id)))
    }

    @Test func `makes an account, a key and a code, once`() throws {
        let bar = try TestBar()
        try FirstRun.prepare(bar.handler)
        try expectOpen(bar)
        let said = try file(bar)
        try bar.reopen()
        try FirstRun.prepare(bar.handler)
        #expect(try file(bar) == said)
        try expectOpen(bar)
    }

    @Test func `that was cut off before anything was in the log is begun anew`() throws {
        let bar = try TestBar()
        try Data(#"{"admin":{"username":"host","password":"lost"}}"#.utf8)
            .write(to: URL(fileURLWithPath: bar.directory + "/first-run.json"))
        try FirstRun.prepare(bar.handler)
        #expect(try password(bar) != Array("lost".utf8))
        try expectOpen(bar)
    }

    @Test func `that was cut off before the account goes on with its key and code`() throws {
        let bar = try TestBar()
        try FirstRun.prepare(bar.handler)
        let before = try file(bar)
        let lost = try password(bar)
        // The log as it was before the last event of it.
        let account = try #require(bar.handler.state.access.account(named: "host"))
        try bar.raw().execute("DELETE FROM state_account")
        try bar.reopen()
        try FirstRun.prepare(bar.handler)
        #expect(bar.handler.state.access.account(named: "host")?.id != account.id)
        #expect(try password(bar) != lost)
        #expect(try file(bar)["api_key"] == before["api_key"])
        #expect(try file(bar)["registration_code"] == before["registration_code"])
        try expectOpen(bar)
    }
}
