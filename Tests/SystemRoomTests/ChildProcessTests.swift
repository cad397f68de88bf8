import Glibc
import System
import Testing

/// Runs a shell script as a child and tells how it ended.
private func shell(_ script: String, _ arguments: String...) throws -> Exit {
    try ChildProcess.wait(ChildProcess.spawn("/bin/sh", ["-c", script, "sh"] + arguments))
}

@Suite("A child process") struct ChildProcessTests {
    @Test func `tells how it ended`() throws {
        #expect(try shell("exit 7") == .code(7))
        #expect(try shell("kill -9 $$") == .signal(9))
        #expect("\(Exit.signal(9))" == "signal 9 (Killed)")
        let error = #expect(throws: SystemError.self) {
            _ = try ChildProcess.spawn("/no/such/program", [])
        }
        #expect(error?.isMissing == true)
    }

    @Test func `is told who its parent is, and its own children are not`() throws {
        let pid = "\(ChildProcess.ownPid)"
        #expect(try shell("test $BARBACK_SUPERVISOR = $1 && test $PPID = $1", pid) == .code(0))
        let child = try ChildProcess.spawn(
            "/bin/sh", ["-c", "test -z \"$BARBACK_SUPERVISOR\" && test \"$DRINK\" = Mojito"],
            environment: ["DRINK": "Mojito"], diesWithParent: false)
        #expect(try ChildProcess.wait(child) == .code(0))
    }

    @Test func `starts with no signal blocked or ignored and no descriptor of ours`() throws {
        Signals.ignoreHarmless()
        let scratch = try Scratch()
        // Not closed on exec, as a careless library might leave it.
        let leak = open(scratch.path, O_RDONLY)
        defer { close(leak) }
        let masks = "grep -qE '^SigBlk:\\s0{16}$' /proc/self/status"
        // 32 and 33 belong to the C library, which ignores them for its own reasons.
        let ignored = "grep -qE '^SigIgn:\\s0{7}[01][08]0{7}$' /proc/self/status"
        let unopened = "test ! -e /proc/$$/fd/$1"
        #expect(try shell("\(masks) && \(ignored) && \(unopened)", "\(leak)") == .code(0))
        #expect(fcntl(leak, F_GETFL) >= 0)
    }

    @Test func `is alive until it has ended, buried or not`() throws {
        let pid = try ChildProcess.spawn("/bin/sleep", ["60"])
        #expect(ChildProcess.isAlive(pid))
        #expect(ProcessMemory.of(pid) != nil)
        #expect(ChildProcess.signal(pid, .terminate))
        #expect(try eventually { !ChildProcess.isAlive(pid) })
        #expect(try ChildProcess.wait(pid) == .signal(15))
        #expect(!ChildProcess.isAlive(pid))
    }

    @Test func `says when it is ready`() throws {
        let pipe = try ReadinessPipe()
        let pid = try ChildProcess.spawn(
            "/bin/sh", ["-c", "echo ready >&$BARBACK_READY_FD; exec sleep 60"],
            readiness: pipe)
        #expect(try eventually { try pipe.look() != .waiting })
        #expect(try pipe.look() == .ready)
        _ = ChildProcess.signal(pid, .kill)
        _ = try ChildProcess.wait(pid)
    }

    @Test func `that ends without a word closes its pipe`() throws {
        let pipe = try ReadinessPipe()
        #expect(try pipe.look() == .waiting)
        let pid = try ChildProcess.spawn("/bin/true", [], readiness: pipe)
        #expect(try eventually { try pipe.look() == .closed })
        _ = try ChildProcess.wait(pid)
    }
}

@Suite("This process") struct OwnProcessTests {
    @Test func `knows its clocks, memory and program`() throws {
        // 2024-07-01, and a moment before 1970.
        #expect(abs(Clock.utcOffsetSeconds(atMicroseconds: 1_719_792_000_000_000)) <= 14 * 3600)
        #expect(abs(Clock.utcOffsetSeconds(atMicroseconds: -1)) <= 14 * 3600)
        #expect(Clock.wallMicroseconds() > 1_700_000_000_000_000)
        let before = Clock.monotonicNanoseconds()
        #expect(Clock.monotonicNanoseconds() >= before)
        let memory = try #require(ProcessMemory.of(ChildProcess.ownPid))
        #expect(memory.exclusive > 0 && memory.exclusive <= memory.resident)
        #expect(Files.exists(try ChildProcess.ownExecutable()))
        #expect(try Limits.raiseOpenFiles() >= 256)
        #expect(Environment.value("BARBACK_NOT_SET") == nil)
    }

    @Test func `lowers one thread's priority and no other's`() throws {
        let thread = try Thread.start("idle") {
            #expect(throws: Never.self) { try Limits.idlePriority() }
            #expect(sched_getscheduler(0) == 5)
        }
        thread.join()
        #expect(sched_getscheduler(0) == SCHED_OTHER)
    }

    @Test func `reads signals instead of dying of them`() throws {
        // On a thread of its own: what is blocked belongs to a thread.
        let thread = try Thread.start("signals", stackKilobytes: 1024) {
            #expect(throws: Never.self) {
                let signals = try Signals([.hangUp])
                #expect(signals.next() == nil)
                _ = pthread_kill(pthread_self(), SIGHUP)
                #expect(signals.wait(timeoutMilliseconds: 5000) == .hangUp)
            }
        }
        thread.join()
    }
}
