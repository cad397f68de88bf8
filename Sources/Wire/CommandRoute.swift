public import Domain

/// The requests that only the commands process can answer.
///
/// The numbers are part of the frame: add, never reuse.
public enum CommandRoute: UInt8, CaseIterable, Sendable {
    case createSection = 1
    case createDrink = 2
    case markIngredient = 3
    case acceptOrders = 4
    case placeOrder = 5
    case changeOrderStatus = 6
    case updateSection = 7
    case deleteSection = 8
    case updateDrink = 9
    case deleteDrink = 10
    case cancelOrder = 11
    case placeOrderForGuest = 12
    case changeSettings = 13
    case register = 14
    case signIn = 15
    case refresh = 16
    case signOut = 17
    case changePassword = 18
    case issueCode = 19
    case revokeCode = 20
    /// Codes in clear, which no read model has.
    case revealCodes = 21
    /// The code shown at the door; the next one where it is used up or over.
    case joinCode = 22
    case issueKey = 23
    case disableKey = 24
    case addAccount = 25
    case removeAccount = 26
    case setPassword = 27
    case disableGuest = 28
    case rotateSigning = 29
    /// How often each API key was used since the last report; answered with all that are known.
    case reportUsage = 30
    case forgetGuest = 31
    /// How the log is, which the front may not open.
    case describeLog = 32
    case grantUpload = 40
    /// An upload has come under a grant.
    case storeImage = 41

    /// Method and path as the public contract writes them; part of a command's id.
    public var text: String {
        switch self {
        case .createSection: "POST /admin/sections"
        case .createDrink: "POST /admin/drinks"
        case .markIngredient: "PUT /admin/ingredients/{name}"
        case .acceptOrders: "PUT /admin/bar"
        case .placeOrder: "POST /orders"
        case .changeOrderStatus: "PUT /admin/orders/{id}"
        case .updateSection: "PUT /admin/sections/{id}"
        case .deleteSection: "DELETE /admin/sections/{id}"
        case .updateDrink: "PUT /admin/drinks/{id}"
        case .deleteDrink: "DELETE /admin/drinks/{id}"
        case .cancelOrder: "POST /orders/{id}/cancel"
        case .placeOrderForGuest: "POST /admin/orders"
        case .changeSettings: "PUT /admin/settings"
        case .register: "POST /register"
        case .signIn: "POST /auth/login"
        case .refresh: "POST /auth/refresh"
        case .signOut: "POST /auth/logout"
        case .changePassword: "POST /auth/password"
        case .issueCode: "POST /admin/registration-codes"
        case .revokeCode: "DELETE /admin/registration-codes/{code}"
        case .revealCodes: "GET /admin/registration-codes"
        case .joinCode: "GET /admin/join-code"
        case .issueKey: "POST /admin/api-keys"
        case .disableKey: "DELETE /admin/api-keys/{id}"
        case .addAccount: "POST /admin/accounts"
        case .removeAccount: "DELETE /admin/accounts/{id}"
        case .setPassword: "PUT /admin/accounts/{id}/password"
        case .disableGuest: "POST /admin/guests/{id}/disable"
        case .rotateSigning: "barback key rotate-signing"
        case .reportUsage: "usage"
        case .forgetGuest: "DELETE /admin/guests/{id}"
        case .describeLog: "GET /admin/status"
        case .grantUpload: "POST /admin/images/upload-url"
        case .storeImage: "PUT /images/uploads/{name}"
        }
    }

    /// Who may ask for it.
    public var audience: Audience {
        switch self {
        case .register, .signIn, .refresh, .reportUsage: .anyone
        // Whoever has the grant.
        case .storeImage: .anyone
        // With a token or, where that has ended, with the refresh token in the body.
        case .signOut: .anyone
        case .placeOrder, .cancelOrder: .guests
        case .markIngredient, .acceptOrders, .changeOrderStatus, .placeOrderForGuest, .joinCode,
            .describeLog:
            .bar
        case .createSection, .createDrink, .updateSection, .deleteSection, .updateDrink,
            .deleteDrink, .changeSettings, .issueCode, .revokeCode, .revealCodes, .issueKey,
            .disableKey, .addAccount, .removeAccount, .setPassword, .disableGuest, .forgetGuest,
            .grantUpload:
            .admins
        case .changePassword: .staff
        case .rotateSigning: .commandLine
        }
    }
}
