internal import EventStore
internal import HTTP
internal import Projectors
internal import SQLite
internal import System

/// What an error means for whoever started the program.
struct Ending: Equatable {
    /// Without a full stop; says what to do.
    let sentence: String
    let code: ExitCode
    /// Starting the same again would end the same.
    let isHopeless: Bool

    init(_ sentence: String, _ code: ExitCode = .failure, isHopeless: Bool = false) {
        self.sentence = sentence
        self.code = code
        self.isHopeless = isHopeless
    }

    init(of error: any Error) {
        switch error {
        case let error as UsageError: self.init(error.sentence, .usage, isHopeless: true)
        case let error as Refused: self.init(error.sentence, isHopeless: true)
        case let error as SystemError: self.init(error)
        case let error as SQLiteError: self.init(error)
        case LogError.sqlite(let error): self.init(error)
        case LogError.missing(let path) where Files.exists(path):
            self.init(
                "cannot open \(path); see that it and its directory belong to the user who runs "
                    + "barback", isHopeless: true)
        case let error as LogError: self.init("\(error)", isHopeless: error.isHopeless)
        case let error as HTTPError: self.init("\(error)", isHopeless: true)
        case Projection.Failure.notAlone: self.init("\(error)", isHopeless: true)
        default: self.init("\(error)")
        }
    }

    private init(_ error: SystemError) {
        // Where we chose the words ourselves, a person has to mend it.
        let isHopeless = error.reason != nil || error.isDenied || error.isReadOnlyDisk
        let advice =
            switch error {
            case _ where error.reason != nil: ""
            case _ where error.isDenied:
                "; give the user who runs barback access to it, or choose another directory"
            case _ where error.isReadOnlyDisk:
                "; mount that disk for writing, or choose another directory"
            case _ where error.isDiskFull: "; make room and start again"
            default: ""
            }
        self.init("\(error)\(advice)", isHopeless: isHopeless)
    }

    private init(_ error: SQLiteError) {
        if error.isCannotOpen || error.isForbidden {
            self.init(
                "cannot use \(error.subject): \(error.message); see that it and its directory "
                    + "belong to the user who runs barback", isHopeless: true)
        } else if error.isDiskFull {
            self.init("the disk is full; make room and start again")
        } else if error.isBrokenDisk {
            self.init(
                "the disk does not read or write as it should (SQLite error \(error.code), "
                    + "\(error.message)); see what dmesg says of it, and start again")
        } else if error.isCorrupt {
            self.init("\(error); restore a backup", isHopeless: true)
        } else {
            self.init("\(error)")
        }
    }
}

/// A failure whose sentence is made here.
struct Refused: Error, Equatable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension SQLiteError {
    /// SQLITE_PERM, SQLITE_READONLY and SQLITE_AUTH.
    fileprivate var isForbidden: Bool { [3, 8, 23].contains(code & 0xFF) }
}

extension LogError {
    fileprivate var isHopeless: Bool {
        switch self {
        case .newerFormat, .damaged: true
        case .sqlite, .conflict, .notInCatalogue, .undecodable, .missing: false
        }
    }
}
