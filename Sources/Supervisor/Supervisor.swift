internal import System

/// Keeps a set of processes running: starts them in order, again when they die, and stops them in order.
///
/// One thread, one event loop, no polling. It knows processes, not drinks.
public final class Supervisor {
    /// A child that exits with this says that starting it again cannot help (EX_CONFIG), and has said why.
    public static let hopelessExit: Int32 = 78

    private static let usageExit: Int32 = 2
    private static let failureExit: Int32 = 3
    private static let stopMilliseconds: UInt64 = 1500

    private let executable: String
    private let dataDirectory: String
    private let children: [Child]
    private let groupCount: Int
    private let signals: Signals
    private let loop: EventLoop
    private let manager = ServiceManager()
    private let since = Clock.wallMicroseconds()

    private var allWereReady = false
    private var written: [ProcessRow] = []
    private var watchdogAt: UInt64?
    private var stop: Stop?

    /// A stop in progress: groups go down one after the other, the last started first.
    private struct Stop {
        let exitCode: Int32
        let began: UInt64
        var group: Int
        var killAt: UInt64
        var killed = false
    }

    /// Serves until a signal says stop, and returns the exit code: 0 stopped as asked, 3 could not serve.
    ///
    /// Only the main thread may call it: children die with the thread that spawned them. Holds the lock
    /// DATA/supervisor.lock all the while. `onReady` is called once, when every child has announced
    /// readiness. SIGTERM, SIGINT and SIGHUP stop the children in reverse order of their start, within 2 s.
    public static func run(
        plans: [ChildPlan], executable: String, dataDirectory: String, onReady: () -> Void
    ) -> Int32 {
        do throws(SystemError) {
            try Files.makeDirectory("\(dataDirectory)/run")
            let lockPath = "\(dataDirectory)/supervisor.lock"
            guard let lock = try FileLock.take(lockPath) else {
                let holder = FileLock.holder(lockPath).map { " (pid \($0))" } ?? ""
                Standard.log(
                    "another barback\(holder) is already serving \(dataDirectory); "
                        + "stop it first, or choose another --data")
                return failureExit
            }
            let supervisor = try Supervisor(plans, executable, dataDirectory)
            let code = try supervisor.serve(onReady)
            return withExtendedLifetime(lock) { code }
        } catch {
            Standard.log("\(error)")
            return failureExit
        }
    }

    private init(_ plans: [ChildPlan], _ executable: String, _ dataDirectory: String)
        throws(SystemError)
    {
        guard let groups = StartOrder.groups(plans) else {
            preconditionFailure("children start after others of their plan, never in a circle")
        }
        self.executable = executable
        self.dataDirectory = dataDirectory
        children = zip(plans, groups).map { Child(plan: $0, group: $1) }
        groupCount = (groups.max() ?? 0) + 1
        // Not SIGCHLD: each child's end is watched by its own descriptor.
        signals = try Signals([.terminate, .interrupt, .hangUp])
        loop = try EventLoop()
        try loop.watch(signals.descriptor, readable: true, token: Token.signals)
    }

    /// What an event of the loop is about.
    private enum Token {
        static let signals = UInt64.max
        static func readiness(_ index: Int) -> UInt64 { UInt64(index) * 2 }
        static func death(_ index: Int) -> UInt64 { UInt64(index) * 2 + 1 }
    }

    private func serve(_ onReady: () -> Void) throws(SystemError) -> Int32 {
        defer {
            // Only after a failure of the loop itself is anybody left here.
            for child in children where child.isRunning {
                child.signal(.kill)
                _ = try? ChildProcess.wait(child.pid)
            }
        }
        var ready: [Ready] = []
        while true {
            let now = Clock.monotonicNanoseconds()
            if let code = advanceStop(now) { return code }
            if stop == nil {
                startWhatMay(now)
                if !allWereReady, children.allSatisfy(\.hasBeenReady) {
                    allWereReady = true
                    writeTable()
                    manager.ready()
                    onReady()
                }
            }
            writeTable()
            feedWatchdog(now)
            try loop.wait(timeoutMilliseconds: timeout(now), into: &ready)
            for event in ready { handle(event.token) }
        }
    }

    private func handle(_ token: UInt64) {
        guard token != Token.signals else {
            while signals.next() != nil { beginStop(exitCode: 0) }
            return
        }
        let child = children[Int(token / 2)]
        // A late event of an earlier process finds nothing to hear and nobody to bury.
        if token % 2 == 0 { return child.hear() }
        guard let exit = child.bury() else { return }
        if stop != nil { return child.stopped() }
        switch exit {
        // It has said why in one sentence; another would bury it. Once all have served, what stops one is
        // around it, such as its port taken while it was down: it may pass, and the others go on.
        case .code(Supervisor.hopelessExit) where !allWereReady,
            .code(Supervisor.usageExit) where !allWereReady:
            child.stopped()
            beginStop(exitCode: Supervisor.failureExit)
        case .code, .signal:
            child.ended("\(exit)")
        }
    }

    private func startWhatMay(_ now: UInt64) {
        let open = Set(children.filter(\.hasBeenReady).map(\.plan.name))
        for (index, child) in children.enumerated() where child.state == .waiting {
            guard child.startAt ?? 0 <= now, open.isSuperset(of: child.plan.startAfter) else {
                continue
            }
            child.start(
                executable, loop: loop, readyToken: Token.readiness(index),
                deathToken: Token.death(index))
        }
    }

    private func beginStop(exitCode: Int32) {
        guard stop == nil else { return }
        manager.stopping()
        for child in children where !child.isRunning { child.stopped() }
        let now = Clock.monotonicNanoseconds()
        stop = Stop(exitCode: exitCode, began: now, group: groupCount, killAt: now)
    }

    /// Takes the stop as far as it goes now.
    ///
    /// - Returns: The exit code once everybody is down.
    private func advanceStop(_ now: UInt64) -> Int32? {
        guard var stop else { return nil }
        defer { self.stop = stop }
        while !children.contains(where: { $0.isRunning && $0.group >= stop.group }) {
            guard stop.group > 0 else {
                // What stays behind names dead processes, which readers take for stopped.
                _ = try? Files.remove(ProcessTable.path(dataDirectory))
                return stop.exitCode
            }
            stop.group -= 1
            // Each group gets its share of the time, so that one that hangs does not cost the first
            // started, which holds the log, its chance to close it in order.
            let share = UInt64(groupCount - stop.group) * 1_000_000 / UInt64(groupCount)
            stop.killAt = stop.began + Supervisor.stopMilliseconds * share
            stop.killed = false
            for child in children where child.group == stop.group { child.signal(.terminate) }
        }
        if now >= stop.killAt, !stop.killed {
            stop.killed = true
            for child in children where child.group == stop.group && child.isRunning {
                Report.line("\(child.name) does not stop; killing it")
                child.signal(.kill)
            }
        }
        return nil
    }

    private func feedWatchdog(_ now: UInt64) {
        guard let interval = manager.watchdogMilliseconds, watchdogAt ?? 0 <= now else { return }
        manager.alive()
        watchdogAt = now + UInt64(interval) * 1_000_000
    }

    /// Until the next thing that is due, in milliseconds; nil when only events matter.
    private func timeout(_ now: UInt64) -> Int? {
        var due = stop == nil ? children.compactMap(\.startAt) : []
        if let stop, !stop.killed { due.append(stop.killAt) }
        if let watchdogAt { due.append(watchdogAt) }
        // Rounded up, or the loop would spin through the last millisecond.
        return due.min().map { $0 <= now ? 0 : Int(($0 - now + 999_999) / 1_000_000) }
    }

    private func writeTable() {
        let running = stop == nil ? (allWereReady ? ProcessState.ready : .starting) : .stopped
        let own = ProcessRow(
            name: "supervisor", pid: ChildProcess.ownPid, state: running, restarts: 0, since: since)
        let rows = [own] + children.map(\.row)
        guard rows != written else { return }
        // A full disk is no reason to stop serving.
        try? Files.writeAtomically(
            ProcessTable.encode(rows), to: ProcessTable.path(dataDirectory), durable: false)
        written = rows
    }
}
