// The standard library normalizes but shows it to its friends only; Foundation uses this door too.
@_spi(_Unicode) private import Swift

/// Collects what is wrong with a request's fields, so that one answer names them all.
public struct FieldRules {
    public private(set) var errors: [FieldError] = []

    public init() {}

    /// Of several things that are wrong with one field the first is named.
    public mutating func refuse(_ field: String, _ message: String) {
        guard !errors.contains(where: { $0.field == field }) else { return }
        errors.append(FieldError(field, message))
    }

    /// Text without surrounding white space, normalized, of a length in characters as people count.
    ///
    /// Line breaks are kept only where `lines` is set; other control characters are refused. A
    /// character may be built from many code points, so these are limited too: eight a character.
    public mutating func text(
        _ field: String, _ value: String, _ length: ClosedRange<Int>, lines: Bool = false
    ) -> String {
        let limit = length.upperBound
        // Most texts are plain ASCII within the limit; counting graphemes and asking for each scalar's
        // category is for the others.
        if value.isPlain, length.contains(value.utf8.count) { return value }
        // Before anything is normalized, which takes the square of the length where marks pile up.
        guard value.utf8.count <= limit * 32 + 1_024 else {
            refuse(field, "has more than \(limit) characters")
            return ""
        }
        let trimmed = value.trimmed.normalized
        if trimmed.unicodeScalars.count > limit * 8 || trimmed.count > limit {
            refuse(field, "has more than \(limit) characters")
        } else if trimmed.count < length.lowerBound || length.lowerBound > 0 && isInvisible(trimmed)
        {
            refuse(field, "must not be empty")
        } else if trimmed.unicodeScalars.contains(where: { isRefused($0, lines: lines) }) {
            refuse(field, "contains a control character")
        }
        return trimmed
    }

    public mutating func count(_ field: String, _ count: Int, atMost limit: Int) {
        if count > limit { refuse(field, "has more than \(limit) entries") }
    }

    /// - Throws: ``Refusal/invalid(_:)`` if anything was wrong.
    public func check() throws(Refusal) {
        if !errors.isEmpty { throw .invalid(errors) }
    }

    /// Lets the domain check as well, so that one answer names what either finds wrong.
    public func together<Result>(_ decide: () throws(Refusal) -> Result) throws(Refusal) -> Result {
        do throws(Refusal) {
            let result = try decide()
            try check()
            return result
        } catch {
            guard !errors.isEmpty, case .invalid(let found) = error else {
                try check()
                throw error
            }
            var all = self
            for error in found { all.refuse(error.field, error.message) }
            throw .invalid(all.errors)
        }
    }
}

private func isRefused(_ scalar: Unicode.Scalar, lines: Bool) -> Bool {
    if lines && (scalar == "\n" || scalar == "\r") { return false }
    switch scalar.value {
    // Line and paragraph separators; what turns the direction of the text around it.
    case 0x2028...0x202E, 0x2066...0x2069: return true
    default: return scalar.properties.generalCategory == .control
    }
}

/// Nothing that anybody would see, such as a lone zero-width space.
private func isInvisible(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
        $0.properties.isWhitespace || $0.properties.generalCategory == .format
    }
}

extension String {
    /// Printable ASCII without a space at either end.
    fileprivate var isPlain: Bool {
        utf8.first != 0x20 && utf8.last != 0x20 && utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// In Unicode normal form C: one way to write each letter.
    ///
    /// Swift takes "é" and "e" with an accent for equal, SQLite compares bytes: a name written in two
    /// ways would be one guest in memory and two in the tables.
    public var normalized: String {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
        var scalars = UnicodeScalarView()
        scalars.append(contentsOf: _nfc)
        return String(scalars)
    }

    /// Without white space at either end.
    var trimmed: String {
        guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
        return String(
            drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
