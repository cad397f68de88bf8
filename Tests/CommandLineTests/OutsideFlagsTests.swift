import Testing
import Tokens

@testable import barback

@Suite("The flags of an identity provider") struct OutsideFlagsTests {
    private func read(_ words: [String]) throws(UsageError) -> OutsideSettings? {
        try Arguments(words, for: .serve, environment: { _ in nil }).outsideSettings()
    }

    private let all = [
        "--oidc-issuer", "https://id.example.org/realms/bar", "--oidc-audience", "barback",
        "--oidc-admin-group", "admins",
    ]

    @Test func `name nobody where there are none`() throws {
        #expect(try read([]) == nil)
    }

    @Test func `come back as a child of serve is given them`() throws {
        let settings = try #require(try read(all))
        #expect(settings.groupsClaim == "cognito:groups")
        #expect(try read(Arguments.flags(of: settings)) == settings)
    }

    @Test(arguments: [
        (["--oidc-issuer", "http://id.example.org"], "--oidc-issuer takes an https address"),
        (["--oidc-issuer", "https://id.example.org/?a"], "--oidc-issuer takes an https address"),
        (["--oidc-issuer", "file:///etc/passwd"], "--oidc-issuer takes an https address"),
        (["--oidc-issuer", "https://id.example.org"], "--oidc-issuer needs --oidc-audience NAME"),
        (
            ["--oidc-issuer", "https://id.example.org", "--oidc-audience", "barback"],
            "--oidc-issuer needs --oidc-admin-group NAME"
        ),
        (["--oidc-admin-group", "admins"], "--oidc-admin-group is of no use"),
    ])
    func `are refused where they do not say who is believed`(words: [String], complaint: String)
        throws
    {
        let error = #expect(throws: UsageError.self) { try read(words) }
        #expect(try #require(error).sentence.hasPrefix(complaint))
    }
}
