/// The kinds of picture that every browser shows and a phone takes.
public enum PictureFormat: String, CaseIterable, Sendable {
    case jpeg, png, webp

    public var contentType: String { "image/\(rawValue)" }

    /// The ending of a file's name, without its dot.
    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    public init?(contentType: String) {
        guard let format = Self.allCases.first(where: { $0.contentType == contentType }) else {
            return nil
        }
        self = format
    }

    public init?(fileExtension: String) {
        guard let format = Self.allCases.first(where: { $0.fileExtension == fileExtension }) else {
            return nil
        }
        self = format
    }

    /// Tells by the first bytes alone; nil for anything else, whatever it is called.
    public init?(of bytes: [UInt8]) {
        if bytes.starts(with: JPEG.beginning) {
            self = .jpeg
        } else if bytes.starts(with: PNG.beginning) {
            self = .png
        } else if bytes.count >= 12, bytes.starts(with: WebP.riff),
            bytes[8...].starts(with: WebP.webp)
        {
            self = .webp
        } else {
            return nil
        }
    }
}
