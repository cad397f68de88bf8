// The standard library normalizes but shows it to its friends only; see FieldRules.swift.
@_spi(_Unicode) private import Swift

/// A text as people search for it: without case and accents, white space as single spaces.
///
/// "Crème  de Cacao" and "creme de cacao" are the same. Letters that no accent makes, such as ø, ł,
/// ß and æ, become what a keyboard without them has. Signs that carry meaning in other scripts, such
/// as vowels in Hindi or voicing in Japanese, stay.
public struct Folded: Hashable, Sendable {
    public let text: String

    public init(_ given: String) {
        text = given.utf8.allSatisfy { $0 < 0x80 } ? foldASCII(given) : fold(given)
    }

    /// The runs of letters and digits, in their order.
    public var words: [String] {
        text.unicodeScalars.split { !isWordPart($0) }.map { String($0) }
    }
}

private func foldASCII(_ given: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(given.utf8.count)
    var gap = false
    for byte in given.utf8 {
        // Space, and tab to carriage return.
        if byte == 0x20 || (0x09...0x0D).contains(byte) {
            gap = !bytes.isEmpty
            continue
        }
        if gap { bytes.append(0x20) }
        gap = false
        bytes.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func fold(_ given: String) -> String {
    var folded = String.UnicodeScalarView()
    var gap = false
    for scalar in given.lowercased()._nfd {
        // What an accent becomes when it stands alone: the block of combining diacritical marks.
        if (0x300...0x36F).contains(scalar.value) { continue }
        if scalar.properties.isWhitespace {
            gap = !folded.isEmpty
            continue
        }
        if gap { folded.append(" ") }
        gap = false
        if let plain = plainLetters[scalar] {
            folded.append(contentsOf: plain.unicodeScalars)
        } else {
            folded.append(scalar)
        }
    }
    return String(folded)
}

/// Lower-case letters that decompose into no other letter and a mark.
private let plainLetters: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
    "ı": "i", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ŀ": "l", "ĳ": "ij", "ſ": "s", "ς": "σ",
]

private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
        return (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
        // U+FE0F and its like only choose how the sign before them is drawn.
        return !scalar.properties.isVariationSelector
    default: return false
    }
}
