internal import CLinux
internal import Glibc

/// Takes rights away from this process for good: what is not named can no longer be opened.
///
/// Source: https://docs.kernel.org/userspace-api/landlock.html
///
///     ABI 1  opening, reading, writing, listing, making, removing, executing     Linux 5.13
///         2  renaming and linking between directories (before: always refused)  5.19
///         3  truncate(2)                                                         6.2
///         4  TCP connect and bind                                                6.7
///         5  ioctl on devices                                                    6.10
///         6  abstract sockets and signals to processes outside                   6.12
///
/// Not covered by any of them: chmod and chown, stat, connecting to a Unix socket by its path, UDP. Descriptors
/// that are open already keep working.
public enum Landlock {
    /// What the kernel at hand could be held to.
    public struct Coverage: Equatable, Sendable, CustomStringConvertible {
        /// 0 when the kernel has no Landlock, and then nothing is restricted.
        public let abi: Int
        /// Paths that did not exist, so nothing was allowed on them.
        public let missing: [String]
        /// Whether outgoing TCP was to be refused.
        public let connectWasDenied: Bool

        public var isEnforced: Bool { abi >= 1 }
        /// Below ABI 3 a file can still be emptied by truncate(2), though not opened.
        public var coversTruncate: Bool { abi >= 3 }
        /// TCP connections to the outside are refused.
        public var coversConnect: Bool { abi >= 4 && connectWasDenied }

        public var description: String {
            guard isEnforced else { return "no Landlock in this kernel" }
            let truncate = coversTruncate ? "" : ", truncate not covered"
            let connect = connectWasDenied && !coversConnect ? ", connect not covered" : ""
            return "Landlock ABI \(abi)\(truncate)\(connect)"
        }
    }

    /// The kernel's ABI number, 0 without Landlock.
    public static var abi: Int { max(0, Int(linux_landlock_abi())) }

    /// Restricts the calling thread, and every thread and child it starts from now on, until they end.
    ///
    /// Call it **before other threads start**: those that run already keep all their rights. A path is a directory
    /// with all below it, or one file; a missing one is skipped and named in the answer. Executing is refused
    /// everywhere, also of new programs with more rights (no_new_privs). The caller names what its libraries read
    /// later ("/usr/share/zoneinfo", "/etc/localtime"), or has them read it before.
    ///
    /// `read` may be opened for reading and listed; `readWrite` also made, written, emptied, renamed and removed,
    /// and sockets may be bound there. `denyConnect` refuses outgoing TCP, where the kernel can (ABI 4).
    public static func restrict(read: [String], readWrite: [String], denyConnect: Bool)
        throws(SystemError) -> Coverage
    {
        let abi = abi
        guard abi >= 1 else { return Coverage(abi: 0, missing: [], connectWasDenied: denyConnect) }
        let known = Access.known(abi)
        var rules = linux_landlock_rules()
        rules.handled_access_fs = known
        if abi >= 4, denyConnect { rules.handled_access_net = Access.connectTCP }
        if abi >= 6 { rules.scoped = Access.abstractSockets | Access.signals }
        let raw = linux_landlock_create(&rules, abi >= 6 ? 24 : abi >= 4 ? 16 : 8)
        guard raw >= 0 else { throw .last("make", "a Landlock rule set") }
        let ruleset = FileDescriptor(owning: raw)

        var missing: [String] = []
        for (paths, access) in [(read, Access.reading), (readWrite, Access.writing)] {
            for path in paths where try !allow(path, access & known, ruleset) {
                missing.append(path)
            }
        }
        guard linux_no_new_privileges() == 0 else { throw .last("give up", "new privileges") }
        guard linux_landlock_enter(ruleset.raw) == 0 else { throw .last("enter", "Landlock") }
        return Coverage(abi: abi, missing: missing, connectWasDenied: denyConnect)
    }

    private static func allow(
        _ path: String, _ access: UInt64, _ ruleset: borrowing FileDescriptor
    ) throws(SystemError) -> Bool {
        // O_PATH, which Swift's importer does not see without _GNU_SOURCE.
        let raw = uninterrupted { open(path, 0o10000000 | O_CLOEXEC) }
        if raw < 0 {
            if errno == ENOENT { return false }
            throw .last("allow", path)
        }
        let place = FileDescriptor(owning: raw)
        var status = stat()
        guard fstat(place.raw, &status) == 0 else { throw .last("allow", path) }
        // The kernel refuses rights of directories on a file.
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let granted = isDirectory ? access : access & Access.ofFiles
        guard linux_landlock_allow(ruleset.raw, place.raw, granted) == 0 else {
            throw .last("allow", path)
        }
        return true
    }

    /// The kernel's bits; spelled out because Debian 12's header ends at ABI 2.
    private enum Access {
        static let execute: UInt64 = 1 << 0
        static let writeFile: UInt64 = 1 << 1
        static let readFile: UInt64 = 1 << 2
        static let readDirectory: UInt64 = 1 << 3
        static let removeDirectory: UInt64 = 1 << 4
        static let removeFile: UInt64 = 1 << 5
        static let makeDirectory: UInt64 = 1 << 7
        static let makeFile: UInt64 = 1 << 8
        static let makeSocket: UInt64 = 1 << 9
        static let refer: UInt64 = 1 << 13
        static let truncate: UInt64 = 1 << 14
        static let deviceControl: UInt64 = 1 << 15

        static let connectTCP: UInt64 = 1 << 1
        static let abstractSockets: UInt64 = 1 << 0
        static let signals: UInt64 = 1 << 1

        static let reading = readFile | readDirectory
        static let writing =
            reading | writeFile | truncate | makeFile | makeDirectory | makeSocket | removeFile
            | removeDirectory | refer
        static let ofFiles = execute | writeFile | readFile | truncate | deviceControl

        /// Everything a kernel of this ABI can refuse; later ones are held to what we know.
        static func known(_ abi: Int) -> UInt64 {
            switch abi {
            case ..<2: (1 << 13) - 1
            case 2: (1 << 14) - 1
            case 3, 4: (1 << 15) - 1
            default: (1 << 16) - 1
            }
        }
    }
}
