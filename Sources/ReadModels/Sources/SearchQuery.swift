/// What is asked of the search; what is nil or empty does not narrow it.
public struct SearchQuery: Equatable, Sendable {
    /// Ingredients that a drink names in its lines, optional ones included; substitutes do not count.
    public var with: [String] = []
    /// Ingredients that no line of a drink names, not even an optional one.
    ///
    /// A bartender who does not ask adds what is optional. A mere substitute is not in the glass unless something is out.
    public var without: [String] = []
    /// Folded words; each begins a word of the name, of a translated one or of an ingredient's.
    public var words: [String] = []
    public var sectionID: String?
    public var tag: String?
    /// Whether drinks are known to be of 0 percent; false for all others, the unknown included.
    public var alcoholFree: Bool?
    /// Drinks whose strength is known and at most this.
    public var maxABV: Double?
    /// Whether nothing is missing for them.
    public var makeable: Bool?
    public var limit = 1_000
    public var after: MenuPlace?

    public init() {}

    /// Whether it asks for the whole menu, be it in pages.
    public var isWhole: Bool {
        var other = SearchQuery()
        other.limit = limit
        other.after = after
        return self == other
    }
}
