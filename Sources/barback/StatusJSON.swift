internal import Audit
internal import Domain
internal import JSON
internal import Supervisor
internal import System
internal import Wire

extension Status {
    /// For programs: sizes in bytes, times in UTC, null for what is not known.
    var json: [UInt8] {
        var json = JSONWriter(reserving: 2_048)
        json.object { json in
            json.member("running", isRunning)
            json.member("data", dataDirectory)
            document.write(into: &json)
        }
        return json.bytes
    }

    private var document: StatusDocument {
        var document = StatusDocument(writer: StatusDocument.Writer(writer))
        document.processes = processes.map { row in
            var process = StatusDocument.Process(row)
            let memory = row.pid == 0 ? nil : ProcessMemory.of(row.pid)
            process.resident = memory?.resident
            process.exclusive = memory?.exclusive
            return process
        }
        document.log = condition.log.map {
            StatusDocument.Log(
                id: $0.id, position: $0.position, lastRecordedAt: $0.lastRecordedAt,
                bytes: $0.bytes, walBytes: $0.walBytes)
        }
        document.problem = condition.problem
        document.models = condition.models.map {
            StatusDocument.Model(
                name: $0.name, position: $0.position, lagEvents: $0.lagEvents,
                lagSeconds: $0.lagSeconds, problem: $0.problem)
        }
        return document
    }
}

extension StatusDocument.Process {
    fileprivate init(_ row: ProcessRow) {
        self.init(
            name: row.name, pid: row.pid, state: row.state.rawValue, restarts: row.restarts,
            since: Time(microseconds: row.since))
    }
}

extension StatusDocument.Writer {
    fileprivate init(_ health: WriterHealth) {
        switch health {
        case .writing: self = .writing
        case .stopped(let position): self = .stopped(at: position)
        case .silent: self = .silent
        case .absent: self = .absent
        }
    }
}
