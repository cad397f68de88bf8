/// The words after a subcommand, sorted into flags and operands.
///
///     --data DIR    --data=DIR    --follow    NAME    --    NAME
///
/// Flags and operands mix freely; after `--` everything is an operand. A flag given twice has its last value,
/// or both where it is a list.
/// An environment variable that is set, and not to nothing, stands in for a flag that is not given.
struct Arguments: Equatable {
    private(set) var operands: [String] = []
    private var given: [String: Given] = [:]

    private struct Given: Equatable {
        let value: String
        /// `--limit`, or the variable's name: what a complaint is about.
        let source: String
    }

    init(
        _ words: [String], for subcommand: Subcommand, environment: (String) -> String?
    ) throws(UsageError) {
        for flag in subcommand.flags {
            guard let variable = flag.variable, let value = environment(variable), !value.isEmpty
            else { continue }
            given[flag.name] = Given(value: value, source: variable)
        }
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            try take(word, &rest, subcommand)
        }
        try checkOperands(subcommand)
    }

    private mutating func take(
        _ word: String, _ rest: inout ArraySlice<String>, _ subcommand: Subcommand
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let written = String(parts[0])
        guard let flag = subcommand.flags.first(where: { "--\($0.name)" == written }) else {
            let near = NearMiss.of(written, among: subcommand.flags.map { "--\($0.name)" })
            let hint = near.map { "; did you mean \($0)?" } ?? ""
            throw UsageError("there is no flag \(quoted(written))\(hint)")
        }
        guard let shape = flag.value else {
            guard parts.count == 1 else { throw UsageError("\(written) takes no value") }
            given[flag.name] = Given(value: "yes", source: written)
            return
        }
        let value = parts.count == 2 ? String(parts[1]) : rest.popFirst()
        // A forgotten value would otherwise swallow the flag after it.
        guard let value, !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
            throw UsageError("\(written) needs a value: \(written) \(shape)")
        }
        let before = given[flag.name].flatMap { $0.source == written ? $0.value : nil }
        let all = flag.isList ? [before, value].compactMap { $0 }.joined(separator: ",") : value
        given[flag.name] = Given(value: all, source: written)
    }

    private func checkOperands(_ subcommand: Subcommand) throws(UsageError) {
        let count = subcommand.operandCount
        if operands.count < count.lowerBound {
            throw UsageError("\(subcommand.operand ?? "a word") is missing")
        }
        if operands.count > count.upperBound {
            throw UsageError("\(quoted(operands[count.upperBound])) is one word too many")
        }
    }

    // MARK: Values

    func text(_ flag: Flag) -> String? { given[flag.name]?.value }

    /// The value, and `--listen` or the variable it came from.
    func textAndSource(_ flag: Flag) -> (text: String, source: String)? {
        given[flag.name].map { ($0.value, $0.source) }
    }

    func isOn(_ flag: Flag) throws(UsageError) -> Bool {
        guard let given = given[flag.name] else { return false }
        switch given.value.lowercased() {
        case "1", "yes", "true", "on": return true
        case "0", "no", "false", "off": return false
        default:
            throw UsageError("\(given.source) is yes or no, not \(quoted(given.value))")
        }
    }

    func number(_ flag: Flag, in range: ClosedRange<Int64>) throws(UsageError) -> Int64? {
        guard let given = given[flag.name] else { return nil }
        guard let number = Int64(given.value), range.contains(number) else {
            let bounds =
                range.upperBound == .max
                ? "of \(range.lowerBound) or more"
                : "from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError(
                "\(given.source) takes a whole number \(bounds), not \(quoted(given.value))")
        }
        return number
    }

    /// The value as the closure reads it; `kind` says what it takes, after "takes".
    func value<Value>(
        _ flag: Flag, _ kind: String, _ read: (String) -> Value?
    ) throws(UsageError) -> Value? {
        guard let given = given[flag.name] else { return nil }
        guard let value = read(given.value) else {
            throw UsageError("\(given.source) takes \(kind), not \(quoted(given.value))")
        }
        return value
    }

    /// Every value of a list as the closure reads it; `kind` says what it takes, after "takes".
    func values<Value>(
        _ flag: Flag, _ kind: String, _ read: (String) -> Value?
    ) throws(UsageError) -> [Value] {
        guard let given = given[flag.name] else { return [] }
        var values: [Value] = []
        for item in given.value.split(separator: ",", omittingEmptySubsequences: false) {
            let text = String(item.filter { $0 != " " })
            guard let value = read(text) else {
                throw UsageError("\(given.source) takes \(kind), not \(quoted(text))")
            }
            values.append(value)
        }
        return values
    }

    /// The flag as words for another process; none where it is not given.
    func passedOn(_ flags: Flag...) -> [String] {
        flags.flatMap { flag in given[flag.name].map { ["--\(flag.name)", $0.value] } ?? [] }
    }

    /// The data directory, without slashes at its end.
    var dataDirectory: String {
        var path = Substring(text(.data) ?? "data")
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }
}
