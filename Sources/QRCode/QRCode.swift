import CQRencode

/// A text as a square of dark and light modules that a phone's camera reads (ISO/IEC 18004).
///
/// Some of it may be dirty or covered: error correction level M mends 15 % of its words.
public struct QRCode: Equatable, Sendable {
    /// Modules a side, from 21 to 177 in steps of four, without the quiet zone.
    public let size: Int
    private let dark: [Bool]

    /// Light modules around it, without which readers do not find it.
    static let quietZone = 4

    /// Nil where the text is empty, holds a NUL or has more than 2,331 bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
        guard
            let code = QRcode_encodeData(Int32(clamping: bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { return nil }
        defer { QRcode_free(code) }
        size = Int(code.pointee.width)
        guard let modules = code.pointee.data else { return nil }
        // The lowest bit of each byte is its colour; the others say what the module is for.
        dark = UnsafeBufferPointer(start: modules, count: size * size).map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; all outside of the square are light.
    public func isDark(_ column: Int, _ row: Int) -> Bool {
        let inside = 0..<size
        return inside.contains(column) && inside.contains(row) && dark[row * size + column]
    }
}
