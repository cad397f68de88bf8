public import Domain
internal import JSON

/// Whom a bar believes besides itself: an identity provider elsewhere, as the host has named it.
public struct OutsideSettings: Equatable, Sendable {
    /// The provider's address, exactly as it writes it itself.
    public let issuer: String
    /// The name under which the provider knows the bar.
    public let audience: String
    /// The claim that lists a person's groups.
    public let groupsClaim: String
    /// The group whose members are administrators here.
    public let adminGroup: String

    public init(issuer: String, audience: String, groupsClaim: String, adminGroup: String) {
        self.issuer = issuer
        self.audience = audience
        self.groupsClaim = groupsClaim
        self.adminGroup = adminGroup
    }
}

/// An identity provider's keys as they were fetched: the file `run/oidc.json`.
///
///     {"issuer": ..., "audience": ..., "groups_claim": ..., "admin_group": ..., "fetched_at": SECONDS, "keys": [...]}
public struct OutsideProvider: Equatable, Sendable {
    /// The longest that keys are believed after they were fetched: a day.
    ///
    /// A provider that takes a key back is heard at the latest then, also where it cannot be reached.
    public static let longestSeconds: Int64 = 24 * 3_600

    public let settings: OutsideSettings
    public let keys: KeySet
    let fetched: Int64

    public init(_ settings: OutsideSettings, keys: KeySet, fetchedAt time: Time) {
        self.settings = settings
        self.keys = keys
        fetched = time.seconds
    }

    /// Reads the file's form; nil for anything else.
    public init?(json: [UInt8]) {
        guard let keys = KeySet(json: json), let file = try? JSONValue(parsing: json).object,
            let audience = file["audience"]?.string, !audience.isEmpty,
            let groupsClaim = file["groups_claim"]?.string, !groupsClaim.isEmpty,
            let adminGroup = file["admin_group"]?.string, !adminGroup.isEmpty,
            let fetched = file["fetched_at"]?.integer, knownSeconds.contains(fetched)
        else { return nil }
        settings = OutsideSettings(
            issuer: keys.issuer, audience: audience, groupsClaim: groupsClaim,
            adminGroup: adminGroup)
        self.keys = keys
        self.fetched = fetched
    }

    public var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("issuer", settings.issuer)
            json.member("audience", settings.audience)
            json.member("groups_claim", settings.groupsClaim)
            json.member("admin_group", settings.adminGroup)
            json.member("fetched_at", fetched)
            keys.write(to: &json)
        }
        return json.bytes
    }

    /// When the keys were fetched, in whole seconds.
    public var fetchedAt: Time { Time(seconds: fetched) }

    /// Whether the keys are still to be believed.
    public func isFresh(at now: Time) -> Bool {
        now < Time(seconds: fetched + Self.longestSeconds)
    }
}
