import Testing

/// Everything that starts processes, one after the other.
///
/// Two cores carry one bar, its clients and its killer; more at a time would only test the machine.
@Suite("The whole bar", .serialized) enum WholeBar {}

/// Opens a bar for all the tests of a suite, and closes it whatever they did.
struct OpenBar: SuiteTrait, TestScoping {
    var flags: [String] = ["--max-active-orders", "0"]

    @TaskLocal static var current: Bar?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let bar = try Bar(flags: flags)
        defer { bar.close() }
        try await Self.$current.withValue(bar) { try await body() }
    }
}

extension Trait where Self == OpenBar {
    /// One bar that the suite's tests share as ``theBar()``.
    static var openBar: Self { OpenBar() }
    static func openBar(flags: String...) -> Self { OpenBar(flags: flags) }
}

/// The bar of the suite.
func theBar() throws -> Bar { try #require(OpenBar.current) }
