internal import Audit
internal import Domain
internal import Supervisor
internal import System

extension Status {
    /// For people: aligned columns.
    var text: String {
        var parts: [String] = []
        parts.append(isRunning ? "" : "Barback does not run on \(dataDirectory).\n")
        if isRunning { parts.append(Table(processRows, alignRight: [1, 3, 5]).text + "\n") }
        parts.append(logText)
        if condition.log != nil {
            parts.append("\n" + Table(modelRows, alignRight: [1, 2, 3]).text)
        }
        return parts.joined()
    }

    private var processRows: [[String]] {
        let rows = processes.map { row in
            let seconds = (now - row.since) / 1_000_000
            let memory = row.pid == 0 ? nil : ProcessMemory.of(row.pid)
            return [
                row.name, row.pid == 0 ? "-" : "\(row.pid)", row.state.rawValue,
                "\(row.restarts)", duration(seconds: seconds),
                memory.map { size(bytes: Int64($0.resident)) } ?? "-",
            ]
        }
        return [["process", "pid", "state", "restarts", "since", "memory"]] + rows
    }

    private var logText: String {
        guard let log = condition.log else { return "log   \(condition.problem ?? "not there")\n" }
        let last = log.lastRecordedAt.map { ", the last at \($0)" } ?? ""
        return """
            log   \(grouped(log.position.number)) events\(last)
                  \(size(bytes: log.bytes)), and \(size(bytes: log.walBytes)) of write-ahead log
                  \(writerText)

            """
    }

    private var writerText: String {
        switch writer {
        case .writing: "being written; barback verify proves it whole"
        case .stopped(let position):
            "DAMAGED at position \(position): nothing is written any more; "
                + "stop barback and restore a backup"
        case .silent: "its writer does not answer"
        case .absent: "nobody writes it; barback verify proves it whole"
        }
    }

    private var modelRows: [[String]] {
        let rows = condition.models.map { model in
            guard let position = model.position else {
                return [model.name, "-", model.problem ?? "not there"]
            }
            return [
                model.name, grouped(position.number), "\(grouped(model.lagEvents)) events",
                seconds(milliseconds: Int64(model.lagSeconds * 1_000)),
            ]
        }
        return [["read model", "position", "behind"]] + rows
    }
}

/// Rows of words in columns as wide as their widest.
struct Table {
    private let rows: [[String]]
    private let alignRight: Set<Int>

    init(_ rows: [[String]], alignRight: Set<Int>) {
        self.rows = rows
        self.alignRight = alignRight
    }

    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, word) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - word.count)
                if column > 0 { line += "   " }
                let isLast = column == row.count - 1
                line += alignRight.contains(column) ? space + word : isLast ? word : word + space
            }
            return line + "\n"
        }.joined()
    }
}
