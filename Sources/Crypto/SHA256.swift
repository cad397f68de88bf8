internal import CCrypto

/// A SHA-256 value: 32 bytes, kept in place of an array so that hashing allocates nothing.
public struct Digest: Hashable, Sendable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    /// Nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { [UInt8]($0) } }

    /// Lower-case hexadecimal, 64 digits.
    public var hex: String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }

    public static func == (one: Digest, other: Digest) -> Bool { one.words == other.words }
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// SHA-256 by OpenSSL; one object for many messages.
///
/// The algorithm is fetched once: looking it up again costs more than hashing 200 bytes.
public final class SHA256 {
    private let algorithm: OpaquePointer
    private let context: OpaquePointer

    public init() {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil), let context = EVP_MD_CTX_new()
        else { preconditionFailure("OpenSSL has no SHA-256") }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    public func digest(of bytes: [UInt8]) -> Digest {
        start()
        bytes.withUnsafeBytes { update($0) }
        return finish()
    }

    /// The digest of a message that comes in pieces, until `next` gives none.
    public func digest<Failure>(
        ofPieces next: () throws(Failure) -> [UInt8]?
    ) throws(Failure) -> Digest {
        start()
        while let piece = try next() { piece.withUnsafeBytes { update($0) } }
        return finish()
    }

    /// A one-byte prefix before two digests: an inner node of a Merkle tree.
    public func digest(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        start()
        withUnsafeBytes(of: prefix) { update($0) }
        withUnsafeBytes(of: left.words) { update($0) }
        withUnsafeBytes(of: right.words) { update($0) }
        return finish()
    }

    private func start() {
        precondition(EVP_DigestInit_ex2(context, algorithm, nil) == 1, "SHA-256 did not start")
    }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "SHA-256 failed")
    }

    private func finish() -> Digest {
        var digest = Digest()
        let code = withUnsafeMutableBytes(of: &digest.words) {
            EVP_DigestFinal_ex(context, $0.bindMemory(to: UInt8.self).baseAddress, nil)
        }
        precondition(code == 1, "SHA-256 did not finish")
        return digest
    }
}
