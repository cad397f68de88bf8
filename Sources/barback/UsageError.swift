/// The words after the subcommand are not what it takes.
struct UsageError: Error, Equatable {
    /// One sentence without a full stop, such as "there is no flag --prot".
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// What somebody typed, made visible and harmless.
func quoted(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        if isControl { safe += "?" } else { safe.unicodeScalars.append(scalar) }
    }
    return "'\(safe)'"
}
