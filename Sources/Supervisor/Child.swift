internal import System

/// One child's process, if it has one, and its history.
final class Child {
    let plan: ChildPlan
    let group: Int
    private(set) var pid: Int32 = 0
    private(set) var state = ProcessState.waiting
    private(set) var restarts = 0
    private(set) var since = Clock.wallMicroseconds()
    /// Those that start after this one may start, though it may have died again.
    private(set) var hasBeenReady = false
    /// When to start it again, monotonic nanoseconds; nil when it is up, or has never been started.
    private(set) var startAt: UInt64?

    private var pipe: ReadinessPipe?
    private var death: FileDescriptor?
    private var startedAt: UInt64?
    private var backOff = BackOff()

    init(plan: ChildPlan, group: Int) {
        self.plan = plan
        self.group = group
    }

    var isRunning: Bool { pid != 0 }
    var row: ProcessRow {
        ProcessRow(name: plan.name, pid: pid, state: state, restarts: restarts, since: since)
    }

    /// Spawns the process and has `loop` report its readiness and its end.
    func start(_ executable: String, loop: EventLoop, readyToken: UInt64, deathToken: UInt64) {
        let again = startedAt != nil
        startedAt = Clock.monotonicNanoseconds()
        startAt = nil
        if again { restarts += 1 }
        do {
            let pipe = try ReadinessPipe()
            pid = try ChildProcess.spawn(executable, plan.arguments, readiness: pipe)
            let death = try ChildProcess.watch(pid)
            try loop.watch(death.raw, readable: true, token: deathToken)
            try loop.watch(pipe.descriptor, readable: true, token: readyToken)
            self.pipe = pipe
            self.death = consume death
            enter(.starting)
            if again { Report.line("\(plan.name) is started again (pid \(pid))") }
        } catch {
            // Out of processes or descriptors, or the program is just being replaced: try again later.
            if isRunning {
                ChildProcess.signal(pid, .kill)
                _ = try? ChildProcess.wait(pid)
            }
            ended("\(error)")
        }
    }

    /// Looks at the readiness pipe.
    func hear() {
        // A pipe that cannot be read will never say more than one that was closed.
        switch (try? pipe?.look()) ?? .closed {
        case .waiting: break
        case .closed: pipe = nil
        case .ready:
            pipe = nil
            hasBeenReady = true
            enter(.ready)
        }
    }

    /// Buries the process if it has ended.
    func bury() -> Exit? {
        guard isRunning, let exit = ChildProcess.reap(pid) else { return nil }
        return exit
    }

    /// Makes the child wait for its next start.
    func ended(_ how: String) {
        let up = Clock.monotonicNanoseconds() - (startedAt ?? 0)
        let delay = backOff.delayMilliseconds(afterUpMilliseconds: Int(up / 1_000_000))
        startAt = Clock.monotonicNanoseconds() + UInt64(delay) * 1_000_000
        Report.line("\(name): \(how); started again in \(delay) ms")
        forget(.waiting)
    }

    /// Makes the child stay down.
    func stopped() { forget(.stopped) }

    func signal(_ signal: Signal) {
        if isRunning { ChildProcess.signal(pid, signal) }
    }

    var name: String { isRunning ? "\(plan.name) (pid \(pid))" : plan.name }

    private func forget(_ state: ProcessState) {
        pid = 0
        pipe = nil
        death = nil
        enter(state)
    }

    private func enter(_ state: ProcessState) {
        self.state = state
        since = Clock.wallMicroseconds()
    }
}
