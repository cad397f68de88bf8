internal import CCrypto

/// Bytes nobody can guess, from OpenSSL's generator.
public enum Random {
    /// A system that gives none ends the process: no secret may be made of anything else.
    public static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(RAND_bytes(&bytes, Int32(count)) == 1, "the system gave no random bytes")
        return bytes
    }
}
