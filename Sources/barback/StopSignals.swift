internal import System

extension Signals {
    /// For work that would leave something half made behind: all that ends a program politely, also
    /// the end of its terminal.
    static func toStop() throws(SystemError) -> Signals {
        try Signals([.terminate, .interrupt, .hangUp])
    }
}
