internal import CSQLite

/// SQLite said no: what it was asked and what it answered.
public struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code. Source: https://sqlite.org/rescode.html
    public let code: Int32
    public let message: String
    /// The statement or the path at hand.
    public let subject: String

    public init(code: Int32, message: String, subject: String) {
        self.code = code
        self.message = message
        self.subject = subject
    }

    public var description: String { "SQLite error \(code), \(message): \(subject)" }

    private var primary: Int32 { code & 0xFF }

    /// No room left on the disk; the transaction was rolled back and may be tried again.
    public var isDiskFull: Bool { primary == SQLITE_FULL }
    /// The kernel could not write or sync: what is on the disk now is unknown.
    public var isBrokenDisk: Bool { primary == SQLITE_IOERR }
    public var isCorrupt: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
    public var isBusy: Bool { primary == SQLITE_BUSY }
    /// A read-only process met a writer at the wrong moment; trying again finds the right one.
    var isMoment: Bool {
        code == csqlite_readonly_recovery() || code == csqlite_readonly_cantinit()
    }
    public var isConstraint: Bool { primary == SQLITE_CONSTRAINT }
    public var isCannotOpen: Bool { primary == SQLITE_CANTOPEN }
    /// May lie in what the file holds, so that another file may do: not in the disk, in rights or in other processes.
    ///
    /// One flipped byte in a schema's text is not even corrupt to SQLite: it says "no such column".
    public var isOfFile: Bool {
        switch primary {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_PERM,
            SQLITE_READONLY, SQLITE_AUTH:
            false
        default: true
        }
    }
}
