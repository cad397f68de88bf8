internal import Crypto
public import Domain
internal import JSON
internal import System

/// `manifest.json`: what a backup holds, so that a cut or changed one is not taken for whole.
///
/// Beside it stands `manifest.sha256`, which `sha256sum --check` reads, over the manifest itself.
public struct BackupManifest: Equatable, Sendable {
    public struct File: Equatable, Sendable {
        /// Relative to the backup, such as `keys/log.key`.
        public let path: String
        public let bytes: Int64
        /// SHA-256, hexadecimal.
        public let digest: String
    }

    /// The barback that made it.
    public let version: String
    public let logID: UUID
    /// Of log.db.
    public let logFormat: Int64
    /// Where the log ends.
    public let position: Position
    /// The tree hash over all events, base64.
    public let root: String
    public let madeAt: Time
    /// Every file but the manifest and its digest, by path.
    public let files: [File]
    /// Photos that the log names and that were missing or changed already: `media/NAME`.
    ///
    /// They keep no backup from being made: none before it would be whole either.
    public let flawedPhotos: [String]

    static let name = "manifest.json"
    static let digestName = "manifest.sha256"
    /// Of the manifest and of how the files lie.
    static let format: Int64 = 1

    /// The sum of the files.
    public var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

    var json: [UInt8] {
        var json = JSONWriter(reserving: 1_024)
        json.object { json in
            json.member("format", Self.format)
            json.member("barback", version)
            json.member("log_id", logID.description)
            json.member("log_format", logFormat)
            json.member("position", position.number)
            json.member("root", root)
            json.member("made_at", madeAt.description)
            json.name("files")
            json.array { json in
                for file in files {
                    json.object { json in
                        json.member("path", file.path)
                        json.member("bytes", file.bytes)
                        json.member("sha256", file.digest)
                    }
                }
            }
            if !flawedPhotos.isEmpty { json.member("flawed_photos", texts: flawedPhotos) }
        }
        return json.bytes + [0x0A]
    }

    /// The line of `manifest.sha256`.
    static func digestLine(of json: [UInt8]) -> [UInt8] {
        Array("\(SHA256().digest(of: json).hex)  \(name)\n".utf8)
    }
}

extension BackupManifest {
    /// Reads the manifest of the backup in a directory.
    ///
    /// - Throws: ``BackupError`` where it is missing, changed, or of a format of later.
    static func read(from directory: String) throws -> BackupManifest {
        let path = "\(directory)/\(name)"
        let names: [String]
        do throws(SystemError) { names = try Files.list(directory) } catch {
            guard error.isMissing || error.isNotDirectory else { throw error }
            throw BackupError(
                "there is no backup at \(directory); name a directory that barback backup has made")
        }
        guard names.contains(name), names.contains(digestName) else {
            throw BackupError(
                "\(directory) is not a whole backup: \(name) or \(digestName) is missing; "
                    + "name a directory that barback backup has made")
        }
        let json = try Files.readAll(path)
        guard try Files.readAll("\(directory)/\(digestName)", limit: 1_000) == digestLine(of: json)
        else {
            throw BackupError(damaged: path, "it does not fit the digest in \(digestName)")
        }
        guard let object = try? JSONValue(parsing: json).object else {
            throw BackupError(damaged: path, "it is not a JSON object")
        }
        guard let found = object["format"]?.integer, found >= 1 else {
            throw BackupError(damaged: path, "its format is not a number from 1 on")
        }
        guard found <= format else {
            throw BackupError(
                "the backup \(directory) has a format that this barback does not know; "
                    + "restore it with the newer barback that made it")
        }
        guard let manifest = BackupManifest(object) else {
            throw BackupError(damaged: path, "a member is missing or of another kind")
        }
        guard manifest.isPossible else {
            throw BackupError(damaged: path, "no backup has such files")
        }
        return manifest
    }

    /// No file twice, and sizes that are some and have a sum.
    private var isPossible: Bool {
        var sum: Int64 = 0
        for file in files {
            let (next, isTooMuch) = sum.addingReportingOverflow(file.bytes)
            guard file.bytes >= 0, !isTooMuch else { return false }
            sum = next
        }
        return Set(files.map(\.path)).count == files.count && logFormat >= 1
            && position >= .start
    }

    private init?(_ object: JSONObject) {
        guard let version = object["barback"]?.string,
            let logID = object["log_id"]?.string.flatMap({ UUID($0) }),
            let logFormat = object["log_format"]?.integer,
            let position = object["position"]?.integer, let root = object["root"]?.string,
            let madeAt = object["made_at"]?.string.flatMap({ Time($0) }),
            let list = object["files"]?.array
        else { return nil }
        var files: [File] = []
        for item in list {
            guard let path = item.object?["path"]?.string,
                let bytes = item.object?["bytes"]?.integer,
                let digest = item.object?["sha256"]?.string
            else { return nil }
            files.append(File(path: path, bytes: bytes, digest: digest))
        }
        self.version = version
        self.logID = logID
        self.logFormat = logFormat
        self.position = Position(position)
        self.root = root
        self.madeAt = madeAt
        self.files = files
        flawedPhotos = object["flawed_photos"]?.array?.compactMap(\.string) ?? []
    }
}

/// Why a backup or a restore was not made: a sentence without a full stop that says what to do.
public struct BackupError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ sentence: String) { description = sentence }

    init(damaged path: String, _ reason: String) {
        self.init("the backup is damaged: \(path): \(reason); take another backup")
    }
}
