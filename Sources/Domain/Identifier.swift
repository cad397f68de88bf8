/// A UUID: 16 bytes, written as 8-4-4-4-12 lower-case hexadecimal digits.
public struct UUID: Hashable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A version 7 id: the time in its first bits, so that ids of later events sort later.
    ///
    /// Twelve bits carry the microsecond within the millisecond; ids made at different
    /// microseconds are therefore strictly ordered. `random` fills the rest.
    /// Source: RFC 9562, section 5.7 and 6.2 method 3.
    public init(version7At time: Time, random: UInt64) {
        let milliseconds = UInt64(max(0, time.microseconds)) / 1_000
        let within = UInt64(max(0, time.microseconds)) % 1_000
        high = milliseconds << 16 | 0x7000 | within << 2
        low = random & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Reads the written form, in either case; nil for anything else.
    public init?(_ text: String) {
        var values: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (place, byte) in text.utf8.enumerated() {
            if place == 8 || place == 13 || place == 18 || place == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x66: digit = byte - 0x61 + 10
            case 0x41...0x46: digit = byte - 0x41 + 10
            default: return nil
            }
            if digits < 16 {
                values.0 = values.0 << 4 | UInt64(digit)
            } else {
                values.1 = values.1 << 4 | UInt64(digit)
            }
            digits += 1
        }
        guard digits == 32, text.utf8.count == 36 else { return nil }
        (high, low) = values
    }

    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                text.append(UInt8(ascii: "-"))
            }
            text.append(hexDigits[Int(nibble(index))])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * ($0 % 8))) }
    }

    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func nibble(_ index: Int) -> UInt64 {
        (index < 16 ? high : low) >> (60 - 4 * UInt64(index % 16)) & 15
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)

/// The id of one thing of one kind: an order's id is never taken for a drink's.
public struct ID<Kind>: Hashable, Sendable, CustomStringConvertible {
    public let uuid: UUID

    public init(_ uuid: UUID) { self.uuid = uuid }
    public init?(_ text: String) {
        guard let uuid = UUID(text) else { return nil }
        self.uuid = uuid
    }

    public var description: String { uuid.description }
}

public typealias DrinkID = ID<Drink>
public typealias OrderID = ID<Order>
public typealias SectionID = ID<Section>
public typealias GuestID = ID<Guest>
public typealias AccountID = ID<Account>
public typealias SessionID = ID<Session>
public typealias CodeID = ID<RegistrationCode>
public typealias APIKeyID = ID<APIKey>
