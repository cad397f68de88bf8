/// A picture without metadata: where and when it was taken, with which phone, and what was cut off it are gone.
///
/// The image data is not decoded, only copied, so that a small file cannot become a large picture in memory.
public struct Picture: Equatable, Sendable {
    public let format: PictureFormat
    /// In pixels, as stored: a JPEG whose orientation turns it is shown the other way round.
    public let width: Int
    public let height: Int
    /// The file as it may be shown to anybody.
    public let bytes: [UInt8]

    /// Bytes of a file that is worth reading.
    public static let mostBytes = 10 * 1_048_576
    /// Pixels a side.
    public static let mostPixels = 8_000

    /// Reads a whole file and leaves its metadata out.
    ///
    /// What follows the picture in its file is left out too. At most three times the file is held in memory.
    ///
    /// - Throws: ``PictureFault``.
    public init(stripping file: [UInt8]) throws(PictureFault) {
        guard let format = PictureFormat(of: file) else { throw .noPicture }
        let stripped =
            switch format {
            case .jpeg: try JPEG.strip(file)
            case .png: try PNG.strip(file)
            case .webp: try WebP.strip(file)
            }
        self.format = format
        (width, height) = (stripped.size.width, stripped.size.height)
        bytes = stripped.bytes
    }
}

/// Why a file is not taken as a picture.
public enum PictureFault: Error, Equatable {
    /// It is neither JPEG nor PNG nor WebP, whatever it is called.
    case noPicture
    /// It begins as one of them, and then is not; the reason finishes the sentence "the picture ...".
    case damaged(String)
    case tooLarge(width: Int, height: Int)
}

/// Width and height in pixels.
struct PictureSize: Equatable {
    let width: Int
    let height: Int

    /// - Throws: for no pixels at all, and for too many.
    init(_ width: Int, _ height: Int) throws(PictureFault) {
        guard width > 0, height > 0 else { throw .damaged("has no pixels") }
        guard max(width, height) <= Picture.mostPixels else {
            throw .tooLarge(width: width, height: height)
        }
        self.width = width
        self.height = height
    }
}
