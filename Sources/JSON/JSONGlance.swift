/// Picks plain members out of a JSON object without making a tree of it.
///
/// For whoever has another way to read the text: at the first thing that is not plain (an escape, a
/// fraction, a name twice, a fault) it gives up, and whatever it did say is what any reader would.
public struct JSONGlance {
    public enum Value: Equatable, Sendable {
        /// `null`, or no such member.
        case null
        /// A whole number; `true` is 1 and `false` 0.
        case integer(Int64)
        /// Where a string's bytes stand, without its quotes.
        case text(Range<Int>)
    }

    /// The names that lead to a member, outermost first.
    public struct Path: Hashable, Sendable {
        let names: [[UInt8]]

        public init(_ names: [String]) { self.names = names.map { Array($0.utf8) } }
    }

    private let paths: [Path]
    private var values: [Value] = []
    private var found: UInt64 = 0
    /// By depth, the paths whose object there has been entered: a second of that name is another reader's.
    private var entered = [UInt64](repeating: 0, count: mostDepth)

    private static let mostDepth = 16

    /// At most 64 paths.
    public init(_ paths: [Path]) {
        precondition(paths.count <= 64, "the paths found are kept as bits")
        self.paths = paths
    }

    public subscript(index: Int) -> Value { values[index] }

    /// Reads an object; false where another reader has to.
    public mutating func read(_ bytes: [UInt8]) -> Bool {
        values.removeAll(keepingCapacity: true)
        for _ in paths { values.append(.null) }
        found = 0
        for depth in entered.indices { entered[depth] = 0 }
        var index = 0
        let all: UInt64 = paths.count == 64 ? .max : (1 << UInt64(paths.count)) - 1
        return object(bytes, &index, depth: 0, active: all) && index == bytes.count
    }

    /// `active` are the paths whose first `depth` names lead here.
    private mutating func object(
        _ bytes: [UInt8], _ index: inout Int, depth: Int, active: UInt64
    ) -> Bool {
        guard depth < Self.mostDepth, active & entered[depth] == 0,
            take(UInt8(ascii: "{"), bytes, &index)
        else { return false }
        entered[depth] |= active
        if take(UInt8(ascii: "}"), bytes, &index) { return true }
        repeat {
            guard let name = string(bytes, &index), take(UInt8(ascii: ":"), bytes, &index) else {
                return false
            }
            let below = active == 0 ? 0 : leading(to: name, bytes, depth, active)
            guard value(bytes, &index, depth: depth + 1, active: below) else { return false }
        } while take(UInt8(ascii: ","), bytes, &index)
        return take(UInt8(ascii: "}"), bytes, &index)
    }

    private func leading(
        to name: Range<Int>, _ bytes: [UInt8], _ depth: Int, _ active: UInt64
    ) -> UInt64 {
        var below: UInt64 = 0
        for number in paths.indices where active & (1 << UInt64(number)) != 0 {
            let names = paths[number].names
            guard depth < names.count, names[depth].count == name.count else { continue }
            let wanted = names[depth]
            var place = 0
            while place < wanted.count, wanted[place] == bytes[name.lowerBound + place] {
                place += 1
            }
            if place == wanted.count { below |= 1 << UInt64(number) }
        }
        return below
    }

    /// `active` are the paths that lead to this value or into it.
    private mutating func value(
        _ bytes: [UInt8], _ index: inout Int, depth: Int, active: UInt64
    ) -> Bool {
        guard index < bytes.count else { return false }
        switch bytes[index] {
        case UInt8(ascii: "\""):
            guard let text = string(bytes, &index) else { return false }
            return keep(.text(text), depth, active)
        case UInt8(ascii: "{"):
            // A member that is wanted whole, or was there before, is another reader's.
            guard active & found == 0, !ends(active, at: depth) else { return false }
            return object(bytes, &index, depth: depth, active: active)
        case UInt8(ascii: "["):
            return active == 0 && array(bytes, &index, depth: depth)
        case UInt8(ascii: "t"):
            return word("true", bytes, &index) && keep(.integer(1), depth, active)
        case UInt8(ascii: "f"):
            return word("false", bytes, &index) && keep(.integer(0), depth, active)
        case UInt8(ascii: "n"): return word("null", bytes, &index) && keep(.null, depth, active)
        default:
            guard let number = integer(bytes, &index) else { return false }
            return keep(.integer(number), depth, active)
        }
    }

    private mutating func array(_ bytes: [UInt8], _ index: inout Int, depth: Int) -> Bool {
        guard depth < Self.mostDepth, take(UInt8(ascii: "["), bytes, &index) else { return false }
        if take(UInt8(ascii: "]"), bytes, &index) { return true }
        repeat {
            guard value(bytes, &index, depth: depth + 1, active: 0) else { return false }
        } while take(UInt8(ascii: ","), bytes, &index)
        return take(UInt8(ascii: "]"), bytes, &index)
    }

    private func ends(_ active: UInt64, at depth: Int) -> Bool {
        guard active != 0 else { return false }
        return paths.indices.contains {
            active & (1 << UInt64($0)) != 0 && paths[$0].names.count == depth
        }
    }

    private mutating func keep(_ value: Value, _ depth: Int, _ active: UInt64) -> Bool {
        guard active != 0 else { return true }
        guard active & found == 0 else { return false }
        found |= active
        for number in paths.indices
        where active & (1 << UInt64(number)) != 0 && paths[number].names.count == depth {
            values[number] = value
        }
        return true
    }

    private func string(_ bytes: [UInt8], _ index: inout Int) -> Range<Int>? {
        guard take(UInt8(ascii: "\""), bytes, &index) else { return nil }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return start..<index - 1
            }
            if byte < 0x20 || byte == UInt8(ascii: "\\") { return nil }
            index += 1
        }
        return nil
    }

    private func integer(_ bytes: [UInt8], _ index: inout Int) -> Int64? {
        let isNegative = take(UInt8(ascii: "-"), bytes, &index)
        let start = index
        var number: Int64 = 0
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
            guard index - start < 18 else { return nil }
            number = number * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        guard index > start, index < bytes.count, index - start == 1 || bytes[start] != 0x30,
            bytes[index] != UInt8(ascii: "."), bytes[index] | 0x20 != UInt8(ascii: "e")
        else { return nil }
        return isNegative ? -number : number
    }

    private func word(_ word: StaticString, _ bytes: [UInt8], _ index: inout Int) -> Bool {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let isIt = word.description.utf8.elementsEqual(bytes[index..<end])
        index = end
        return isIt
    }

    private func take(_ byte: UInt8, _ bytes: [UInt8], _ index: inout Int) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }
}
