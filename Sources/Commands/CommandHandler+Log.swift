internal import Domain
internal import EventStore
internal import JSON
internal import System
internal import Wire

// The log itself, for a front that may not open it.
extension CommandHandler {
    /// Where it ends, how large it is, and when the first event after each of some positions was recorded.
    func describeLog(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let after = work.body.items("after", &rules)
        rules.count("after", after.count, atMost: 100)
        try rules.check()
        let head = log.head.position
        let reader = log.reader
        let unread = try after.map { item -> Time? in
            guard let position = item.integer, position >= 0, position < head.number else {
                return nil
            }
            return try reader.recordedAt(upTo: Position(position + 1))
        }
        let last = try reader.recordedAt(upTo: head)
        let path = vault.directory + "/log.db"
        var json = JSONWriter()
        json.object { json in
            json.member("id", log.head.logID.description)
            json.member("position", head.number)
            json.member("last_recorded_at", orNull: last?.description)
            json.member("bytes", Int64(Files.size(path) ?? 0))
            json.member("wal_bytes", Int64(Files.size(path + "-wal") ?? 0))
            json.name("unread_since")
            json.array { json in
                for time in unread {
                    if let time { json.string(time.description) } else { json.null() }
                }
            }
        }
        return unchanged("log", &batch, document: json.bytes)
    }
}
