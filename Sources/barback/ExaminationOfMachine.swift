internal import Compression
internal import Crypto
internal import HTTP
internal import QRCode
internal import SQLite
internal import Supervisor
internal import System
internal import WebClient

/// What `barback doctor` looks at; this part is the same for every data directory.
extension Examination {
    static var libraries: [Finding] {
        let sqlite =
            sqliteHasWALResetBug
            ? "\(sqliteVersion); its WAL-reset bug does not reach barback, where one connection both "
                + "commits and checkpoints" : sqliteVersion
        return [
            .ok("barback", "\(Version.number), log format \(Version.logFormat)"),
            .ok("SQLite", sqlite),
            .ok("libmicrohttpd", httpVersion),
            .ok("OpenSSL", cryptoVersion),
            .ok("zlib", compressionVersion),
            .ok("libqrencode", qrCodeVersion),
            webClientVersion.map { .ok("libcurl", $0) }
                ?? .warn(
                    "libcurl", "not installed; only --oidc-issuer needs it",
                    mend: "install the package libcurl4"),
        ]
    }

    static var machine: [Finding] { [landlock, openFiles, inotify, clock] }

    private static var landlock: Finding {
        let kernel = line(of: "/proc/sys/kernel/osrelease") ?? "unknown"
        let abi = Landlock.abi
        switch abi {
        case 3...:
            return .ok("kernel", "\(kernel), Landlock ABI \(abi) keeps the front from the log")
        case 1...2:
            return .warn(
                "kernel",
                "\(kernel), Landlock ABI \(abi) does not keep the front from emptying files",
                mend: "use Linux 6.2 or newer, or run barback front as a user of its own")
        default:
            return .warn(
                "kernel", "\(kernel) has no Landlock: nothing keeps the front from the log",
                mend:
                    "use Linux 6.2 or newer with lsm=landlock,... at boot, or run barback front as "
                    + "a user of its own")
        }
    }

    private static var openFiles: Finding {
        guard let most = try? Limits.mostOpenFiles() else {
            return .warn("open files", "the limit cannot be read", mend: "see ulimit -Hn")
        }
        return most >= 4_096
            ? .ok("open files", "up to \(most)")
            : .warn(
                "open files", "at most \(most), and each guest takes one",
                mend: "set LimitNOFILE=65536 in the service, or ulimit -Hn 65536")
    }

    private static var inotify: Finding {
        let instances = line(of: "/proc/sys/fs/inotify/max_user_instances").flatMap { Int($0) }
        guard (try? Bell.Listener(directory: "/")) != nil else {
            return .bad(
                "inotify",
                "this user can watch nothing any more, so projectors do not start",
                mend: "end programs that watch files, or sysctl fs.inotify.max_user_instances=512")
        }
        guard let instances, instances < 16 else {
            return .ok("inotify", instances.map { "up to \($0) watchers a user" } ?? "works")
        }
        return .warn(
            "inotify", "only \(instances) watchers a user, and a bar takes about five",
            mend: "sysctl fs.inotify.max_user_instances=128")
    }

    private static var clock: Finding {
        let now = Clock.wallMicroseconds()
        let beginning: Int64 = 1_767_225_600_000_000  // 2026, before which there was no barback.
        guard now > beginning else {
            return .bad(
                "clock", "it says a time before barback was written",
                mend: "set it: timedatectl set-ntp true")
        }
        let offset = Clock.utcOffsetSeconds(atMicroseconds: now)
        let zone = offset == 0 ? "UTC" : "UTC\(offset < 0 ? "-" : "+")\(hours(abs(offset)))"
        return .ok("clock", "local time is \(zone); tickets begin again at 06:00")
    }

    private static func hours(_ seconds: Int) -> String {
        let minutes = seconds / 60 % 60
        return "\(seconds / 3_600):\(minutes < 10 ? "0" : "")\(minutes)"
    }

    static func port(_ address: ListenAddress, _ processes: [ProcessRow]) -> Finding {
        do throws(HTTPError) {
            _ = try Listener.open(address: address.host, port: address.port, reactors: 1)
            return .ok("port", "\(address.text) is free")
        } catch {
            let front = processes.first { $0.name == "front" && $0.state == .ready }
            if let front {
                return .ok(
                    "port",
                    "\(address.text) is taken, by this bar if it was started there (pid \(front.pid))"
                )
            }
            return .bad(
                "port", "\(error)",
                mend: "give another one with --listen, or end what has it: ss -ltnp")
        }
    }

    static func line(of path: String) -> String? {
        guard let bytes = try? Files.readAll(path, limit: 4_096) else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
