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

    public static func exists(_ path: String) -> Bool { status(path) != nil }

    public static func isDirectory(_ path: String) -> Bool {
        guard let status = status(path) else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Size in bytes, or nil when there is no such file.
    public static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

    /// The permission bits, such as 0o600, or nil when there is no such file.
    public static func mode(_ path: String) -> UInt32? { status(path).map { $0.st_mode & 0o7777 } }

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

    /// Gives a file another name in the same directory; see ``fsyncDirectory(_:)``.
    public static func rename(_ path: String, to other: String) throws(SystemError) {
        guard Glibc.rename(path, other) == 0 else { throw .last("rename", path) }
    }

    /// Makes what was written to a file, by whomever, survive a power cut.
    public static func sync(_ path: String) throws(SystemError) {
        let file = try open(path)
        guard uninterrupted({ fsync(file.raw) }) == 0 else { throw .last("sync", path) }
    }

    /// Makes creations, renames and removals in a directory survive a power cut.
    public static func fsyncDirectory(_ path: String) throws(SystemError) {
        let raw = uninterrupted { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard raw >= 0 else { throw .last("open", path) }
        let directory = FileDescriptor(owning: raw)
        guard uninterrupted({ fsync(directory.raw) }) == 0 else { throw .last("sync", path) }
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
        guard !durable || uninterrupted({ fsync(raw) }) == 0 else { throw .last("sync", path) }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
