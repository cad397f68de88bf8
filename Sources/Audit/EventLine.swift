internal import Domain
public import EventStore
internal import JSON

/// One event as a line for people.
///
///        58  2026-12-31T23:59:59+01:00  OrderPlaced         order-0190...  guest:Ana  ticket=7 ...
///
/// Everything stored is escaped: a guest's name must not move the reader's cursor.
public enum EventLine {
    /// The line with its line feed; the time is shown `utcOffsetSeconds` ahead of UTC.
    public static func text(
        of event: Envelope, positionWidth: Int = 6, utcOffsetSeconds: Int = 0
    ) -> String {
        let position = event.position.description
        let space = String(repeating: " ", count: max(0, positionWidth - position.count))
        return [
            space + position,
            localTime(event.recordedAt, utcOffsetSeconds),
            padded(escaped(event.type), 18),
            padded(escaped(event.stream), 44),
            padded(escaped(event.actor), 12),
            DataSummary.text(of: event.data),
        ].joined(separator: "  ") + "\n"
    }

    /// RFC 3339 in whole seconds with the offset, so that it can be given to `--since` again.
    static func localTime(_ time: Time, _ utcOffsetSeconds: Int) -> String {
        let shifted = Time(microseconds: time.microseconds + Int64(utcOffsetSeconds) * 1_000_000)
        let start = shifted.description.prefix(19)
        guard utcOffsetSeconds != 0 else { return start + "Z" }
        let minutes = abs(utcOffsetSeconds) / 60
        let sign = utcOffsetSeconds < 0 ? "-" : "+"
        return start + sign + twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60)
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Text as it may be shown in a terminal: control characters, and those that turn the direction of
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
