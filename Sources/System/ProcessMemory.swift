internal import CLinux
internal import Glibc

/// How much memory a process holds, in bytes.
public struct ProcessMemory: Equatable, Sendable {
    /// All pages in memory, those shared with other processes included.
    public let resident: Int
    /// Pages that would be free if the process ended: the honest cost of one process of many.
    public let exclusive: Int

    /// Reads /proc/PID/smaps_rollup, or nil when the process is gone or another user's.
    ///
    /// Takes the kernel some tens of microseconds: for a status page, not for every request.
    public static func of(_ pid: Int32) -> ProcessMemory? {
        guard let bytes = try? Files.readAll("/proc/\(pid)/smaps_rollup", limit: 65_536) else {
            return nil
        }
        var resident = 0
        var exclusive = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count >= 2, let kilobytes = Int(String(decoding: words[1], as: UTF8.self))
            else { continue }
            switch String(decoding: words[0], as: UTF8.self) {
            case "Rss:": resident = kilobytes * 1024
            case "Private_Clean:", "Private_Dirty:": exclusive += kilobytes * 1024
            default: continue
            }
        }
        return ProcessMemory(resident: resident, exclusive: exclusive)
    }

    /// Lets go of the pages of code that only the start needed, a third of what a quiet process holds.
    ///
    /// They are the program's own file and come back from the page cache when they are used again.
    public static func forgetStart() { linux_forget_start() }

    /// Keeps what this process has in memory out of core dumps, and from other processes of the same user.
    ///
    /// Source: prctl(2), PR_SET_DUMPABLE.
    public static func keepSecret() throws(SystemError) {
        guard linux_keep_memory_secret() == 0 else { throw .last("keep", "this process's memory") }
    }
}
