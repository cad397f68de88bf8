public import System

/// A log that was there and is gone.
public enum LostLog {
    /// Throws where only a log can have left what is there, and `log.db` is not.
    ///
    /// A new log in its place would be an empty bar without a word, and SQLite would throw away the
    /// write-ahead log of the old one. `keys/log.key` alone is what a first start leaves that was
    /// killed before it made the log.
    public static func check(_ dataDirectory: String) throws(SystemError) {
        let log = dataDirectory + "/log.db"
        guard !Files.exists(log) else { return }
        let models = dataDirectory + "/models"
        let modelFiles = Files.exists(models) ? try Files.list(models) : []
        // A pointer to a generation has no ending; locks and generations have one.
        let hadModel = modelFiles.contains { !$0.contains(".") }
        let hadKey = Files.exists(dataDirectory + "/keys/log.vkey")
        guard !hadModel, !hadKey, (Files.size(log + "-wal") ?? 0) == 0 else {
            throw SystemError(
                "open", log, code: 2, reason: "the log is missing; put it back from a backup")
        }
    }
}
