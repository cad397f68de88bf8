/// WebP, as RFC 9649 has it.
///
///     file   RIFF  size (4, of all that follows)  WEBP  chunk*        whatever follows is left out
///     chunk  type (4)  size (4)  data  a zero byte if the size is odd
///
/// A plain file is one chunk of data, `VP8 ` or `VP8L`; an extended one begins with VP8X, which says what else there
/// is. EXIF, XMP and what nobody knows are left out, and VP8X does not speak of them any more.
enum WebP {
    static let riff = Array("RIFF".utf8)
    static let webp = Array("WEBP".utf8)

    private struct Chunk {
        let type: String
        let data: Range<Int>
    }

    static func strip(_ file: [UInt8]) throws(PictureFault) -> (size: PictureSize, bytes: [UInt8]) {
        var cursor = Cursor(file, from: 4)
        let length = try cursor.little(4)
        guard length >= 4, length <= file.count - 8 else { throw .ended }
        let chunks = try read(file, from: 12, to: 8 + length)
        var canvas: PictureSize?
        var hasPicture = false
        var body: [UInt8] = []
        for (number, chunk) in chunks.enumerated() {
            switch chunk.type {
            case "VP8X":
                guard number == 0 else { throw .damaged("does not begin with its size") }
                canvas = try readCanvas(file, chunk.data)
                var data = Array(file[chunk.data].prefix(10))
                data[0] &= ~0x0C
                append(chunk.type, data[...], to: &body)
            case "VP8 ", "VP8L":
                guard !hasPicture else { throw .damaged("holds two pictures") }
                hasPicture = true
                let size = try readSize(file, chunk)
                guard canvas == nil || canvas == size else {
                    throw .damaged("has two sizes")
                }
                canvas = size
                append(chunk.type, file[chunk.data], to: &body)
            case "ANMF":
                guard let canvas else { throw .damaged("does not begin with its size") }
                hasPicture = true
                append(chunk.type, try stripFrame(file, chunk.data, on: canvas)[...], to: &body)
            case "ICCP", "ANIM", "ALPH": append(chunk.type, file[chunk.data], to: &body)
            default: continue
            }
        }
        guard let canvas, hasPicture else { throw .damaged("holds no picture") }
        var bytes = riff + number(4 + body.count) + webp
        bytes += body
        return (canvas, bytes)
    }

    private static func read(
        _ file: [UInt8], from start: Int, to end: Int
    ) throws(PictureFault) -> [Chunk] {
        var cursor = Cursor(file, from: start, to: end)
        var chunks: [Chunk] = []
        while cursor.left > 0 {
            let type = String(decoding: file[try cursor.take(4)], as: UTF8.self)
            let length = try cursor.little(4)
            let data = try cursor.take(length)
            // The last one often lacks the byte that makes it even.
            if length % 2 == 1, cursor.left > 0 { _ = try cursor.byte() }
            chunks.append(Chunk(type: type, data: data))
            // An empty chunk takes eight bytes of the file and more of memory.
            guard chunks.count <= 10_000 else { throw .damaged("has too many parts") }
        }
        return chunks
    }

    private static func readCanvas(
        _ file: [UInt8], _ data: Range<Int>
    ) throws(PictureFault) -> PictureSize {
        var cursor = Cursor(file, from: data.lowerBound, to: data.upperBound)
        _ = try cursor.take(4)
        return try PictureSize(try cursor.little(3) + 1, try cursor.little(3) + 1)
    }

    /// The size that a chunk of data has by itself.
    private static func readSize(_ file: [UInt8], _ chunk: Chunk) throws(PictureFault)
        -> PictureSize
    {
        var cursor = Cursor(file, from: chunk.data.lowerBound, to: chunk.data.upperBound)
        if chunk.type == "VP8L" {
            guard try cursor.byte() == 0x2F else { throw .damaged("has no beginning") }
            let bits = try cursor.little(4)
            return try PictureSize(bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        }
        let tag = try cursor.little(3)
        guard tag & 1 == 0, try cursor.big(3) == 0x9D012A else {
            throw .damaged("has no beginning")
        }
        return try PictureSize(try cursor.little(2) & 0x3FFF, try cursor.little(2) & 0x3FFF)
    }

    /// One picture of an animation: 16 bytes, and chunks of its own.
    private static func stripFrame(
        _ file: [UInt8], _ data: Range<Int>, on canvas: PictureSize
    ) throws(PictureFault) -> [UInt8] {
        guard data.count >= 16 else { throw .ended }
        var frame = Array(file[data.prefix(16)])
        var hasPicture = false
        for chunk in try read(file, from: data.lowerBound + 16, to: data.upperBound) {
            switch chunk.type {
            case "VP8 ", "VP8L":
                let size = try readSize(file, chunk)
                guard !hasPicture, size.width <= canvas.width, size.height <= canvas.height else {
                    throw .damaged("has two sizes")
                }
                hasPicture = true
                append(chunk.type, file[chunk.data], to: &frame)
            case "ALPH": append(chunk.type, file[chunk.data], to: &frame)
            default: continue
            }
        }
        guard hasPicture else { throw .damaged("holds no picture") }
        return frame
    }

    private static func append(_ type: String, _ data: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        bytes += Array(type.utf8) + number(data.count)
        bytes += data
        if data.count % 2 == 1 { bytes.append(0) }
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
