/// A photo that was uploaded.
///
/// It never changes: its stream has one event.
public enum Image {
    public enum Event: Equatable, Sendable {
        case uploaded(ImageUploaded)
    }
}

/// A photo was checked, and stored without metadata.
public struct ImageUploaded: Equatable, Sendable {
    public let name: ImageName
    /// `image/jpeg`, `image/png` or `image/webp`.
    public let contentType: String
    /// The length of the file.
    public let bytes: Int64
    /// In pixels.
    public let width: Int64
    public let height: Int64
    /// Of the file: 64 lower-case hexadecimal digits.
    public let sha256: String
    /// The drink it was taken for; nil for none.
    public let drinkID: DrinkID?

    public init(
        name: ImageName, contentType: String, bytes: Int64, width: Int64, height: Int64,
        sha256: String, drinkID: DrinkID?
    ) {
        self.name = name
        self.contentType = contentType
        self.bytes = bytes
        self.width = width
        self.height = height
        self.sha256 = sha256
        self.drinkID = drinkID
    }
}
