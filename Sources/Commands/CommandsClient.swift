internal import Domain
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
