/// An event's place in the whole log: 1 for the first, without gaps.
///
/// 0 is before all events.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int64

    public init(_ number: Int64) { self.number = number }

    public static let start = Position(0)
    public var next: Position { Position(number + 1) }
    public static func < (one: Position, other: Position) -> Bool { one.number < other.number }
    public var description: String { String(number) }
}

/// An event's place in its own stream: 1 for the first.
///
/// 0 means that the stream has none yet.
public struct Version: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int64

    public init(_ number: Int64) { self.number = number }

    public static let none = Version(0)
    public var next: Version { Version(number + 1) }
    public static func < (one: Version, other: Version) -> Bool { one.number < other.number }
    public var description: String { String(number) }
}
