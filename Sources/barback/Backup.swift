internal import Audit
internal import Domain
internal import System

extension Subcommand {
    static let backup = Subcommand(
        "backup", "copies everything that cannot be made again, beside a running bar",
        operand: "DIR", flags: [.data],
        details: """
            DIR is made and must not exist before; it appears once the copy is whole and verified: the
            log as it was at one moment, its keys, the photos, and a manifest with the digest of each
            file. Orders go on meanwhile. It holds the signing key, so keep it as you keep a password:
            its directories have mode 0700. barback verify --data DIR proves it at any time.

              barback backup /mnt/usb/bar-2026-12-31 --data /srv/bar
              barback backup "$HOME/bar-$(date +%F)"

            Exit codes: 0 the backup is whole, 3 there is none and the sentence says why.
            """
    ) { arguments in
        let directory = withoutSlashes(arguments.operands[0])
        let began = Clock.monotonicNanoseconds()
        // Caught, so that half a backup does not stay behind.
        let signals = try Signals.toStop()
        let copied = ProgressBar("events copied")
        let verified = ProgressBar("events verified")
        defer { for bar in [copied, verified] { bar.clear() } }
        let manifest = try Backup.make(
            of: arguments.dataDirectory, in: directory, version: Version.number,
            now: Time(microseconds: Clock.wallMicroseconds())
        ) { step, done, all in
            guard signals.next() == nil else { throw Refused("stopped; there is no backup") }
            switch step {
            case .copying: copied.show(done.number, of: all.number)
            case .verifying:
                copied.clear()
                verified.show(done.number, of: all.number)
            }
        }
        verified.clear()
        if let first = manifest.flawedPhotos.first {
            Standard.error(
                "barback: the log names \(manifest.flawedPhotos.count) photos that are missing or changed, "
                    + "\(first) first; put them back from an earlier backup, or upload them again\n"
            )
        }
        let milliseconds = Int64((Clock.monotonicNanoseconds() - began) / 1_000_000)
        Standard.output(
            """
            The backup is whole.
              in       \(directory)
            \(facts(of: manifest))
              took     \(seconds(milliseconds: milliseconds))
            It holds every key and secret of the bar: keep it where only you can read it.

            """)
        return .done
    }

    /// The lines that backup and restore share, so that they can be compared.
    static func facts(of manifest: BackupManifest) -> String {
        """
          log      \(manifest.logID)
          events   \(grouped(manifest.position.number))
          root     \(manifest.root)
          size     \(size(bytes: manifest.bytes)), \(manifest.files.count) files
        """
    }

    static func withoutSlashes(_ path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }
}
