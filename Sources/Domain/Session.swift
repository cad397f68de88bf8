/// The time between signing in and signing out: what a refresh token stands for.
public enum Session {
    public enum Event: Equatable, Sendable {
        case signedIn(AccountSignedIn)
        /// Of staff or of a guest.
        case ended(SessionID, EndReason)
    }

    public enum EndReason: String, CaseIterable, Sendable {
        case signedOut = "signed_out"
        /// An old refresh token came back: somebody else may hold a copy.
        case tokenReused = "token_reused"
    }

    /// Microseconds that a refresh token is good for, counted from signing in.
    public static let guestLifetime: Int64 = 7 * 86_400_000_000
    public static let staffLifetime: Int64 = 30 * 86_400_000_000
    /// Seconds that an access token is good for.
    public static let guestAccessSeconds: Int64 = 4 * 3_600
    public static let staffAccessSeconds: Int64 = 3_600
}

public struct AccountSignedIn: Equatable, Sendable {
    public let session: SessionID
    public let account: AccountID
    public let expires: Time

    public init(session: SessionID, account: AccountID, expires: Time) {
        self.session = session
        self.account = account
        self.expires = expires
    }
}
