/// Everything that can happen in the bar.
///
/// The log keeps these and nothing else.
public enum Event: Equatable, Sendable {
    case section(Section.Event)
    case drink(Drink.Event)
    case ingredient(Ingredient.Event)
    case bar(Bar.Event)
    case settings(Settings.Event)
    case order(Order.Event)
    case code(RegistrationCode.Event)
    case guest(Guest.Event)
    case account(Account.Event)
    case session(Session.Event)
    case apiKey(APIKey.Event)
    case image(Image.Event)
    case logRestored(LogRestored)
}
