internal import Domain
internal import JSON

// Photos: their part of ``EventCoding``.
extension EventCoding {
    static func write(_ image: ImageUploaded, into json: inout JSONWriter) {
        json.member("image_key", image.name.key)
        json.member("content_type", image.contentType)
        json.member("bytes", image.bytes)
        json.member("width", image.width)
        json.member("height", image.height)
        json.member("sha256", image.sha256)
        json.member("drink_id", orNull: image.drinkID?.description)
    }

    static func readImage(_ fields: Fields) throws(MissingField) -> ImageUploaded {
        ImageUploaded(
            name: try fields.imageName(), contentType: try fields.text("content_type"),
            bytes: try fields.integer("bytes"), width: try fields.integer("width"),
            height: try fields.integer("height"), sha256: try fields.text("sha256"),
            drinkID: try fields.id(orNull: "drink_id"))
    }

    /// The two members say the same; where they do not, nobody knows which photo was meant.
    static func readAttached(_ fields: Fields) throws(MissingField) -> ImageName {
        let name = try fields.imageName()
        guard try fields.text("image_url") == name.url else {
            throw MissingField(name: "image_url")
        }
        return name
    }
}

extension Fields {
    fileprivate func imageName() throws(MissingField) -> ImageName {
        guard let name = ImageName(key: try text("image_key")) else {
            throw MissingField(name: "image_key")
        }
        return name
    }
}
