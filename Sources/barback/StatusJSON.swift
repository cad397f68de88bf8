internal import Audit
internal import Domain
internal import JSON
internal import Supervisor
internal import System

extension Status {
    /// For programs: sizes in bytes, times in UTC, null for what is not known.
    var json: [UInt8] {
        var json = JSONWriter(reserving: 2_048)
        json.object { json in
            json.member("running", isRunning)
            json.member("data", dataDirectory)
            json.name("processes")
            json.array { json in for row in processes { write(row, into: &json) } }
            json.name("log")
            writeLog(into: &json)
            json.name("models")
            json.array { json in for model in condition.models { write(model, into: &json) } }
        }
        return json.bytes
    }

    private func write(_ row: ProcessRow, into json: inout JSONWriter) {
        json.object { json in
            json.member("name", row.name)
            json.name("pid")
            if row.pid == 0 { json.null() } else { json.integer(Int64(row.pid)) }
            json.member("state", row.state.rawValue)
            json.member("restarts", Int64(row.restarts))
            json.member("since", Time(microseconds: row.since).description)
            let memory = row.pid == 0 ? nil : ProcessMemory.of(row.pid)
            json.name("resident_bytes")
            if let memory { json.integer(Int64(memory.resident)) } else { json.null() }
            json.name("exclusive_bytes")
            if let memory { json.integer(Int64(memory.exclusive)) } else { json.null() }
        }
    }

    private func writeLog(into json: inout JSONWriter) {
        json.object { json in
            if let log = condition.log {
                json.member("id", log.id.description)
                json.member("position", log.position.number)
                json.member("last_recorded_at", orNull: log.lastRecordedAt?.description)
                json.member("bytes", log.bytes)
                json.member("wal_bytes", log.walBytes)
            }
            json.member("problem", orNull: condition.problem)
            json.member("writer", writerWord)
            json.name("damaged_at")
            if case .stopped(let position) = writer {
                json.integer(position.number)
            } else {
                json.null()
            }
        }
    }

    private var writerWord: String {
        switch writer {
        case .writing: "writing"
        case .stopped: "stopped"
        case .silent: "silent"
        case .absent: "absent"
        }
    }

    private func write(_ model: BarCondition.Model, into json: inout JSONWriter) {
        json.object { json in
            json.member("name", model.name)
            json.name("position")
            if let position = model.position { json.integer(position.number) } else { json.null() }
            json.member("lag_events", model.lagEvents)
            json.name("lag_seconds")
            json.number(model.lagSeconds)
            json.member("problem", orNull: model.problem)
        }
    }
}
