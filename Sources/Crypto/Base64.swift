internal import CCrypto

/// Standard base64 with padding. Source: RFC 4648, section 4
public enum Base64 {
    public static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }

    /// Nil where the text is not the base64 of anything.
    ///
    /// One text for each value: bits left over at the end are zero (section 3.5), and nothing stands around it.
    public static func decode(_ text: String) -> [UInt8]? {
        let input = Array(text.utf8)
        guard !input.isEmpty, input.count % 4 == 0 else { return input.isEmpty ? [] : nil }
        var bytes = [UInt8](repeating: 0, count: input.count / 4 * 3)
        guard EVP_DecodeBlock(&bytes, input, Int32(input.count)) >= 0 else { return nil }
        // EVP_DecodeBlock counts the padding as zero bytes.
        let padding = input.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        bytes.removeLast(padding)
        return encode(bytes) == text ? bytes : nil
    }
}
