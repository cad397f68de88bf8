internal import Domain

/// A drink's place in the order of the menu, and the cursor that a page of it ends with.
///
/// Sections by their order and then their id, drinks within by theirs: what stands after a place is
/// there whether or not the drink that named it still is.
///
///     SECTION-ORDER.SECTION-ID.DRINK-ORDER.DRINK-ID
public struct MenuPlace: Equatable, Sendable {
    public let sectionOrder: Int64
    public let sectionID: String
    public let drinkOrder: Int64
    public let drinkID: String

    public init(sectionOrder: Int64, sectionID: String, drinkOrder: Int64, drinkID: String) {
        self.sectionOrder = sectionOrder
        self.sectionID = sectionID
        self.drinkOrder = drinkOrder
        self.drinkID = drinkID
    }

    /// Nil where the text is no cursor of ours.
    public init?(cursor: String) {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let sectionOrder = Int64(parts[0]),
            let drinkOrder = Int64(parts[2]),
            let section = SectionID(parts[1]), let drink = DrinkID(parts[3])
        else { return nil }
        self.init(
            sectionOrder: sectionOrder, sectionID: section.description, drinkOrder: drinkOrder,
            drinkID: drink.description)
    }

    public var cursor: String { "\(sectionOrder).\(sectionID).\(drinkOrder).\(drinkID)" }
}
