public import Crypto

/// The right edge of a Merkle tree over the log: enough to append and to name the root.
///
/// One digest for each perfect subtree, largest first: as many as `size` has one-bits. An append
/// hashes one node on average. Source: RFC 6962, section 2.1
public struct Frontier: Equatable, Sendable {
    public private(set) var size: Int64 = 0
    private var subtrees: [Digest] = []

    public init() {}

    /// Reads the stored form; nil unless there is one digest for each one-bit of `size`.
    public init?(size: Int64, stored: [UInt8]) {
        guard size >= 0, stored.count == size.nonzeroBitCount * 32 else { return nil }
        self.size = size
        for start in stride(from: 0, to: stored.count, by: 32) {
            guard let digest = Digest(bytes: Array(stored[start..<start + 32])) else { return nil }
            subtrees.append(digest)
        }
    }

    public var stored: [UInt8] { subtrees.flatMap(\.bytes) }

    public mutating func append(_ leaf: Digest, hashingWith hash: SHA256) {
        var node = leaf
        // Each trailing one-bit of the old size is a subtree that the new leaf completes.
        for _ in 0..<(~size).trailingZeroBitCount {
            node = hash.digest(prefix: 1, subtrees.removeLast(), node)
        }
        subtrees.append(node)
        size += 1
    }

    /// The tree hash; of an empty tree the hash of nothing.
    public func root(hashingWith hash: SHA256) -> Digest {
        guard var root = subtrees.last else { return hash.digest(of: []) }
        for subtree in subtrees.dropLast().reversed() {
            root = hash.digest(prefix: 1, subtree, root)
        }
        return root
    }
}
