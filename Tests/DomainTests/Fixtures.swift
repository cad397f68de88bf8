import Domain
import Testing

let noon = Time(microseconds: 1_800_000_000_000_000)
let orderID = OrderID(UUID(high: 1, low: 1))
let sectionID = SectionID(UUID(high: 2, low: 2))
let drinkID = DrinkID(UUID(high: 3, low: 3))

let ana = Caller.guest(guest("Ana"))
let host = Caller.staff("host")

/// A drink of the menu that needs these.
func drink(_ ingredients: IngredientLine..., isActive: Bool = true) -> Drink {
    var facts = DrinkFacts(sectionID: sectionID, name: "Daiquiri")
    facts.ingredients = ingredients
    facts.isActive = isActive
    return Drink(id: drinkID, facts)
}

/// An order of Ana's that went this way after it was placed.
func given(_ statuses: OrderStatus...) -> Order { given(statuses) }

func given(_ statuses: [OrderStatus]) -> Order {
    var order = Order(
        OrderPlaced(
            id: orderID, ticket: 7, guest: guest("Ana"), username: nil,
            drink: OrderedDrink(id: drinkID, version: Version(1), name: "Daiquiri"), quantity: 1,
            note: ""), at: noon, by: ana)
    for (index, status) in statuses.enumerated() {
        order.evolve(
            OrderStatusChanged(id: orderID, from: order.status, to: status, reason: nil),
            at: Time(microseconds: noon.microseconds + Int64(index + 1) * 1_000_000), by: host)
    }
    return order
}

enum Answer: Equatable {
    case moved(OrderStatus)
    case unchanged
    case refused(Refusal)
}

extension Order {
    func when(
        _ to: OrderStatus, by caller: Caller = host, expected: OrderStatus? = nil,
        reason: String? = nil
    ) -> Answer {
        do throws(Refusal) {
            let command = ChangeOrderStatus(to: to, reason: reason, expected: expected)
            return try change(command, by: caller).map { .moved($0.to) } ?? .unchanged
        } catch {
            return .refused(error)
        }
    }
}

/// The fields that a body of work is refused for; empty when it is not.
func refusedFields(_ body: () throws(Refusal) -> Void) -> [String] {
    do throws(Refusal) { try body() } catch {
        guard case .invalid(let errors) = error else { return ["\(error)"] }
        return errors.map(\.field)
    }
    return []
}

/// Chance that can be had again from its seed. Source: SplitMix64
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// An id that belongs to a name in these tests.
func guest(_ name: String) -> GuestID {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return GuestID(UUID(high: 7, low: hash))
}
