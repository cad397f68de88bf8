internal import CCrypto

/// The hash of a password that is slow to guess at. Source: RFC 7914
///
/// N = 2^15, r = 8, p = 3: 32 MiB and about a quarter of a second, OWASP's equal to N = 2^17, p = 1 with a quarter of its
/// memory.
public enum Scrypt {
    /// 32 bytes; a salt has 16 random ones, its own for each password.
    public static func hash(password: [UInt8], salt: [UInt8]) -> [UInt8] {
        derive(password, salt, cost: 1 << 15, blockSize: 8, parallelism: 3, count: 32)
    }

    /// With the parameters of published examples.
    static func derive(
        _ password: [UInt8], _ salt: [UInt8], cost: UInt64, blockSize: UInt64, parallelism: UInt64,
        count: Int
    ) -> [UInt8] {
        // OpenSSL refuses more than 32 MiB unless told, and counts a little more than the blocks.
        let most = 128 * blockSize * (cost + parallelism + 2) + 1_048_576
        var hash = [UInt8](repeating: 0, count: count)
        let code = password.withUnsafeBytes { bytes in
            EVP_PBE_scrypt(
                bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, salt, salt.count, cost,
                blockSize, parallelism, most, &hash, count)
        }
        precondition(code == 1, "scrypt had not the memory it needs")
        return hash
    }
}
