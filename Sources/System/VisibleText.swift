/// Text as it may be shown in a terminal, in one line: control characters, and those that turn the direction of
/// writing, become visible escapes such as `\u001b`.
public func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
        if scalar == "\n" {
            safe += "\\n"
        } else if isHarmful(scalar) {
            let hex = String(scalar.value, radix: 16)
            safe += "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        } else {
            safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

private func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true
    // Marks of direction, line and paragraph separators, embeddings and isolates.
    case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
