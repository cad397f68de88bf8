/// What opens the door to guests: a code that a number of them may use, for a time.
public enum RegistrationCode {
    public enum Event: Equatable, Sendable {
        case issued(RegistrationCodeIssued)
        case revoked(CodeID)
    }

    public static let hours: ClosedRange<Int64> = 1...168
    public static let uses: ClosedRange<Int64> = 1...25
}

public struct RegistrationCodeIssued: Equatable, Sendable {
    public let id: CodeID
    /// SHA-256 of the code, 32 bytes; the code itself is nowhere.
    public let hash: [UInt8]
    public let expires: Time
    public let maxUses: Int64
    public let notes: String
    /// The one that the bar shows at its door; the next is made when it is used up or over.
    public let isJoinCode: Bool

    public init(
        id: CodeID, hash: [UInt8], expires: Time, maxUses: Int64, notes: String, isJoinCode: Bool
    ) {
        self.id = id
        self.hash = hash
        self.expires = expires
        self.maxUses = maxUses
        self.notes = notes
        self.isJoinCode = isJoinCode
    }
}

extension RegistrationCode {
    /// The code as it is hashed, however it was typed: in capitals, without what stands between, and the
    /// letters that look like digits taken for them.
    ///
    /// Source: Crockford's base 32, https://www.crockford.com/base32.html
    public static func normalized(_ typed: String) -> String {
        var code: [UInt8] = []
        for byte in typed.uppercased().utf8.prefix(100) {
            switch byte {
            case UInt8(ascii: "O"): code.append(UInt8(ascii: "0"))
            case UInt8(ascii: "I"), UInt8(ascii: "L"): code.append(UInt8(ascii: "1"))
            case 0x30...0x39, 0x41...0x5A: code.append(byte)
            // White space and dashes; anything else makes it another code.
            case 0x20, 0x2D: break
            default: code.append(byte)
            }
        }
        return String(decoding: code, as: UTF8.self)
    }
}
