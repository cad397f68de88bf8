import Testing

@testable import Subscribers

@Suite("The pause between two fetches") struct PauseTests {
    @Test func `is ten minutes, and after failures grows from a second to that`() {
        let pauses = (0...12).map { ProviderProcess.pauseSeconds(afterFailures: $0) }
        #expect(pauses == [600, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600])
        #expect(ProviderProcess.pauseSeconds(afterFailures: 100_000) == 600)
    }
}
