public import Domain
public import System
public import Tokens

/// The file `run/oidc.json`, from which the front and the writer learn whom to believe.
public struct ProviderFile: Sendable {
    public let path: String

    public init(dataDirectory: String) { path = dataDirectory + "/run/oidc.json" }

    /// What is there; nil where nothing is, or nothing that can be read.
    public func read() -> OutsideProvider? {
        (try? Files.readAll(path, limit: 1 << 20)).flatMap { OutsideProvider(json: $0) }
    }

    /// Removes the file unless it is of these settings, and fresh.
    ///
    /// A provider that the host no longer names must be believed by nobody, from before the first request.
    public func keepOnly(_ settings: OutsideSettings?, at now: Time) throws(SystemError) {
        if let settings, let found = read(), found.settings == settings, found.isFresh(at: now) {
            return
        }
        try Files.remove(path)
    }

    func write(_ provider: OutsideProvider) throws(SystemError) {
        try Files.writeAtomically(provider.json, to: path, mode: 0o644)
    }
}
