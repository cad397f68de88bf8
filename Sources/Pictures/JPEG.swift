/// JPEG, as ITU T.81 and JFIF have it.
///
///     file     FFD8  segment*  FFD9        whatever follows is left out
///     segment  FF+ marker  length (2, itself included)  payload
///     SOS      a segment, and then the picture's data up to the next marker but FF00 and FFD0...FFD7
///
/// Of the segments that say something about the picture four kinds are kept: JFIF without its thumbnail, the colour
/// profile, Adobe's note on colours, and the orientation alone out of EXIF: without them it would look different.
enum JPEG {
    static let beginning: [UInt8] = [0xFF, 0xD8, 0xFF]

    private static let endOfImage: UInt8 = 0xD9
    private static let startOfScan: UInt8 = 0xDA

    static func strip(_ file: [UInt8]) throws(PictureFault) -> (size: PictureSize, bytes: [UInt8]) {
        var cursor = Cursor(file, from: 2)
        var head = Head()
        var size: PictureSize?
        var hasScan = false
        var body: [UInt8] = []
        while true {
            let marker = try nextMarker(&cursor)
            let start = cursor.place - 2
            if marker == endOfImage { break }
            guard 0xC0...0xFE ~= marker, !(0xD0...0xD8 ~= marker) else {
                throw .damaged("has a part that belongs nowhere")
            }
            let length = try cursor.big(2)
            let payload = try cursor.take(length - 2)
            switch marker {
            case 0xC0, 0xC1, 0xC2:
                guard size == nil else { throw .damaged("has more than one size") }
                size = try readSize(file, payload)
            case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xDE, 0xDF, 0xC8, 0xDC:
                throw .damaged("is of a kind of JPEG that browsers do not show")
            case 0xE0...0xEF:
                if head.keep(marker, file[payload]) { body += file[start..<payload.upperBound] }
                continue
            case 0xF0...0xFE: continue
            case startOfScan:
                guard size != nil else { throw .damaged("begins before its size") }
                hasScan = true
                body += file[start..<endOfScan(&cursor)]
                continue
            default: break
            }
            body += file[start..<payload.upperBound]
        }
        guard let size, hasScan else { throw .damaged("holds no picture") }
        var bytes: [UInt8] = [0xFF, 0xD8] + head.bytes
        bytes.reserveCapacity(bytes.count + body.count + 2)
        bytes += body
        bytes += [0xFF, endOfImage]
        return (size, bytes)
    }

    /// Any number of FF may stand before a marker.
    private static func nextMarker(_ cursor: inout Cursor) throws(PictureFault) -> UInt8 {
        guard try cursor.byte() == 0xFF else { throw .damaged("has a hole") }
        while true {
            let byte = try cursor.byte()
            if byte != 0xFF { return byte }
        }
    }

    private static func readSize(
        _ file: [UInt8], _ payload: Range<Int>
    ) throws(PictureFault) -> PictureSize {
        var cursor = Cursor(file, from: payload.lowerBound, to: payload.upperBound)
        _ = try cursor.byte()
        let height = try cursor.big(2)
        return try PictureSize(try cursor.big(2), height)
    }

    /// Moves to the marker after a scan's data, or to the end of the file.
    private static func endOfScan(_ cursor: inout Cursor) -> Int {
        let file = cursor.bytes
        var place = cursor.place
        func isMarker(_ byte: UInt8) -> Bool {
            byte != 0x00 && byte != 0xFF && !(0xD0...0xD7 ~= byte)
        }
        while place < file.count {
            if file[place] == 0xFF, place + 1 < file.count, isMarker(file[place + 1]) { break }
            place += 1
        }
        cursor = Cursor(file, from: place)
        return place
    }
}

/// The first segments of the file that is written: they are the same whatever order the others came in.
private struct Head {
    private var jfif: [UInt8] = []
    private var orientation: UInt8?
    private var hasAdobe = false

    private static let jfifName = Array("JFIF\0".utf8)
    private static let exifName = Array("Exif\0\0".utf8)
    private static let profileName = Array("ICC_PROFILE\0".utf8)
    private static let adobeName = Array("Adobe".utf8)

    /// Whether a segment about the picture is kept as it is.
    mutating func keep(_ marker: UInt8, _ payload: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xE0:
            if payload.starts(with: Self.jfifName), payload.count >= 14, jfif.isEmpty {
                // The thumbnail may show what was cut off the picture.
                jfif = [0xFF, 0xE0, 0, 16] + payload.prefix(12) + [0, 0]
            }
            return false
        case 0xE1:
            if payload.starts(with: Self.exifName), orientation == nil {
                orientation = exifOrientation(Array(payload.dropFirst(Self.exifName.count)))
            }
            return false
        case 0xE2: return payload.starts(with: Self.profileName)
        case 0xEE: return payload.starts(with: Self.adobeName) && payload.count == 12
        default: return false
        }
    }

    var bytes: [UInt8] {
        guard let orientation else { return jfif }
        // EXIF with one directory of one entry: the orientation, a number of two bytes.
        let exif: [UInt8] =
            Self.exifName + [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1]
            + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0] + [0, 0, 0, 0]
        return jfif + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
    }
}

/// How a picture has to be turned, 2...8; nil if it need not be, or nobody can read it.
private func exifOrientation(_ tiff: [UInt8]) -> UInt8? {
    do throws(PictureFault) {
        var cursor = Cursor(tiff)
        let order = try cursor.big(2)
        guard order == 0x4D4D || order == 0x4949 else { return nil }
        func number(_ cursor: inout Cursor, _ count: Int) throws(PictureFault) -> Int {
            order == 0x4D4D ? try cursor.big(count) : try cursor.little(count)
        }
        guard try number(&cursor, 2) == 42 else { return nil }
        let directory = try number(&cursor, 4)
        guard directory <= tiff.count else { return nil }
        cursor = Cursor(tiff, from: directory)
        for _ in 0..<(try number(&cursor, 2)) {
            let tag = try number(&cursor, 2)
            let type = try number(&cursor, 2)
            let count = try number(&cursor, 4)
            let value = try number(&cursor, 2)
            _ = try cursor.take(2)
            guard tag == 0x0112 else { continue }
            return type == 3 && count == 1 && 2...8 ~= value ? UInt8(value) : nil
        }
    } catch {
        // A picture whose EXIF is cut short is still a picture.
    }
    return nil
}
