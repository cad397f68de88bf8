/// Base32 for people who type: upper-case letters and digits, without I, L, O and U.
///
/// Source: https://www.crockford.com/base32.html
public enum CrockfordBase32 {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Five bits a character, the first bits first; the last character is filled up with zero bits.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + 4) / 5)
        var bits: UInt32 = 0
        var waiting = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            waiting += 8
            while waiting >= 5 {
                waiting -= 5
                text.append(alphabet[Int(bits >> UInt32(waiting) & 31)])
            }
        }
        if waiting > 0 { text.append(alphabet[Int(bits << UInt32(5 - waiting) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
