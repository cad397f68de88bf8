/// Where a read model's files are: `models/NAME` holds the number of the live generation.
///
///     models/NAME                  the pointer: the live generation's number in decimal
///     models/NAME.gN.db            a generation, whole: the live one and the one before; -wal and -shm beside it
///     models/NAME.gN.unfinished    one that is being built, or was when its builder was killed
///     models/NAME.check-PID.db     what a process replays the log into, to compare it with the live one
///     run/NAME.sock                where the projector listens, see ``ProjectorMessage``
public struct ModelFiles: Sendable {
    public let name: String
    public let directory: String
    public let socket: String

    public init(_ name: String, dataDirectory: String) {
        self.name = name
        directory = dataDirectory + "/models"
        socket = "\(dataDirectory)/run/\(name).sock"
    }

    public var pointer: String { "\(directory)/\(name)" }
    public func path(generation: Int) -> String { "\(directory)/\(name).g\(generation).db" }
    public func unfinished(generation: Int) -> String {
        "\(directory)/\(name).g\(generation).unfinished"
    }
    /// Not named like a generation, so that nobody takes it for one.
    public func check(by process: Int32) -> String { "\(directory)/\(name).check-\(process).db" }

    /// What a generation's number may be: anything else is not ours.
    public static let numbers = 1...1_000_000_000

    /// The generation that a pointer's text names; nil when it is not one.
    public static func generation(fromPointer bytes: [UInt8]) -> Int? {
        Int(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
            .flatMap { numbers.contains($0) ? $0 : nil }
    }

    /// The generation of a whole file of this model; nil for other files.
    public func generation(ofFile file: String) -> Int? { number(in: file, before: ".db") }

    /// The generation that a whole file of this model or one beside it belongs to; nil for other files.
    public func generation(ofAnyFile file: String) -> Int? {
        for ending in [".db", ".db-wal", ".db-shm"] {
            if let number = number(in: file, before: ending) { return number }
        }
        return nil
    }

    /// Whether a file is a generation of this model that is not whole, or one that SQLite kept beside it.
    public func isUnfinished(_ file: String) -> Bool {
        ["", "-journal", "-wal", "-shm"].contains {
            number(in: file, before: ".unfinished" + $0) != nil
        }
    }

    /// The process that a check's file, or one beside it, belongs to; nil for other files.
    public func checker(ofFile file: String) -> Int? {
        for ending in [".db", ".db-journal", ".db-wal", ".db-shm"] {
            if let number = number(in: file, after: "check-", before: ending) { return number }
        }
        return nil
    }

    private func number(in file: String, after kind: String = "g", before ending: String) -> Int? {
        let start = "\(name).\(kind)"
        guard file.hasPrefix(start), file.hasSuffix(ending) else { return nil }
        let digits = file.dropFirst(start.count).dropLast(ending.count)
        // Only as it is written here, or the number would name another file.
        guard let number = Int(digits), Self.numbers.contains(number), "\(number)" == digits else {
            return nil
        }
        return number
    }
}
