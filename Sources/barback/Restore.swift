internal import Audit
internal import Domain
internal import System

extension Subcommand {
    private static let replace = Flag(
        "replace", nil,
        "set the bar that is there aside in DIR/replaced-TIME; without this\n"
            + "a bar that is there is not touched")

    static let restore = Subcommand(
        "restore", "puts a bar in place from a backup", operand: "DIR",
        flags: [.data, replace],
        details: """
            DIR is a directory that barback backup has made. Every file in it is checked against the
            manifest and every event against the signed tree before anything is touched; a damaged
            backup is refused. The log then says of itself that it was restored (LogRestored), and read
            models are built anew at the next start. Stop the bar first. A restore that was cut off is
            finished by the next one.

              barback restore /mnt/usb/bar-2026-12-31 --data /srv/bar
              barback restore /mnt/usb/bar-2026-12-31 --data /srv/bar --replace

            Exit codes: 0 restored, 3 not restored and the sentence says why.
            """
    ) { arguments in
        let data = try arguments.writableDataDirectory(for: "restore")
        let signals = try Signals.toStop()
        let bar = ProgressBar("events verified")
        defer { bar.clear() }
        let result = try Restore.run(
            withoutSlashes(arguments.operands[0]), into: data,
            replacing: try arguments.isOn(replace), by: .commandLine(Users.ownName),
            now: Time(microseconds: Clock.wallMicroseconds()),
            locked: { change in try locking(data, change) }
        ) { done, all in
            guard signals.next() == nil else { throw Refused("stopped; nothing was changed") }
            bar.show(done.number, of: all.number)
        }
        bar.clear()
        Standard.output(text(result, data))
        return .done
    }

    /// Holds off the supervisor and the writer; both locks end with this process.
    private static func locking<Result>(
        _ data: String, _ change: () throws -> Result
    ) throws -> Result {
        try Files.makeDirectory(data + "/run")
        var locks: [FileLock] = []
        for name in ["supervisor.lock", "run/commands.lock"] {
            let path = "\(data)/\(name)"
            guard let lock = try FileLock.take(path) else {
                let holder = FileLock.holder(path).map { " (pid \($0))" } ?? ""
                throw Refused("a bar\(holder) runs on \(data); stop it first")
            }
            locks.append(lock)
        }
        return try withExtendedLifetime(locks) { try change() }
    }

    private static func text(_ result: Restore.Result, _ data: String) -> String {
        switch result {
        case .finishedEarlier:
            """
            An earlier restore into \(data) had been cut off; it is finished now, and nothing else was done.
            To restore another backup, run the command again.

            """
        case .restored(let manifest, let replaced):
            """
            The bar is restored.
              in       \(data)
            \(facts(of: manifest))
              made     \(manifest.madeAt)
              before   \(replaced.map { "set aside in \($0)" } ?? "there was no bar")
            barback serve --data \(data) opens it.

            """
        }
    }
}
