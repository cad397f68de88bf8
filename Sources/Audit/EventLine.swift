internal import Domain
public import EventStore
internal import JSON
internal import System

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
