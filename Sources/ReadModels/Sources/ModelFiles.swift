/// Where a read model's files are: `models/NAME` holds the number of the live generation.
///
///     models/NAME                  the pointer: the live generation's number in decimal
///     models/NAME.gN.db            a generation, whole: the live one and the one before; -wal and -shm beside it
///     models/NAME.gN.unfinished    one that is being built, or was when its builder was killed
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

    /// The generation that a pointer's text names; nil when it is not one.
    public static func generation(fromPointer bytes: [UInt8]) -> Int? {
        Int(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
    }

    /// The generation of a whole file of this model; nil for other files.
    public func generation(ofFile file: String) -> Int? { number(in: file, before: ".db") }

    /// The generation that a file of this model belongs to, whole or not, or beside one; nil for other files.
    public func generation(ofAnyFile file: String) -> Int? {
        for ending in [".db", ".db-wal", ".db-shm", ".unfinished"] {
            if let number = number(in: file, before: ending) { return number }
        }
        return nil
    }

    private func number(in file: String, before ending: String) -> Int? {
        guard file.hasPrefix("\(name).g"), file.hasSuffix(ending) else { return nil }
        return Int(file.dropFirst(name.count + 2).dropLast(ending.count))
    }
}
