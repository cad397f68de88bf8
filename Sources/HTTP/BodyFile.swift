import CMicrohttpd
import Glibc

/// A file that a request's body goes into while it comes, so that it is never whole in memory.
///
/// It is made by the handler when it admits the request, and removed with the last reference to it: when the request
/// has been answered, its client has left, or its body was refused. Who needs it longer opens it meanwhile.
public final class BodyFile {
    public let path: String
    /// Bytes written so far.
    public private(set) var count = 0
    private let descriptor: Int32

    /// Makes the file, for this user alone (0600); a link of that name is not followed.
    ///
    /// - Throws: ``BodyFileError``.
    public init(path: String) throws(BodyFileError) {
        descriptor = cmhd_create_file(path)
        guard descriptor >= 0 else {
            let code = errno
            throw code == EEXIST ? .exists : .failed(String(cString: strerror(code)))
        }
        self.path = path
    }

    /// False if the disk takes no more.
    func append(_ part: UnsafeRawBufferPointer) -> Bool {
        var rest = part
        while !rest.isEmpty {
            let written = write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            count += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return true
    }

    deinit {
        _ = close(descriptor)
        _ = unlink(path)
    }
}

/// Why there is no file for a body.
public enum BodyFileError: Error, Equatable {
    /// Something has that name already.
    case exists
    /// The kernel's reason.
    case failed(String)
}
