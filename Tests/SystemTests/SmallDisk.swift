import Foundation
import Glibc

/// A small file system in memory, mounted for one test.
final class SmallDisk {
    let path: String
    private let scratch: Scratch
    private var filler: String { path + "/filler" }

    static var isPossible: Bool {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        disk.remove()
        return true
    }

    init(megabytes: Int) throws {
        scratch = try Scratch()
        path = scratch("disk")
        mkdir(path, 0o700)
        guard mount("barback-test", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw Late(description: "no disk: \(String(cString: strerror(errno)))")
        }
    }

    /// Leaves not one byte.
    func fill() throws {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(file) }
        for size in [1 << 20, 4_096, 1] {
            let part = [UInt8](repeating: 0, count: size)
            while write(file, part, size) > 0 {}
        }
        guard errno == ENOSPC else { throw Late(description: "the disk does not fill") }
    }

    /// From here on nothing on it can be changed.
    func makeReadOnly() throws {
        guard mount("", path, "", UInt(MS_REMOUNT | MS_RDONLY), "") == 0 else {
            throw Late(description: "it stays writable: \(String(cString: strerror(errno)))")
        }
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }

    /// Whoever still has a file open keeps it until the end; the name is gone at once.
    func remove() { umount2(path, Int32(MNT_DETACH)) }
}
