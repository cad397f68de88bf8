internal import Glibc

/// The environment this process was started with.
///
/// Nobody changes it later, so any thread may ask.
public enum Environment {
    /// The value of a variable, or nil when it is not set.
    ///
    /// Set to nothing is "".
    public static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Every variable as `NAME=value`.
    static var all: [String] {
        var lines: [String] = []
        var next = environ
        while let line = next.pointee {
            lines.append(String(cString: line))
            next += 1
        }
        return lines
    }
}
