internal import Domain
public import JSON
internal import System
public import Wire

/// A connection to the commands process, for the command line.
///
/// Where none is running one is started, under the lock that keeps the log's writer alone, and stopped
/// again when this goes.
public final class CommandsClient {
    private let socket: Connected
    private let writer: OwnWriter?
    /// Shown with every request.
    private let credential: Credential
    private var input: [UInt8] = []
    private var lastNumber: UInt64 = 0

    /// A writer that says nothing for so long is given up on.
    private static let patienceMilliseconds = 10_000

    /// - Throws: ``SystemError``.
    public init(dataDirectory: String) throws {
        let path = dataDirectory + "/run/commands.sock"
        let connected: Connected
        do throws(SystemError) {
            connected = Connected(try UnixSocket.connect(path))
            writer = nil
        } catch  where error.isRefused {
            writer = OwnWriter(pid: try Self.startWriter(dataDirectory))
            connected = Connected(try UnixSocket.connect(path))
        }
        socket = connected
        credential = try Self.credential(dataDirectory)
    }

    /// Whoever may read the data directory's keys is at the server itself.
    private static func credential(_ dataDirectory: String) throws(SystemError) -> Credential {
        .local(
            secret: try Vault.localKey(dataDirectory: dataDirectory), .commandLine(Users.ownName))
    }

    private final class Connected {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// A commands process that was started for this and ends with it.
    private final class OwnWriter {
        let pid: Int32
        init(pid: Int32) { self.pid = pid }
        deinit {
            ChildProcess.signal(pid, .terminate)
            _ = try? ChildProcess.wait(pid)
        }
    }

    /// Sends requests and waits for their answers, which stand in the same order.
    ///
    /// At most as many as one frame's worth of answers each; a few hundred at a time.
    public func send(_ requests: [CommandRequest]) throws -> [CommandOutcome] {
        let first = lastNumber + 1
        var bytes: [UInt8] = []
        for var request in requests {
            request.credential = credential
            lastNumber += 1
            Frame.append(request, number: lastNumber, to: &bytes)
        }
        var outcomes: [UInt64: CommandOutcome] = [:]
        var sent = 0
        while outcomes.count < requests.count {
            // What does not fit into the socket waits until answers have been taken out of it.
            while sent < bytes.count,
                case .bytes(let count) = try socket.descriptor.write(bytes, from: sent)
            {
                sent += count
            }
            guard
                socket.descriptor.waitUntilReady(
                    reading: true, timeoutMilliseconds: Self.patienceMilliseconds),
                try socket.descriptor.read(appendingTo: &input) != .ended
            else {
                throw SystemError(
                    "hear from", "the commands process", code: 110,
                    reason: "it has gone or stands still; run this again when it is back")
            }
            var start = 0
            while let message = try Frame.read(input, from: &start) {
                if case .reply(let number, let outcome) = message { outcomes[number] = outcome }
            }
            input.removeFirst(start)
        }
        return (first...lastNumber).compactMap { outcomes[$0] }
    }

    /// Sends one request and waits for its answer.
    ///
    /// - Throws: ``CommandFailed``, with a sentence for the person who asked.
    public func carryOut(
        _ route: CommandRoute, target: String = "", _ body: JSONObject = JSONObject()
    ) throws -> CommandOutcome.Accepted {
        var json = JSONWriter()
        json.value(.object(body))
        let request = CommandRequest(
            route: route, credential: .none, target: target, body: json.bytes)
        let outcome = try send([request]).first ?? .failed("nothing was answered")
        guard case .accepted(let accepted) = outcome else {
            throw CommandFailed(description: outcome.sentence)
        }
        return accepted
    }

    private static func startWriter(_ dataDirectory: String) throws -> Int32 {
        let pipe = try ReadinessPipe()
        let pid = try ChildProcess.spawn(
            ChildProcess.ownExecutable(), ["commands", "--data", dataDirectory], readiness: pipe)
        let loop = try EventLoop()
        try loop.watch(pipe.descriptor, readable: true, token: 0)
        var ready: [Ready] = []
        while true {
            try loop.wait(timeoutMilliseconds: nil, into: &ready)
            switch try pipe.look() {
            case .waiting: continue
            case .ready: return pid
            case .closed:
                _ = try ChildProcess.wait(pid)
                throw SystemError(
                    "start", "the commands process", code: 1, reason: "it says above why not")
            }
        }
    }
}

/// What was asked for was not done.
public struct CommandFailed: Error, CustomStringConvertible {
    /// One sentence without a full stop.
    public let description: String
}

extension CommandOutcome {
    /// What became of it, for somebody at the command line.
    var sentence: String {
        switch self {
        case .accepted: "it was taken"
        case .refused(.versionChanged): "somebody changed it meanwhile"
        case .refused(.invalid(let errors)):
            errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        case .refused(.notFound(let kind)): "there is no such \(kind)"
        case .refused(.lastAdmin):
            "it is the last administrator; add another one first with barback admin add"
        case .refused(let refusal): "it was refused (\(refusal))"
        case .malformed(let reason), .failed(let reason): reason
        case .busy, .tooManySignIns: "the bar is too busy; run this again in a moment"
        case .storageFull: "the disk is full"
        case .logDamaged(let position): "the log is damaged at position \(position)"
        case .unknownVersion: "the running bar is of another release; restart it"
        }
    }
}
