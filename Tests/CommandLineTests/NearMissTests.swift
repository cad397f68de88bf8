import Testing

@testable import barback

@Suite("A near miss") struct NearMissTests {
    private let names = Program.subcommands.map(\.name)

    @Test(arguments: [
        ("stauts", "status"), ("Serve", "serve"), ("serv", "serve"), ("servee", "serve"),
        ("bakcup", "backup"), ("restoer", "restore"), ("lgo", "log"), ("verfy", "verify"),
        ("docter", "doctor"),
    ])
    func `is the word that was meant`(typed: String, meant: String) {
        #expect(NearMiss.of(typed, among: names) == meant)
    }

    @Test(arguments: ["", "x", "drink", "l", "restart-everything", "--data"])
    func `is not guessed where nothing is near`(typed: String) {
        #expect(NearMiss.of(typed, among: names) == nil)
    }

    @Test func `is not guessed between two`() {
        #expect(NearMiss.of("manu", among: ["menu", "many"]) == nil)
    }
}
