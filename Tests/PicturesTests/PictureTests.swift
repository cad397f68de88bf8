import TestSamples
import Testing

@testable import Pictures

@Suite("A picture") struct PictureTests {
    static let files: [(PictureFormat, [UInt8])] = [
        (.jpeg, SamplePictures.jpeg), (.jpeg, SamplePictures.progressiveJPEG),
        (.png, MadePNG.picture(12, 8)),
        (.webp, SamplePictures.lossyWebP), (.webp, SamplePictures.losslessWebP),
        (.webp, SamplePictures.extendedWebP),
        (.webp, SamplePictures.animatedWebP),
    ]

    @Test(arguments: files) func `is told by its bytes, with its size`(
        format: PictureFormat, file: [UInt8]
    ) throws {
        let picture = try Picture(stripping: file)
        #expect(picture.format == format)
        #expect(picture.width == 12 && picture.height == 8)
        #expect(try Picture(stripping: picture.bytes) == picture)
    }

    @Test(arguments: files) func `is nothing any more where it is cut short`(
        format: PictureFormat, file: [UInt8]
    ) throws {
        for count in 0..<file.count {
            #expect(throws: PictureFault.self, "\(count)") {
                try Picture(stripping: Array(file[..<count]))
            }
        }
    }

    @Test(arguments: files) func `ends where it ends, whatever follows in its file`(
        format: PictureFormat, file: [UInt8]
    ) throws {
        let longer = file + Array("<script>alert(1)</script>".utf8)
        #expect(try Picture(stripping: longer) == Picture(stripping: file))
    }

    @Test(arguments: [
        "", "GIF89a\u{1}", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<!doctype html>",
        "RIFF\u{4}\0\0\0WAVE", "%PDF-1.7", "RIFF", "BM", "\u{89}PNG",
    ])
    func `is not anything else`(text: String) {
        #expect(throws: PictureFault.noPicture) { try Picture(stripping: Array(text.utf8)) }
    }

    @Test func `has at most 8,000 pixels a side`() throws {
        #expect(try Picture(stripping: MadePNG.picture(8_000, 1)).width == 8_000)
        #expect(throws: PictureFault.tooLarge(width: 8_001, height: 1)) {
            try Picture(stripping: MadePNG.picture(8_001, 1))
        }
        #expect(throws: PictureFault.tooLarge(width: 50_000, height: 50_000)) {
            try Picture(stripping: MadePNG.picture(50_000, 50_000, data: [1, 2, 3]))
        }
        #expect(throws: PictureFault.tooLarge(width: 1, height: 8_001)) {
            try Picture(
                stripping: replace([0, 8, 0, 12], by: [0x1F, 0x41, 0, 1], in: SamplePictures.jpeg))
        }
        #expect(throws: PictureFault.damaged("has no pixels")) {
            try Picture(
                stripping: replace([0, 8, 0, 12], by: [0, 0, 0, 12], in: SamplePictures.jpeg))
        }
    }

    @Test func `names its kinds as the web does`() {
        #expect(PictureFormat(contentType: "image/jpeg") == .jpeg)
        #expect(PictureFormat(contentType: "image/svg+xml") == nil)
        #expect(PictureFormat(fileExtension: "jpg") == .jpeg)
        #expect(PictureFormat(fileExtension: "jpeg") == nil)
        for format in PictureFormat.allCases {
            #expect(PictureFormat(contentType: format.contentType) == format)
            #expect(PictureFormat(fileExtension: format.fileExtension) == format)
        }
    }
}

@Suite("Metadata") struct MetadataTests {
    @Test func `of a JPEG is gone, but for orientation and colours`() throws {
        let bytes = try Picture(stripping: SamplePictures.jpeg).bytes
        #expect(
            contains(SamplePictures.jpeg, "Spy Phone")
                && contains(SamplePictures.jpeg, "taken at home"))
        #expect(!contains(bytes, "Spy Phone") && !contains(bytes, "taken at home"))
        #expect(contains(bytes, "JFIF") && contains(bytes, "ICC_PROFILE"))
        // One directory of one entry: tag 0x0112, one short, 6.
        let turned: [UInt8] = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        #expect(contains(bytes, Array("Exif\0\0MM\0*\0\0\0\u{8}".utf8) + turned))
        #expect(try !contains(Picture(stripping: SamplePictures.progressiveJPEG).bytes, "Exif"))
    }

    @Test func `of a JPEG is gone wherever it stands, thumbnails too`() throws {
        let plain = try Picture(stripping: SamplePictures.progressiveJPEG).bytes
        let thumbnail: [UInt8] =
            [0xFF, 0xE0, 0, 19] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9]
        let adobe: [UInt8] = [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 1]
        let secrets =
            [0xE0, 0xE1, 0xE2, 0xED, 0xEF, 0xF0, 0xFE]
            .flatMap { [0xFF, $0, 0, 8] + Array("secret".utf8) } as [UInt8]
        let written = try Picture(
            stripping: [0xFF, 0xD8] + thumbnail + secrets + adobe + plain.dropFirst(20).dropLast(2)
                + secrets + [0xFF, 0xD9]
        ).bytes
        #expect(!contains(written, "secret"))
        #expect(
            written == [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + thumbnail[4..<16] + [0, 0] + adobe
                + plain.dropFirst(20))
    }

    @Test func `of a PNG is gone, but for what changes how it looks`() throws {
        let metadata = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "acTL", "prVt"]
        let looks = ["gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "PLTE", "tRNS", "pHYs"]
        func file(_ types: [String]) -> [UInt8] {
            MadePNG.picture(3, 2, extra: types.map { ($0, Array("secret \($0)".utf8)) })
        }
        #expect(try Picture(stripping: file(metadata + looks)).bytes == file(looks))
    }

    @Test func `of a WebP is gone, and not spoken of`() throws {
        let bytes = try Picture(stripping: SamplePictures.extendedWebP).bytes
        #expect(
            contains(SamplePictures.extendedWebP, "Spy Phone")
                && contains(SamplePictures.extendedWebP, "home"))
        #expect(!contains(bytes, "Spy Phone") && !contains(bytes, "home"))
        #expect(!contains(bytes, "EXIF") && !contains(bytes, "XMP ") && contains(bytes, "ICCP"))
        #expect(bytes[20] & 0x0C == 0 && SamplePictures.extendedWebP[20] & 0x0C == 0x0C)
        #expect(bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } == bytes.count - 8)
        #expect(try !contains(Picture(stripping: SamplePictures.animatedWebP).bytes, "Spy Phone"))
    }
}

@Suite("A file that only looks like a picture") struct DamagedTests {
    @Test func `has a wrong check sum`() {
        var file = MadePNG.picture(12, 8)
        file[file.count - 20] ^= 1
        #expect(throws: PictureFault.damaged("has a part whose check sum is wrong")) {
            try Picture(stripping: file)
        }
    }

    @Test func `has a part that nobody knows, or none of it`() throws {
        #expect(throws: PictureFault.damaged("has a part that nobody knows")) {
            try Picture(stripping: MadePNG.picture(12, 8, extra: [("JUNK", [1])]))
        }
        var empty = MadePNG()
        empty.add("IEND", [])
        #expect(throws: PictureFault.damaged("does not begin with its one size")) {
            try Picture(stripping: empty.bytes)
        }
    }

    @Test func `claims another size than it has`() {
        // VP8X holds width - 1 and height - 1 in three bytes each.
        #expect(throws: PictureFault.damaged("has two sizes")) {
            try Picture(
                stripping: replace(
                    [11, 0, 0, 7, 0, 0], by: [9, 0, 0, 7, 0, 0], in: SamplePictures.extendedWebP))
        }
    }

    @Test func `is of a kind that browsers do not show`() {
        // SOF0 becomes SOF9, arithmetic coding.
        #expect(throws: PictureFault.damaged("is of a kind of JPEG that browsers do not show")) {
            try Picture(
                stripping: replace([0xFF, 0xC0, 0], by: [0xFF, 0xC9, 0], in: SamplePictures.jpeg))
        }
    }

    /// Fixed seeds: a failure is the same for everybody.
    @Test(arguments: PictureTests.files)
    func `is refused or written as a picture, whatever is in it`(
        format: PictureFormat, file: [UInt8]
    ) {
        var dice = Dice(state: 4_972)
        var taken = 0
        for _ in 0..<5_000 {
            var bytes = file
            for _ in 0..<Int.random(in: 1...4, using: &dice) { mutate(&bytes, &dice) }
            guard let picture = try? Picture(stripping: bytes) else { continue }
            taken += 1
            #expect(picture.width <= 8_000 && picture.height <= 8_000)
            #expect((try? Picture(stripping: picture.bytes)) == picture)
        }
        // Otherwise the mutations would have tried nothing but the first bytes.
        #expect(taken > 0)
    }

    private func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        let end = min(bytes.count, place + Int.random(in: 1...20, using: &dice))
        switch Int.random(in: 0..<6, using: &dice) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &dice) ?? 0
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeSubrange(place...)
        default:
            bytes.replaceSubrange(place..<end, with: [UInt8](repeating: 0xFF, count: end - place))
        }
    }
}

/// A small generator, so that a seed names a whole run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    contains(bytes, Array(text.utf8))
}

private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    place(of: part, in: bytes) != nil
}

private func replace(_ part: [UInt8], by other: [UInt8], in bytes: [UInt8]) throws -> [UInt8] {
    let start = try #require(place(of: part, in: bytes))
    var bytes = bytes
    bytes.replaceSubrange(start..<(start + part.count), with: other)
    return bytes
}

private func place(of part: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= part.count else { return nil }
    return (0...(bytes.count - part.count)).first { bytes[$0..<($0 + part.count)] == part[...] }
}
