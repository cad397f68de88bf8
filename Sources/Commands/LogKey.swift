internal import Crypto
internal import System

/// The key that signs the log's checkpoints, in `keys/log.key`, readable by its owner alone.
enum LogKey {
    /// Loads the key, or makes it at the first start.
    static func load(dataDirectory: String) throws -> SigningKey {
        let path = dataDirectory + "/keys/log.key"
        guard Files.exists(path) else {
            // A log whose checkpoints nobody can continue would look damaged, so say what is missing.
            guard !Files.exists(dataDirectory + "/log.db") else {
                throw SystemError(
                    "read", path, code: 2,
                    reason: "the log's key is missing; put it back from a backup")
            }
            let key = SigningKey()
            try Files.writeAtomically(
                Array(key.text.utf8), to: path, mode: 0o600)
            return key
        }
        let text = String(decoding: try Files.readAll(path, limit: 1_000), as: UTF8.self)
        guard let key = SigningKey(text) else {
            throw SystemError(
                "read", path, code: 22,
                reason: "it does not hold a key; put it back from a backup")
        }
        return key
    }
}
