internal import Glibc

/// Who runs this process.
public enum Users {
    /// The effective user's id.
    public static var own: UInt32 { geteuid() }

    /// The effective user's login name, or the number where it has none.
    public static var ownName: String { name(of: geteuid()) }

    /// A user's login name, or the number where there is none.
    public static func name(of user: UInt32) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "\(user)" }
        return String(cString: name)
    }
}
