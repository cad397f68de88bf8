internal import Crypto

/// A password that nobody had to think of.
public enum Password {
    /// 80 bits, in four groups that can be typed.
    public static func madeUp() -> String {
        let text = CrockfordBase32.encode(Random.bytes(10)).lowercased()
        return stride(from: 0, to: 16, by: 4).map { String(text.dropFirst($0).prefix(4)) }
            .joined(separator: "-")
    }
}
