/// Questions about a byte of a request's head (RFC 9110 section 5.6.2, RFC 9112).
extension UInt8 {
    /// ASCII letters, digits and ``!#$%&'*+-.^_`|~``.
    var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D,
            0x2E:
            true
        default: false
        }
    }

    /// What a header value may hold: everything but control characters, tab excepted.
    ///
    /// Bytes over 0x7F are allowed, as nginx does.
    var isFieldText: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }

    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are `lowercased`, an ASCII literal in lower case, in any case.
    func isSame(as lowercased: StaticString) -> Bool {
        guard count == lowercased.utf8CodeUnitCount else { return false }
        let other = lowercased.utf8Start
        for index in 0..<count {
            var byte = self[index]
            if byte >= 0x41 && byte <= 0x5A { byte |= 0x20 }
            if byte != other[index] { return false }
        }
        return true
    }

    /// The bytes without spaces and tabs at their end, which libmicrohttpd leaves.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var end = count
        while end > 0, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: self[..<end])
    }
}
