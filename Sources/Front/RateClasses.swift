internal import Wire

// Which buckets a route has. Two readings that answer one address share them.

extension Reading {
    var limited: LimitedRoute { LimitedRoute(name, .reading) }

    private var name: String {
        switch self {
        case .bar: "GET /bar"
        case .sections: "GET /sections"
        case .drinks, .search: "GET /drinks"
        case .ingredients: "GET /ingredients"
        case .drink: "GET /drinks/{id}"
        case .ownOrders: "GET /orders"
        case .order: "GET /orders/{id}"
        case .allDrinks: "GET /admin/drinks"
        case .anyDrink: "GET /admin/drinks/{id}"
        case .drinkHistory: "GET /admin/drinks/{id}/history"
        case .section: "GET /admin/sections/{id}"
        case .shelf: "GET /admin/ingredients"
        case .ingredient: "GET /admin/ingredients/{name}"
        case .queue: "GET /admin/orders"
        case .orderInFull: "GET /admin/orders/{id}"
        case .settings: "GET /admin/settings"
        case .allSections: "GET /admin/sections"
        case .ownBar: "GET /admin/bar"
        case .keys: "GET /admin/api-keys"
        case .accounts: "GET /admin/accounts"
        case .account: "GET /admin/accounts/{id}"
        case .guests: "GET /admin/guests"
        case .guest: "GET /admin/guests/{id}"
        }
    }
}

extension CommandRoute {
    var limited: LimitedRoute { LimitedRoute(text, traffic) }

    private var traffic: Traffic {
        switch self {
        case .createSection, .createDrink, .markIngredient, .acceptOrders, .placeOrder,
            .changeOrderStatus, .updateSection, .deleteSection, .updateDrink, .deleteDrink,
            .cancelOrder, .placeOrderForGuest, .changeSettings, .issueCode, .revokeCode,
            .revealCodes, .joinCode, .issueKey, .disableKey, .addAccount, .removeAccount,
            .setPassword, .disableGuest, .forgetGuest, .rotateSigning, .reportUsage, .refresh,
            .signOut, .describeLog, .grantUpload, .storeImage:
            .change
        case .register, .signIn, .changePassword: .entry
        }
    }
}
