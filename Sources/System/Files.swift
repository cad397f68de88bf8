internal import CLinux
internal import Glibc
internal import Synchronization

/// Files and directories by path.
public enum Files {
    private static let temporaries = Atomic<Int>(0)

    /// Makes a directory and, if asked, those above it; fine when it is there already.
    ///
    /// An existing directory keeps its mode.
    public static func makeDirectory(
        _ path: String, mode: UInt32 = 0o700, recursive: Bool = true
    ) throws(SystemError) {
        if mkdir(path, mode) == 0 { return }
        let code = errno
        if code == EEXIST, isDirectory(path) { return }
        let parent = parent(of: path)
        guard code == ENOENT, recursive, parent != path else {
            throw SystemError("make the directory", path, code: code)
        }
        try makeDirectory(parent, mode: mode)
        try makeDirectory(path, mode: mode, recursive: false)
    }

    /// Makes a directory that is not there yet.
    ///
    /// - Returns: false when the name is taken.
    public static func makeNewDirectory(
        _ path: String, mode: UInt32 = 0o700
    ) throws(SystemError) -> Bool {
        if mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw .last("make the directory", path) }
        return false
    }

    /// Makes a directory of a name that nobody else has, mode 0700, in $TMPDIR or /tmp.
    public static func makeTemporaryDirectory(_ prefix: String) throws(SystemError) -> String {
        let parent = Environment.value("TMPDIR") ?? ""
        var template = Array("\(parent.isEmpty ? "/tmp" : parent)/\(prefix)-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard made else { throw .last("make the directory", path) }
        return path
    }

    public static func exists(_ path: String) -> Bool { status(path) != nil }

    public static func isDirectory(_ path: String) -> Bool {
        guard let status = status(path) else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is a directory whose files this user may open, though perhaps not list.
    ///
    /// - Throws: ``SystemError`` where something else is in its way: a file, or missing rights.
    public static func isOpenDirectory(_ path: String) throws(SystemError) -> Bool {
        var status = stat()
        if stat(path + "/.", &status) == 0 { return true }
        guard errno == ENOENT else { throw .last("use", path) }
        return false
    }

    /// Tells a file or directory from every other that is there or still open, whatever they are called.
    public struct Identity: Equatable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    /// What is at a path just now, or nil when there is nothing.
    public static func identity(_ path: String) -> Identity? {
        status(path).map { Identity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
    }

    /// Tells a file that is only ever replaced whole from those that were there before it.
    ///
    /// Where a file is replaced twice, the third may get the inode of the first, so the identity alone says too little.
    public struct Stamp: Equatable, Sendable {
        let identity: Identity
        let size: Int
        /// When it was written and when it got its name, in nanoseconds.
        let written: Int
        let changed: Int
    }

    /// What is at a path just now, or nil when there is nothing.
    public static func stamp(_ path: String) -> Stamp? {
        guard let status = status(path) else { return nil }
        func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
        return Stamp(
            identity: Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: Int(status.st_size), written: nanoseconds(status.st_mtim),
            changed: nanoseconds(status.st_ctim))
    }

    /// Whether this user may make files in a directory.
    public static func mayWrite(in directory: String) -> Bool {
        access(directory, W_OK | X_OK) == 0
    }

    /// A symbolic link, wherever it leads.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether something is mounted at a path, so that it cannot be renamed; false before Linux 5.8.
    public static func isMountPoint(_ path: String) -> Bool { linux_is_mount_point(path) == 1 }

    /// The path itself, or the nearest above it that is there.
    public static func nearest(_ path: String) -> String {
        var place = path
        while !exists(place), place != parent(of: place) { place = parent(of: place) }
        return place
    }

    /// Whether a path, whose end may not be there yet, is a directory or lies in it, by whatever name.
    public static func leads(_ path: String, into directory: String) -> Bool {
        guard let wanted = status(directory) else { return false }
        var place = nearest(path)
        while let here = status(place) {
            if here.st_ino == wanted.st_ino, here.st_dev == wanted.st_dev { return true }
            // The root is its own parent.
            guard let above = status(place + "/.."),
                above.st_ino != here.st_ino || above.st_dev != here.st_dev
            else { return false }
            place += "/.."
        }
        return false
    }

    /// Size in bytes, or nil when there is no such file.
    public static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

    /// The permission bits, such as 0o600, or nil when there is no such file.
    public static func mode(_ path: String) -> UInt32? { status(path).map { $0.st_mode & 0o7777 } }

    /// The id of the user who owns it, or nil when there is no such file.
    public static func owner(_ path: String) -> UInt32? { status(path).map { $0.st_uid } }

    /// The kind of file system that a path is on, where it is one over a network; nil for any other.
    ///
    /// Source: the magic numbers of statfs(2).
    public static func networkFileSystem(_ path: String) -> String? {
        switch linux_file_system(path) {
        case 0x6969: "NFS"
        case 0x517B: "SMB"
        case 0xFF53_4D42: "CIFS"
        case 0xFE53_4D42: "SMB2"
        case 0x0102_1997: "9P"
        case 0x00C3_6400: "Ceph"
        case 0x5346_414F: "AFS"
        case 0x7375_7245: "Coda"
        case 0x0116_1970: "GFS2"
        default: nil
        }
    }

    /// Opens an existing file for reading.
    public static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        let raw = uninterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC) }
        guard raw >= 0 else { throw .last("open", path) }
        return FileDescriptor(owning: raw)
    }

    /// The whole file.
    ///
    /// - Throws: ``SystemError`` with EFBIG when it holds more than `limit` bytes.
    public static func readAll(_ path: String, limit: Int = 16 << 20)
        throws(SystemError) -> [UInt8]
    {
        let file = try open(path)
        var bytes: [UInt8] = []
        while true {
            let before = bytes.count
            do {
                guard case .bytes = try file.read(appendingTo: &bytes) else { return bytes }
            } catch {
                throw SystemError("read", path, code: error.code)
            }
            guard before < limit, bytes.count <= limit else {
                throw SystemError("read", path, code: EFBIG, reason: "it is over \(limit) bytes")
            }
        }
    }

    /// The whole of a regular file; a symbolic link is not followed, and nothing else is waited for.
    ///
    /// For files that somebody less trusted has made.
    /// - Throws: ``SystemError``: ELOOP for a link, EINVAL for any other thing, EFBIG for more than `limit` bytes.
    public static func readRegular(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let raw = uninterrupted { Glibc.open(path, flags) }
        guard raw >= 0 else { throw .last("open", path) }
        let file = FileDescriptor(owning: raw)
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw .last("look at", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SystemError("read", path, code: EINVAL, reason: "it is not a regular file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, Int(status.st_size)))
        while true {
            do {
                guard case .bytes = try file.read(appendingTo: &bytes) else { return bytes }
            } catch {
                throw SystemError("read", path, code: error.code)
            }
            guard bytes.count <= limit else {
                throw SystemError("read", path, code: EFBIG, reason: "it is over \(limit) bytes")
            }
        }
    }

    /// Seconds since a file was last written to, or nil when there is no such file.
    public static func ageSeconds(_ path: String) -> Int? {
        status(path).map { max(0, time(nil) - $0.st_mtim.tv_sec) }
    }

    /// Replaces a file so that every reader, also after a power cut, finds the old or the new content whole.
    ///
    /// `durable: false` leaves out both fsyncs, for files that are rewritten at every start.
    public static func writeAtomically(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, durable: Bool = true
    ) throws(SystemError) {
        let number = temporaries.wrappingAdd(1, ordering: .relaxed).newValue
        let temporary = "\(path).\(getpid()).\(number).tmp"
        do throws(SystemError) {
            try create(temporary, bytes, mode: mode, durable: durable)
            guard Glibc.rename(temporary, path) == 0 else { throw .last("replace", path) }
        } catch {
            _ = unlink(temporary)
            throw error
        }
        if durable { try fsyncDirectory(parent(of: path)) }
    }

    /// Removes a file.
    ///
    /// - Returns: false when there was none.
    @discardableResult
    public static func remove(_ path: String) throws(SystemError) -> Bool {
        if unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw .last("remove", path) }
        return false
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else { throw .last("list", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            // The name is a C array inside the entry, which a Swift tuple would copy.
            let field = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let name = String(cString: field.assumingMemoryBound(to: CChar.self))
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .last("list", directory) }
        return names.sorted()
    }

    /// Gives a file or directory another name, in the same file system.
    ///
    /// What is there under the new name must be a file, or an empty directory for a directory, and is replaced.
    public static func rename(_ path: String, to other: String) throws(SystemError) {
        guard Glibc.rename(path, other) == 0 else { throw .last("rename \(path) to", other) }
    }

    /// Copies one file to a name that is free, and syncs it.
    public static func copy(
        _ path: String, to other: String, mode: UInt32 = 0o600
    ) throws(SystemError) {
        let source = try open(path)
        let raw = uninterrupted { Glibc.open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
        guard raw >= 0 else { throw .last("create", other) }
        let copy = FileDescriptor(owning: raw)
        while true {
            var piece: [UInt8] = []
            do {
                guard case .bytes = try source.read(appendingTo: &piece, limit: 1 << 18) else {
                    break
                }
            } catch {
                throw SystemError("read", path, code: error.code)
            }
            do { try copy.writeAll(piece) } catch {
                throw SystemError("write", other, code: error.code)
            }
        }
        guard fchmod(raw, mode) == 0 else { throw .last("change the mode of", other) }
        guard uninterrupted({ Glibc.fsync(raw) }) == 0 else { throw .last("sync", other) }
    }

    /// Has what was written to a file survive a power cut.
    public static func fsync(_ path: String) throws(SystemError) {
        let file = try open(path)
        guard uninterrupted({ Glibc.fsync(file.raw) }) == 0 else { throw .last("sync", path) }
    }

    /// Removes a directory with all that is in it; fine when there is none.
    ///
    /// A symbolic link in it is removed, not followed.
    public static func removeTree(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last("remove", path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            try remove(path)
            return
        }
        for name in try list(path) { try removeTree(path + "/" + name) }
        guard rmdir(path) == 0 else { throw .last("remove", path) }
    }

    /// Paths of all regular files below a directory, relative to it and sorted; none where there is no directory.
    ///
    /// - Throws: ``SystemError`` for anything that is neither file nor directory.
    public static func tree(_ directory: String) throws(SystemError) -> [String] {
        guard exists(directory) else { return [] }
        var paths: [String] = []
        for name in try list(directory) {
            let path = directory + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else {
                // Removed since it was listed.
                if errno == ENOENT { continue }
                throw .last("look at", path)
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: paths.append(name)
            case S_IFDIR: paths += try tree(path).map { name + "/" + $0 }
            default:
                throw SystemError(
                    "copy", path, code: EINVAL, reason: "it is neither a file nor a directory")
            }
        }
        return paths
    }

    /// Bytes that this user may still write on the disk that a path is on.
    public static func freeBytes(_ path: String) throws(SystemError) -> Int64 {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { throw .last("ask for the free room of", path) }
        return Int64(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
    }

    /// Makes creations, renames and removals in a directory survive a power cut.
    public static func fsyncDirectory(_ path: String) throws(SystemError) {
        let raw = uninterrupted { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard raw >= 0 else { throw .last("open", path) }
        let directory = FileDescriptor(owning: raw)
        guard uninterrupted({ Glibc.fsync(directory.raw) }) == 0 else { throw .last("sync", path) }
    }

    public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        guard chmod(path, mode) == 0 else { throw .last("change the mode of", path) }
    }

    /// Takes permissions away from every file this process makes from now on; 0o077 leaves the owner's alone.
    public static func setUmask(_ mask: UInt32) { _ = umask(mask) }

    /// The directory a path stands in; "." for a bare name.
    public static func parent(of path: String) -> String {
        let trimmed = path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/")
        let whole = trimmed ? path.dropLast() : Substring(path)
        guard let slash = whole.lastIndex(of: "/") else { return "." }
        return slash == whole.startIndex ? "/" : String(whole[..<slash])
    }

    private static func create(_ path: String, _ bytes: [UInt8], mode: UInt32, durable: Bool)
        throws(SystemError)
    {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let raw = uninterrupted { Glibc.open(path, flags, mode) }
        guard raw >= 0 else { throw .last("create", path) }
        let file = FileDescriptor(owning: raw)
        do {
            try file.writeAll(bytes)
        } catch {
            throw SystemError("write", path, code: error.code)
        }
        // The umask may have taken bits that were asked for.
        guard fchmod(raw, mode) == 0 else { throw .last("change the mode of", path) }
        guard !durable || uninterrupted({ Glibc.fsync(raw) }) == 0 else {
            throw .last("sync", path)
        }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
