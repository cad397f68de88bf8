internal import Domain
internal import JSON
internal import Tokens
internal import WebClient

/// Asks an identity provider for its keys. Source: OpenID Connect Discovery 1.0, section 4
struct ProviderFetch {
    /// Why there are no keys, in one sentence without a full stop.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let description: String

        init(_ sentence: String) { description = sentence }
    }

    let settings: OutsideSettings
    /// Asked while waiting for the provider.
    var isCancelled: () -> Bool = { false }

    private static let mostBytes = 262_144

    /// The provider's keys as they are now.
    ///
    /// Its description must name the issuer exactly as the host did, so that nobody answers for somebody else, and
    /// keep its keys at an https address; plain http is for a provider on this machine alone.
    func fetch(at now: Time) throws(Failure) -> OutsideProvider {
        var base = settings.issuer[...]
        while base.last == "/" { base = base.dropLast() }
        let description = try get(base + "/.well-known/openid-configuration")
        guard let members = try? JSONValue(parsing: description.bytes).object,
            let issuer = members["issuer"]?.string, let keysAddress = members["jwks_uri"]?.string
        else {
            throw Failure("\(description.address) is no description of a provider")
        }
        guard issuer.utf8.elementsEqual(settings.issuer.utf8) else {
            throw Failure(
                "\(description.address) describes another issuer; give --oidc-issuer "
                    + "exactly as the provider writes it")
        }
        let set = try get(keysAddress, mayBeLoopback: description.address.isLoopback)
        guard let keys = KeySet(json: set.bytes, issuer: settings.issuer) else {
            throw Failure("\(set.address) is no set of keys")
        }
        guard !keys.isEmpty else {
            throw Failure("\(set.address) has no key for ES256 or RS256")
        }
        return OutsideProvider(settings, keys: keys, fetchedAt: now)
    }

    private func get(
        _ text: some StringProtocol, mayBeLoopback: Bool = true
    ) throws(Failure) -> (address: WebAddress, bytes: [UInt8]) {
        guard let address = WebAddress(String(text)), mayBeLoopback || !address.isLoopback else {
            throw Failure(
                "the provider names an address that is not asked; it must be https")
        }
        do throws(WebError) {
            let bytes = try WebClient.get(
                address, mostBytes: Self.mostBytes, isCancelled: isCancelled)
            return (address, bytes)
        } catch {
            throw Failure("cannot fetch \(address): \(error)")
        }
    }
}
