internal import Crypto

/// A password on its way to the helper that hashes it; always as long, whatever its length.
///
/// | Bytes | |
/// | --- | --- |
/// | 16 | the salt |
/// | 2 | how many bytes the password has, big-endian |
/// | 1024 | the password, and zeros |
///
/// The answer is the hash: 32 bytes.
enum PasswordFrame {
    static let saltCount = 16
    static let mostPasswordBytes = 1_024
    static let count = saltCount + 2 + mostPasswordBytes
    static let answerCount = 32

    /// - Precondition: the salt has 16 bytes and the password at most 1,024.
    static func encode(password: [UInt8], salt: [UInt8]) -> [UInt8] {
        precondition(salt.count == saltCount && password.count <= mostPasswordBytes)
        var frame: [UInt8] = []
        // At once, as growing would leave copies of the password behind.
        frame.reserveCapacity(count)
        frame += salt
        frame.append(UInt8(password.count >> 8))
        frame.append(UInt8(password.count & 0xff))
        frame += password
        while frame.count < count { frame.append(0) }
        return frame
    }

    /// The hash that a frame asks for; nil where it is none.
    static func hash(_ frame: [UInt8]) -> [UInt8]? {
        let passwordCount = Int(frame[saltCount]) << 8 | Int(frame[saltCount + 1])
        guard passwordCount <= mostPasswordBytes else { return nil }
        var password = [UInt8](frame[(saltCount + 2)...].prefix(passwordCount))
        defer { wipe(&password) }
        return Scrypt.hash(password: password, salt: [UInt8](frame[..<saltCount]))
    }
}
