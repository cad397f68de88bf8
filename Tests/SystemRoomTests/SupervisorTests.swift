import Glibc
import Synchronization
import System
import Testing

@testable import Supervisor

@Suite("A back-off") struct BackOffTests {
    @Test func `doubles from 50 milliseconds to 5 seconds`() {
        var backOff = BackOff()
        let delays = (1...9).map { _ in backOff.delayMilliseconds(afterUpMilliseconds: 10) }
        #expect(delays == [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
    }

    @Test func `begins anew for a child that was up for five seconds`() {
        var backOff = BackOff()
        for _ in 1...5 { _ = backOff.delayMilliseconds(afterUpMilliseconds: 4999) }
        #expect(backOff.delayMilliseconds(afterUpMilliseconds: 5000) == 50)
        #expect(backOff.delayMilliseconds(afterUpMilliseconds: 0) == 100)
    }
}

@Suite("A start order") struct StartOrderTests {
    private func plan(_ name: String, after: String...) -> ChildPlan {
        ChildPlan(name: name, arguments: [], startAfter: after)
    }

    @Test func `puts everybody after those they wait for`() {
        let plans = [
            plan("front", after: "commands", "menu"), plan("menu", after: "commands"),
            plan("commands"), plan("auditor", after: "commands"),
        ]
        #expect(StartOrder.groups(plans) == [2, 1, 0, 1])
        #expect(StartOrder.groups([]) == [])
    }

    @Test func `does not exist in a circle or with a stranger`() {
        #expect(StartOrder.groups([plan("a", after: "b"), plan("b", after: "a")]) == nil)
        #expect(StartOrder.groups([plan("a", after: "nobody")]) == nil)
    }
}

@Suite("A process table") struct ProcessTableTests {
    private let rows = [
        ProcessRow(name: "supervisor", pid: 41, state: .ready, restarts: 0, since: 1),
        ProcessRow(name: "projector menu", pid: 0, state: .waiting, restarts: 12, since: 1 << 50),
    ]

    @Test func `is one line a process`() {
        let text = "supervisor\t41\tready\t0\t1\nprojector menu\t0\twaiting\t12\t1125899906842624\n"
        #expect(ProcessTable.encode(rows) == Array(text.utf8))
        #expect(ProcessTable.decode(Array(text.utf8)) == rows)
    }

    @Test func `leaves out what it cannot read and takes further columns`() {
        let text = "menu\t7\tflying\t0\t1\nfront\t8\tready\t0\t1\tnew\n\nhalf a li"
        #expect(ProcessTable.decode(Array(text.utf8)).map(\.name) == ["front"])
    }

    @Test func `shows the dead as stopped, and nobody where nobody served`() throws {
        let scratch = try Scratch()
        #expect(try ProcessTable.read(dataDirectory: scratch.path).isEmpty)
        let pid = try ChildProcess.spawn("/bin/true", [])
        _ = try ChildProcess.wait(pid)
        try Files.makeDirectory(scratch("run"))
        let dead = ProcessRow(name: "front", pid: pid, state: .ready, restarts: 0, since: 1)
        try Files.writeAtomically(ProcessTable.encode([dead]), to: scratch("run/processes"))
        #expect(try ProcessTable.read(dataDirectory: scratch.path).map(\.state) == [.stopped])
    }
}

@Suite("A report") struct ReportTests {
    @Test func `gives the time as RFC 3339 has it`() {
        #expect(Report.time(0) == "1970-01-01T00:00:00Z")
        #expect(Report.time(951_782_399_999_999) == "2000-02-28T23:59:59Z")
        #expect(Report.time(951_782_400_000_000) == "2000-02-29T00:00:00Z")
        #expect(Report.time(1_798_761_599_000_000) == "2026-12-31T23:59:59Z")
    }
}

@Suite("A service manager") struct ServiceManagerTests {
    @Test func `is told by a datagram, and how often it asked`() throws {
        let scratch = try Scratch()
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        let socket = FileDescriptor(owning: raw)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: scratch("n").utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)

        let asked = [
            "NOTIFY_SOCKET": scratch("n"), "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7",
        ]
        let manager = ServiceManager(environment: { asked[$0] }, pid: 7)
        manager.ready()
        var bytes: [UInt8] = []
        _ = try socket.read(appendingTo: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "READY=1\nSTATUS=Serving\n")
        #expect(manager.watchdogMilliseconds == 1500)
        #expect(ServiceManager(environment: { asked[$0] }, pid: 8).watchdogMilliseconds == nil)
    }
}

/// Each runs a supervisor on a thread of its own over children of /bin/sh.
///
/// A signal raised on that thread stays with it, so a stop can be asked for without a process more. Death with
/// the supervisor needs a whole process and is tested where there is one (SystemTests).
@Suite("A supervisor") struct SupervisorTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func child(_ name: String, _ script: String, after: String...) -> ChildPlan {
        let script = "cd \(scratch.path); \(script)"
        return ChildPlan(name: name, arguments: ["-c", script], startAfter: after)
    }

    /// Runs the supervisor to its end; `onReady` runs on its thread, and so may stop it.
    private func supervise(
        _ plans: [ChildPlan], onReady: @escaping @Sendable () -> Void = { raise(SIGTERM) }
    ) throws -> Int32 {
        let path = scratch.path
        let answer = Answer()
        try Thread.start("supervisor", stackKilobytes: 1024) {
            let code = Supervisor.run(
                plans: plans, executable: "/bin/sh", dataDirectory: path, onReady: onReady)
            answer.code.store(code, ordering: .releasing)
        }.join()
        return answer.code.load(ordering: .acquiring)
    }

    private func lines(_ name: String) throws -> [String] {
        let text = String(decoding: try Files.readAll(scratch(name)), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    private static let serve = "echo ready >&$BARBACK_READY_FD; while :; do sleep 0.01; done"

    @Test func `starts in order, stops in reverse order and leaves nobody`() throws {
        func member(_ name: String) -> String {
            "trap 'echo stop \(name) >> order; exit' TERM; echo start \(name) >> order; "
                + "echo $$ >> pids; \(Self.serve)"
        }
        let code = try supervise([
            child("front", member("front"), after: "menu"),
            child("menu", member("menu"), after: "commands"),
            child("commands", member("commands")),
        ])
        #expect(code == 0)
        #expect(
            try lines("order") == [
                "start commands", "start menu", "start front", "stop front", "stop menu",
                "stop commands",
            ])
        let pids = try lines("pids").compactMap { Int32($0) }
        #expect(pids.count == 3)
        #expect(!pids.contains { ChildProcess.isAlive($0) })
        #expect(try ProcessTable.read(dataDirectory: scratch.path).isEmpty)
    }

    @Test func `starts again what dies, before and after it was ready`() throws {
        let path = scratch.path
        // Dies the first time without a word and the second by a signal.
        let code = try supervise([
            child(
                "menu",
                "echo x >> starts; case $(wc -l < starts) in 1) exit 1;; 2) kill -9 $$;; esac; "
                    + Self.serve)
        ]) {
            let rows = try? ProcessTable.read(dataDirectory: path)
            #expect(rows?.map(\.name) == ["supervisor", "menu"])
            #expect(rows?.map(\.state) == [.ready, .ready])
            #expect(rows?.map(\.restarts) == [0, 2])
            #expect(rows?.first?.pid == ChildProcess.ownPid)
            raise(SIGINT)
        }
        #expect(code == 0)
        #expect(try lines("starts").count == 3)
    }

    @Test(arguments: [78, 2]) func `gives up when a child says that it must`(code: Int) throws {
        let found = try supervise([
            child("commands", "echo $$ >> pids; \(Self.serve)"),
            child("front", "echo x >> starts; exit \(code)", after: "commands"),
        ])
        #expect(found == 3)
        #expect(try lines("starts").count == 1)
        let pids = try lines("pids").compactMap { Int32($0) }
        #expect(pids.count == 1 && !pids.contains { ChildProcess.isAlive($0) })
    }

    @Test func `goes on with the others when a child gives up after all have served`() throws {
        let starts = scratch("starts")
        let code = try supervise([
            child("commands", "echo x >> commands; \(Self.serve)"),
            child(
                "front",
                "echo x >> starts; case $(wc -l < starts) in "
                    + "1) echo ready >&$BARBACK_READY_FD; sleep 0.3; exit 1;; 2) exit 78;; esac; "
                    + Self.serve, after: "commands"),
        ]) {
            let own = UInt(pthread_self())
            _ = try? Thread.start("stopper") {
                for _ in 0..<500 where (Files.size(starts) ?? 0) < 6 { usleep(10_000) }
                pthread_kill(pthread_t(own), SIGTERM)
            }
        }
        #expect(code == 0)
        #expect(try lines("starts").count == 3)
        #expect(try lines("commands").count == 1)
    }

    @Test func `kills what does not stop, and still lets the first started stop in order`() throws {
        let before = Clock.monotonicNanoseconds()
        let code = try supervise([
            child("commands", "trap 'echo closed > log; exit' TERM; \(Self.serve)"),
            child("front", "trap '' TERM; \(Self.serve)", after: "commands"),
        ])
        #expect(code == 0)
        #expect(try lines("log") == ["closed"])
        #expect(Clock.monotonicNanoseconds() - before < 4_000_000_000)
    }

    @Test func `is one of its kind in a data directory`() throws {
        let lock = try FileLock.take(scratch("supervisor.lock"))
        let code = try supervise([child("menu", "echo x > starts; \(Self.serve)")])
        withExtendedLifetime(lock) {}
        #expect(code == 3)
        #expect(!Files.exists(scratch("starts")))
    }
}

private final class Answer: Sendable {
    let code = Atomic<Int32>(-1)
}
