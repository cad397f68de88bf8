internal import Crypto
internal import System

/// Has passwords hashed by a helper process, one at a time, while the writer goes on.
///
/// The helper is started with the first password and again when it died; what it was at is then answered
/// without a hash. One owner, one thread, and that is the loop's.
final class PasswordDesk {
    /// So many may be unanswered, a few seconds' work; who comes then is to come again later.
    static let mostJobs = 16
    static let mostPasswordBytes = PasswordFrame.mostPasswordBytes
    static let saltCount = PasswordFrame.saltCount

    private struct Job {
        let token: UInt64
        var frame: [UInt8]
    }

    /// A helper that is at work, or waits for some.
    private final class Helper {
        let pid: Int32
        let conversation: Conversation
        var heard: [UInt8] = []
        var deadline: UInt64?

        init(_ executable: String) throws(SystemError) {
            conversation = try Conversation()
            // It ends with its input, and so with us; the thread that starts it may end before.
            pid = try ChildProcess.spawn(
                executable, ["passwords"], conversation: conversation, diesWithParent: false)
        }
    }

    private let executable: String
    private let patience: UInt64
    /// Always the same descriptor for the loop outside, whichever helper is at work.
    private let loop: EventLoop
    private var ready: [Ready] = []
    private var helper: Helper?
    /// The first of them is the helper's.
    private var jobs: [Job] = []
    /// Ended, perhaps not yet buried: the writer waits for none of them.
    private var ending: [Int32] = []

    /// - Parameters:
    ///   - executable: this program's own file, unless a test says otherwise.
    ///   - patienceSeconds: how long one hash may take before its helper is given up; on a machine with no time
    ///     to spare an idle process gets little.
    /// - Throws: ``SystemError`` where this process may open no more descriptors.
    init(executable: String? = nil, patienceSeconds: UInt64 = 60) throws(SystemError) {
        if let executable {
            self.executable = executable
        } else {
            self.executable = try ChildProcess.ownExecutable()
        }
        patience = patienceSeconds * 1_000_000_000
        loop = try EventLoop(capacity: 4)
    }

    deinit {
        for index in jobs.indices { wipe(&jobs[index].frame) }
        giveUpHelper()
        for pid in ending { _ = ChildProcess.reap(pid) }
    }

    /// For an ``EventLoop``; readable when ``take()`` has something.
    var descriptor: Int32 { loop.raw }

    /// Whether ``take()`` is to be called now and then: a helper may be late.
    var isBusy: Bool { !jobs.isEmpty }

    /// The helper's process id, nil where none runs.
    var helperPid: Int32? { helper?.pid }

    /// Has a password hashed; its hash comes with the token from ``take()``.
    ///
    /// - Precondition: the salt has 16 bytes.
    /// - Returns: false where too many are waiting, no helper can be started, or the password has more than
    ///   1,024 bytes, which whoever asks has told its sender before.
    func ask(password: [UInt8], salt: [UInt8], token: UInt64) -> Bool {
        guard jobs.count < Self.mostJobs, password.count <= Self.mostPasswordBytes else {
            return false
        }
        jobs.append(
            Job(token: token, frame: PasswordFrame.encode(password: password, salt: salt)))
        guard jobs.count > 1 || beginFirst() else {
            dropFirst()
            return false
        }
        return true
    }

    /// What has been answered since the last call, without waiting; nil where the helper died over it.
    func take() -> [(token: UInt64, hash: [UInt8]?)] {
        ending.removeAll { ChildProcess.reap($0) != nil }
        var answers: [(token: UInt64, hash: [UInt8]?)] = []
        guard let helper else { return answers }
        var isLost = helper.deadline.map { $0 < Clock.monotonicNanoseconds() } ?? false
        do throws(SystemError) {
            try loop.wait(timeoutMilliseconds: 0, into: &ready)
            if !ready.isEmpty {
                let limit = PasswordFrame.answerCount + 1
                isLost = try helper.conversation.hear(into: &helper.heard, limit: limit) == .ended
            }
        } catch {
            isLost = true
        }
        if helper.heard.count == PasswordFrame.answerCount, let job = jobs.first {
            answers.append((job.token, helper.heard))
            helper.heard.removeAll()
            helper.deadline = nil
            dropFirst()
        } else if helper.heard.count > PasswordFrame.answerCount || jobs.isEmpty {
            // It says what nobody asked for.
            isLost = isLost || !helper.heard.isEmpty
        }
        if isLost {
            giveUpHelper()
            if answers.isEmpty, let job = jobs.first {
                answers.append((job.token, nil))
                dropFirst()
            }
        }
        // The next one; if no helper can be had, nobody is left waiting for it.
        while let job = jobs.first, self.helper?.deadline == nil, !beginFirst() {
            answers.append((job.token, nil))
            dropFirst()
        }
        return answers
    }

    /// Hands the first job to the helper, starting one if need be.
    private func beginFirst() -> Bool {
        do throws(SystemError) {
            // One that died since its last answer is noticed here at the latest, and the job goes to the next.
            for _ in 0..<2 {
                if helper == nil { try startHelper() }
                guard let helper else { return false }
                if try helper.conversation.say(jobs[0].frame) == .bytes(PasswordFrame.count) {
                    wipe(&jobs[0].frame)
                    helper.deadline = Clock.monotonicNanoseconds() + patience
                    return true
                }
                giveUpHelper()
            }
        } catch {
            giveUpHelper()
            Standard.error("barback commands: a password was not hashed: \(error)\n")
        }
        return false
    }

    private func startHelper() throws(SystemError) {
        let helper = try Helper(executable)
        self.helper = helper
        try loop.watch(helper.conversation.descriptor, readable: true, token: 0)
    }

    private func giveUpHelper() {
        guard let helper else { return }
        ChildProcess.signal(helper.pid, .kill)
        ending.append(helper.pid)
        // Its end of the conversation closes with it, and leaves the loop.
        self.helper = nil
    }

    private func dropFirst() {
        wipe(&jobs[0].frame)
        jobs.removeFirst()
    }
}
