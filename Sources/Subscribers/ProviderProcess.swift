internal import Domain
internal import System
public import Tokens

/// The process `barback subscriber oidc`: keeps an identity provider's keys in `run/`.
///
/// It alone asks the provider; the front makes no connection outwards.
public struct ProviderProcess: Sendable {
    private let settings: OutsideSettings
    private let dataDirectory: String

    public init(_ settings: OutsideSettings, dataDirectory: String) {
        self.settings = settings
        self.dataDirectory = dataDirectory
    }

    /// How long to wait after so many failures in a row: 1 s, twice as long each time, at most ten minutes.
    static func pauseSeconds(afterFailures failures: Int) -> UInt64 {
        failures == 0 ? 600 : min(600, 1 << UInt64(min(failures - 1, 10)))
    }

    /// Runs until SIGTERM.
    ///
    /// Fetches every ten minutes, and sooner when the file is missing. While the provider fails, the last keys stay
    /// for a day.
    public func run() throws {
        try Files.makeDirectory(dataDirectory + "/run")
        let signals = try Signals([.terminate, .interrupt])
        let file = ProviderFile(dataDirectory: dataDirectory)
        try file.keepOnly(settings, at: now)
        ProcessMemory.forgetStart()
        Readiness.announce()
        var isStopped = false
        let fetch = ProviderFetch(settings: settings) {
            isStopped = isStopped || signals.next() != nil
            return isStopped
        }
        var failures = 0
        while !isStopped {
            do {
                let provider = try fetch.fetch(at: now)
                try file.write(provider)
                if failures > 0 { say("\(settings.issuer) has answered again") }
                failures = 0
            } catch {
                guard !isStopped else { return }
                if failures == 0 { say("\(error)") }
                failures += 1
            }
            try file.keepOnly(settings, at: now)
            isStopped = isStopped || pause(afterFailures: failures, signals, file)
        }
    }

    /// Waits; true when asked to stop.
    private func pause(
        afterFailures failures: Int, _ signals: Signals, _ file: ProviderFile
    ) -> Bool {
        let pause = Self.pauseSeconds(afterFailures: failures) * 1_000_000_000
        let end = Clock.monotonicNanoseconds() + pause
        while Clock.monotonicNanoseconds() < end {
            if signals.wait(timeoutMilliseconds: 1_000) != nil { return true }
            // Somebody has removed it: not a failure, so nothing to wait for.
            if failures == 0, !Files.exists(file.path) { return false }
        }
        return false
    }

    private var now: Time { Time(microseconds: Clock.wallMicroseconds()) }

    private func say(_ sentence: String) {
        Standard.error("barback subscriber oidc: \(sentence)\n")
    }
}
