import Domain
import EventStore
import Foundation
import Testing
import Wire

@testable import Commands

@Suite("The master key") struct MasterKeyTests {
    @Test func `takes with it every code, API key and session that was made from it`() throws {
        let bar = try TestBar()
        try FirstRun.prepare(bar.handler)
        let code = try bar.code()
        let ana = try bar.register("Ana", code.text)
        _ = try accepted(bar.handle(bar.make(.issueKey, #"{"name":"A screen","plan":"admin"}"#)))
        #expect(bar.handler.state.access.keys.all.count == 2)
        let before = bar.handler.log.head.position
        try bar.handler.endWhatAnotherMasterKeyMade()
        #expect(bar.handler.log.head.position == before)

        try FileManager.default.removeItem(atPath: bar.directory + "/keys/master.key")
        try bar.reopen()
        try bar.handler.endWhatAnotherMasterKeyMade()
        let access = bar.handler.state.access
        #expect(access.codes.all.isEmpty)
        let key = try #require(access.webKey)
        #expect(access.keys.all.map(\.id) == [key.id])
        #expect(key.hash == bar.handler.vault.hash(ofKey: bar.handler.vault.apiKey(of: key.id)))
        guard case .refused(.wrongCode) = try bar.handle(bar.registration("Kim", code.text)) else {
            Issue.record("the code of before lets somebody in")
            return
        }
        guard case .refused = try bar.refresh(ana.refresh) else {
            Issue.record("the refresh token of before is believed")
            return
        }
        #expect(try !bar.register("Kim", bar.code().text).access.isEmpty)
    }
}
