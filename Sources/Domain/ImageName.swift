/// The name of a photo's file: `UUID-words.ext`.
///
/// The words come from the file that was uploaded and are harmless whatever it was called: 1 to 60 lower-case letters,
/// digits and hyphens of ASCII. Nothing else is read as a name, so that none leads out of its folder.
public struct ImageName: Hashable, Sendable, CustomStringConvertible {
    public let id: ImageID
    public let words: String
    /// `jpg`, `png` or `webp`.
    public let ending: String

    public static let endings = ["jpg", "png", "webp"]
    static let mostWords = 60

    /// Names a new photo after the file that somebody uploads; `photo` where nothing of its name is left.
    public init(id: ImageID, after filename: String, ending: String) {
        self.id = id
        self.ending = ending
        let dot = filename.lastIndex(of: ".") ?? filename.startIndex
        let hasEnding =
            dot > filename.startIndex && !filename[dot...].contains { $0 == "/" || $0 == "\\" }
        let stem = hasEnding ? String(filename[..<dot]) : filename
        var words: [UInt8] = []
        for byte in Folded(stem).text.utf8 where words.count < Self.mostWords {
            if Self.isWordPart(byte) {
                words.append(byte)
            } else if let last = words.last, last != UInt8(ascii: "-") {
                words.append(UInt8(ascii: "-"))
            }
        }
        if words.last == UInt8(ascii: "-") { words.removeLast() }
        self.words = words.isEmpty ? "photo" : String(decoding: words, as: UTF8.self)
    }

    /// Reads a name exactly as ``description`` writes it.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.endings.contains(String(parts[1])), parts[0].utf8.count > 37,
            let id = ImageID(String(parts[0].prefix(36)))
        else { return nil }
        let words = parts[0].dropFirst(37)
        guard words.utf8.count <= Self.mostWords,
            words.utf8.allSatisfy({ Self.isWordPart($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.id = id
        self.words = String(words)
        ending = String(parts[1])
        // Another spelling of the same id would be another file.
        guard description == text else { return nil }
    }

    /// Reads what ``key`` writes.
    public init?(key: String) {
        guard key.hasPrefix(Self.keyFolder) else { return nil }
        self.init(String(key.dropFirst(Self.keyFolder.count)))
    }

    /// Reads what ``url`` writes.
    public init?(url: String) {
        guard url.hasPrefix(Self.urlFolder) else { return nil }
        self.init(String(url.dropFirst(Self.urlFolder.count)))
    }

    public var description: String { "\(id)-\(words).\(ending)" }

    /// What a photo is called in the log: `drink-images/UUID-words.ext`.
    public var key: String { Self.keyFolder + description }

    /// Where it is shown: `/images/UUID-words.ext`.
    public var url: String { Self.urlFolder + description }

    private static let keyFolder = "drink-images/"
    private static let urlFolder = "/images/"

    private static func isWordPart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}

public typealias ImageID = ID<Image>
