import Audit
import Testing

@Suite("A verifier key") struct VerifierKeyTests {
    static let good =
        "barback/5187d4de-ac97-7ab7-64c3-acdabd06906e+2a988d0b+AaHQ2vC1fD/PQgMnV5nIvXhgXGxySCfFd8PRCFyq/TLH"

    @Test func `names its log`() throws {
        let key = try #require(VerifierKey(Self.good + "\n"))
        #expect(key.logID == "5187d4de-ac97-7ab7-64c3-acdabd06906e")
        #expect(key.publicKey.count == 32)
    }

    @Test(arguments: [
        "", "barback", good.replacing("2a988d0b", with: "2a988d0c"),
        good.replacing("AaHQ", with: "AaHR"), good.replacing("5187", with: "5188"),
        good.replacing("barback/", with: "other/"), String(good.dropLast(4)),
        good.replacing("+AaHQ", with: "+AqHQ"),
    ])
    func `is refused when a part does not fit the others`(text: String) {
        #expect(VerifierKey(text) == nil)
    }
}
