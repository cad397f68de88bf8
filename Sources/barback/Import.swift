internal import Commands
internal import EventStore
internal import System

extension Subcommand {
    static let `import` = Subcommand(
        "import", "brings the menu to what a file of export's says", operand: "FILE|DIR",
        flags: [.data],
        details: """
            Reads a JSON object a line, as export prints it; of a directory every *.jsonl in it. All of
            it is checked first: where a line is wrong nothing is imported, and every wrong line is
            named. Then sections and drinks are made, or changed where one of that name is there;
            nothing is deleted, and what a line does not name stays as it is. Repeating an import does
            no harm. Works beside a running bar and without one.

              barback import menu.jsonl
              barback import --data /srv/bar menus/

            The shortest menu there is:

              {"barback":"menu","version":1}
              {"section":{"name":"Sours"}}
              {"drink":{"section":"Sours","name":"Daiquiri","ingredients":["Rum","Lime","Sugar"]}}

            Exit codes: 0 imported, 3 nothing was imported and the sentence says why.
            """
    ) { arguments in
        let data = try arguments.writableDataDirectory(for: "import")
        let files = try read(arguments.operands[0])
        let path = data + "/log.db"
        // Two at once would both find the same drinks missing.
        try Files.makeDirectory(data)
        try Files.makeDirectory(data + "/run")
        let lockPath = data + "/run/import.lock"
        guard let lock = try FileLock.take(lockPath) else {
            let holder = FileLock.holder(lockPath).map { " (pid \($0))" } ?? ""
            throw Refused("another import\(holder) is at work; wait until it is done")
        }
        defer { withExtendedLifetime(lock) {} }
        let menu = Files.exists(path) ? try MenuContents(LogReader(path: path)) : MenuContents()
        var work = try MenuImport(files: files, into: menu)
        let client = try arguments.presentOrNewBar(for: "import")
        let bar = ProgressBar("lines")
        let count = Int64(work.count)
        defer { bar.clear() }
        let result = try work.run(send: client.send) { bar.show(Int64($0), of: count) }
        bar.clear()
        Standard.output(
            "Imported: \(grouped(Int64(result.created))) new, "
                + "\(grouped(Int64(result.changed))) changed, "
                + "\(grouped(Int64(result.unchanged))) as they were.\n")
        return .done
    }

    /// A menu of 10,000 long drinks has some 20 MB.
    private static let longestFile = 256 << 20

    private static func read(_ path: String) throws -> [(name: String, bytes: [UInt8])] {
        guard Files.exists(path) else { throw Refused("there is no \(quoted(path))") }
        guard Files.isDirectory(path) else {
            return [(path, try Files.readAll(path, limit: longestFile))]
        }
        let names = try Files.list(path).filter { $0.hasSuffix(".jsonl") }.sorted()
        guard !names.isEmpty else { throw Refused("\(quoted(path)) has no file *.jsonl") }
        return try names.map {
            ("\(path)/\($0)", try Files.readAll("\(path)/\($0)", limit: longestFile))
        }
    }
}
