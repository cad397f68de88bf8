/// What `barback --version` says.
enum Version {
    static let number = "0.1.0"
    /// The newest log format that this release reads and the one it writes; a test holds it to the event store's.
    static let logFormat: Int64 = 1

    static let text = "barback \(number) (log format \(logFormat))\n"
}
