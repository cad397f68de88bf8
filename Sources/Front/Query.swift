internal import Domain
internal import HTTP

/// Reads the parameters of a query and collects what is wrong with them, for one answer that names it all.
///
/// A parameter that may come once counts as wrong when it comes twice: which one was meant?
struct Query {
    private let items: [QueryItem]
    private var rules = FieldRules()

    /// Characters of one value, at most.
    static let longest = 200

    init(_ items: [QueryItem]) { self.items = items }

    /// Every value of a parameter that may repeat, at most `limit` of them.
    mutating func texts(_ name: String, atMost limit: Int) -> [String] {
        let values = items.filter { $0.name == name }.map(\.value)
        rules.count(name, values.count, atMost: limit)
        return values.prefix(limit).map { rules.text(name, $0, 1...Self.longest) }
    }

    /// Nil where it is absent.
    mutating func text(_ name: String) -> String? {
        one(name).map { rules.text(name, $0, 0...Self.longest) }
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = one(name) else { return nil }
        switch value {
        case "true": return true
        case "false": return false
        default:
            rules.refuse(name, "must be true or false")
            return nil
        }
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = one(name) else { return nil }
        guard value.isDecimal, let number = Int(value), range.contains(number) else {
            rules.refuse(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
        guard let value = one(name) else { return nil }
        guard value.isDecimal, let number = Double(value), range.contains(number) else {
            rules.refuse(
                name, "must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
            return nil
        }
        return number
    }

    /// The value as the closure reads it; `sentence` says what it must be.
    mutating func value<Value>(
        _ name: String, _ sentence: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let text = one(name) else { return nil }
        guard let value = read(text) else {
            rules.refuse(name, sentence)
            return nil
        }
        return value
    }

    mutating func refuse(_ name: String, _ sentence: String) { rules.refuse(name, sentence) }

    /// - Throws: ``Domain/Refusal/invalid(_:)``, which is answered 422.
    func check() throws(Domain.Refusal) { try rules.check() }

    private mutating func one(_ name: String) -> String? {
        let values = items.filter { $0.name == name }
        if values.count > 1 { rules.refuse(name, "must come once") }
        return values.first?.value
    }
}

extension String {
    /// Digits, and a point at most: no sign, no exponent, no other base.
    fileprivate var isDecimal: Bool {
        utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }
}
