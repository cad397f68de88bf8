/// A moment: microseconds since 1970-01-01 00:00 UTC, without leap seconds.
public struct Time: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (one: Time, other: Time) -> Bool { one.microseconds < other.microseconds }

    /// RFC 3339 in UTC with milliseconds, such as `2026-12-31T23:59:59.999Z`.
    public var description: String {
        let (days, micros) = microseconds.flooredQuotientAndRemainder(by: 86_400_000_000)
        let date = CivilDate(daysSince1970: days)
        let milliseconds = micros / 1_000
        // Digit by digit into one buffer: an order's document holds three times.
        var text: [UInt8] = []
        text.reserveCapacity(24)
        append(date.year, 4, "-", to: &text)
        append(date.month, 2, "-", to: &text)
        append(date.day, 2, "T", to: &text)
        append(milliseconds / 3_600_000, 2, ":", to: &text)
        append(milliseconds / 60_000 % 60, 2, ":", to: &text)
        append(milliseconds / 1_000 % 60, 2, ".", to: &text)
        append(milliseconds % 1_000, 3, "Z", to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 with any offset and up to nine digits of fraction; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D,
            bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
            let day = digits(bytes[8..<10]), let hour = digits(bytes[11..<13]),
            let minute = digits(bytes[14..<16]), let second = digits(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == 0x2E {
            let start = index + 1
            index = start
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
            guard index > start, index - start <= 9 else { return nil }
            for place in 0..<6 {
                let digit = start + place < index ? Int64(bytes[start + place] - 0x30) : 0
                fraction = fraction * 10 + digit
            }
        }
        guard index < bytes.count else { return nil }
        var offsetMinutes: Int64 = 0
        switch bytes[index] {
        case 0x5A, 0x7A:
            guard index + 1 == bytes.count else { return nil }
        case 0x2B, 0x2D:
            guard bytes.count == index + 6, bytes[index + 3] == 0x3A,
                let hours = digits(bytes[index + 1..<index + 3]),
                let minutes = digits(bytes[index + 4..<index + 6]), hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (bytes[index] == 0x2D ? -1 : 1)
        default: return nil
        }
        let date = CivilDate(year: year, month: month, day: day)
        // 30 February would be taken for a day of March.
        guard CivilDate(daysSince1970: date.daysSince1970).day == day else { return nil }
        let seconds =
            date.daysSince1970 * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second
        microseconds = seconds * 1_000_000 + fraction
    }
}

private func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 0x30)
    }
    return value
}

/// Appends a number with at least `width` digits, and the character after it.
private func append(
    _ number: Int64, _ width: Int, _ separator: Unicode.Scalar, to text: inout [UInt8]
) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    guard (0..<divisor * 10).contains(number) else {
        // A year before 0 or after 9999.
        text.append(contentsOf: String(number).utf8)
        return text.append(UInt8(ascii: separator))
    }
    while divisor > 0 {
        text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
        divisor /= 10
    }
    text.append(UInt8(ascii: separator))
}

/// A day of the Gregorian calendar.
///
/// Source: Howard Hinnant, chrono-compatible low-level date algorithms.
struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSince1970: Int64) {
        let (era, dayOfEra) = (daysSince1970 + 719_468).flooredQuotientAndRemainder(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.flooredQuotientAndRemainder(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension Int64 {
    /// Division that rounds down, so that times before 1970 fall on the right day.
    func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
