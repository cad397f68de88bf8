import Crypto
import EventStore
import Testing

/// RFC 6962, section 2.1, word for word: the slow way.
private func treeHash(_ leaves: ArraySlice<Digest>, _ hash: SHA256) -> Digest {
    guard leaves.count > 1 else {
        return leaves.first ?? hash.digest(of: [])
    }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return hash.digest(
        of: [1] + treeHash(leaves[..<middle], hash).bytes + treeHash(leaves[middle...], hash).bytes)
}

@Suite("The Merkle tree") struct MerkleTests {
    private let hash = SHA256()

    /// The leaves and roots that implementations of Certificate Transparency are tested with.
    /// Source: github.com/google/certificate-transparency, merkletree tests
    @Test func `has the published roots`() throws {
        let leaves: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            Array(0x50...0x57), Array(0x60...0x6F),
        ]
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var frontier = Frontier()
        #expect(frontier.root(hashingWith: hash).hex == roots[0])
        for (leaf, root) in zip(leaves, roots.dropFirst()) {
            frontier.append(hash.digest(of: [0] + leaf), hashingWith: hash)
            #expect(frontier.root(hashingWith: hash).hex == root)
        }
    }

    @Test func `has the root that the definition gives, at every size`() {
        let leaves = (0..<200).map { hash.digest(of: [0, UInt8($0)]) }
        var frontier = Frontier()
        for size in 0...200 {
            #expect(frontier.size == Int64(size))
            #expect(frontier.root(hashingWith: hash) == treeHash(leaves[..<size], hash))
            if size < 200 { frontier.append(leaves[size], hashingWith: hash) }
        }
    }

    @Test func `goes on from what was stored`() throws {
        var frontier = Frontier()
        for number in 0..<200 {
            let stored = frontier.stored
            #expect(stored.count == frontier.size.nonzeroBitCount * 32)
            var again = try #require(Frontier(size: frontier.size, stored: stored))
            #expect(again == frontier)
            let leaf = hash.digest(of: [0, UInt8(number)])
            again.append(leaf, hashingWith: hash)
            frontier.append(leaf, hashingWith: hash)
            #expect(again == frontier)
        }
    }

    @Test(arguments: [
        (0, 32), (1, 0), (1, 31), (1, 64), (2, 64), (3, 32), (4, 64), (-1, 64 * 32), (-2, 0),
    ])
    func `does not go on from what cannot be one`(size: Int64, bytes: Int) {
        #expect(Frontier(size: size, stored: [UInt8](repeating: 7, count: bytes)) == nil)
    }
}

@Suite("SHA-256") struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `gives the digests of FIPS 180`(text: String, digest: String) {
        let hash = SHA256()
        for _ in 0..<2 { #expect(hash.digest(of: Array(text.utf8)).hex == digest) }
    }

    @Test func `of a node is that of its bytes`() throws {
        let hash = SHA256()
        let one = hash.digest(of: [1])
        let two = hash.digest(of: [2])
        #expect(
            hash.digest(prefix: 9, one, two) == hash.digest(of: [9] + one.bytes + two.bytes))
        #expect(hash.digest(prefix: 9, one, two) != hash.digest(prefix: 9, two, one))
        #expect(Digest(bytes: one.bytes) == one)
        #expect(Digest(bytes: Array(one.bytes.dropLast())) == nil)
    }
}

@Suite("Base64") struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `is that of RFC 4648`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func `holds every byte`() {
        let bytes = (0...255).map { UInt8($0) }
        for count in [1, 2, 3, 255, 256] {
            #expect(Base64.decode(Base64.encode(Array(bytes.suffix(count)))) == bytes.suffix(count))
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Z", "Zm9v!!!!", "Zm9vY", "Zm-_", "Zh==", "Zm9=", "Zm9vYmF=", " Zm9vYg=",
        "Zg==\n\n\n\n",
    ])
    func `refuses what is none`(text: String) { #expect(Base64.decode(text) == nil) }
}

@Suite("An Ed25519 key") struct Ed25519Tests {
    /// RFC 8032, section 7.1, tests 1 and 3.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                + "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func `signs as the RFC does`(seed: String, publicKey: String, message: String, signed: String)
        throws
    {
        let key = SigningKey(seed: bytes(seed))
        #expect(key.publicKey == bytes(publicKey))
        #expect(key.sign(bytes(message)) == bytes(signed))
        #expect(isSignature(bytes(signed), of: bytes(message), by: key.publicKey))
        var wrong = bytes(signed)
        wrong[40] ^= 1
        #expect(!isSignature(wrong, of: bytes(message), by: key.publicKey))
        #expect(!isSignature(bytes(signed), of: bytes(message) + [0], by: key.publicKey))
        #expect(!isSignature(bytes(signed), of: bytes(message), by: SigningKey().publicKey))
        #expect(!isSignature([], of: bytes(message), by: key.publicKey))
        #expect(!isSignature(bytes(signed), of: bytes(message), by: []))
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
