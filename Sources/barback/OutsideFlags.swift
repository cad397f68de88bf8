internal import Tokens
internal import WebClient

// Whom the bar believes besides itself; `serve` and the subscriber take the same flags.
extension Flag {
    static let oidcIssuer = Flag(
        "oidc-issuer", "URL",
        "also let in administrators by an OpenID Connect provider's\n"
            + "access tokens (Cognito, Keycloak); its issuer, as it writes it",
        variable: "BARBACK_OIDC_ISSUER")
    static let oidcAudience = Flag(
        "oidc-audience", "NAME", "what the provider calls the bar: audience or client id",
        variable: "BARBACK_OIDC_AUDIENCE")
    static let oidcGroupsClaim = Flag(
        "oidc-groups-claim", "NAME", "the claim with a person's groups (default: cognito:groups)",
        variable: "BARBACK_OIDC_GROUPS_CLAIM")
    static let oidcAdminGroup = Flag(
        "oidc-admin-group", "NAME", "the group whose members are administrators",
        variable: "BARBACK_OIDC_ADMIN_GROUP")

    static let oidc = [oidcIssuer, oidcAudience, oidcGroupsClaim, oidcAdminGroup]
}

extension Arguments {
    /// What the flags say of an identity provider; nil where none is named.
    func outsideSettings() throws(UsageError) -> OutsideSettings? {
        guard let issuer = text(.oidcIssuer) else {
            for flag in Flag.oidc {
                guard let (_, source) = textAndSource(flag) else { continue }
                throw UsageError("\(source) is of no use without --\(Flag.oidcIssuer.name)")
            }
            return nil
        }
        guard webClientVersion != nil else {
            throw UsageError("\(Flag.oidcIssuer.shape) needs libcurl; install the package libcurl4")
        }
        _ = try value(.oidcIssuer, "an https address, such as https://id.example.org/realms/bar") {
            $0.contains("?") ? nil : WebAddress($0)
        }
        guard let audience = text(.oidcAudience), let adminGroup = text(.oidcAdminGroup) else {
            let missing = text(.oidcAudience) == nil ? Flag.oidcAudience : .oidcAdminGroup
            throw UsageError("--\(Flag.oidcIssuer.name) needs \(missing.shape) beside it")
        }
        return OutsideSettings(
            issuer: issuer, audience: audience,
            groupsClaim: text(.oidcGroupsClaim) ?? "cognito:groups", adminGroup: adminGroup)
    }

    /// The flags that a child of `serve` is given.
    static func flags(of settings: OutsideSettings) -> [String] {
        [
            "--\(Flag.oidcIssuer.name)=\(settings.issuer)",
            "--\(Flag.oidcAudience.name)=\(settings.audience)",
            "--\(Flag.oidcGroupsClaim.name)=\(settings.groupsClaim)",
            "--\(Flag.oidcAdminGroup.name)=\(settings.adminGroup)",
        ]
    }
}
