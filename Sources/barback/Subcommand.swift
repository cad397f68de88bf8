/// One thing the program can be asked to do.
struct Subcommand: Sendable {
    let name: String
    /// One line for the list of all, beginning with a verb in the third person.
    let summary: String
    /// What stands for its operands in the usage; nil where it takes none.
    let operand: String?
    /// How many of them it takes.
    let operandCount: ClosedRange<Int>
    let flags: [Flag]
    /// What a person who asks for help should know, and examples.
    let details: String
    let run: @Sendable (Arguments) throws -> ExitCode

    init(
        _ name: String, _ summary: String, operand: String? = nil,
        operandCount: ClosedRange<Int> = 1...1, flags: [Flag],
        details: String, run: @escaping @Sendable (Arguments) throws -> ExitCode
    ) {
        self.name = name
        self.summary = summary
        self.operand = operand
        self.operandCount = operand == nil ? 0...0 : operandCount
        self.flags = flags
        self.details = details
        self.run = run
    }
}
