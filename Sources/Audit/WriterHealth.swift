public import Domain
internal import System
internal import Wire

/// What the commands process says about itself.
public enum WriterHealth: Equatable, Sendable {
    case writing
    /// It found the log damaged here, and writes no more.
    case stopped(at: Position)
    /// It listens and says nothing within a second, or something unexpected.
    case silent
    /// Nobody listens.
    case absent

    /// Asks over its socket, and waits at most a second.
    ///
    /// The question is a command that is never carried out, as nobody asks it: a writer that has stopped
    /// says so before it looks at who asks.
    public static func ask(dataDirectory: String) -> WriterHealth {
        do {
            let socket = try UnixSocket.connect(
                dataDirectory + "/run/commands.sock", nonblocking: true)
            var question: [UInt8] = []
            Frame.append(
                CommandRequest(
                    route: .acceptOrders, credential: .none, body: Array("[]".utf8)),
                number: 1, to: &question)
            try socket.writeAll(question)
            return try answer(on: socket)
        } catch let error as SystemError where error.isRefused || error.isDenied {
            return .absent
        } catch {
            return .silent
        }
    }

    private static func answer(on socket: borrowing FileDescriptor) throws -> WriterHealth {
        let end = Clock.monotonicNanoseconds() + 1_000_000_000
        var bytes: [UInt8] = []
        while true {
            let now = Clock.monotonicNanoseconds()
            guard now < end,
                socket.waitUntilReady(
                    reading: true, timeoutMilliseconds: Int((end - now) / 1_000_000) + 1),
                try socket.read(appendingTo: &bytes) != .ended
            else { return .silent }
            var start = 0
            guard let message = try Frame.read(bytes, from: &start) else { continue }
            guard case .reply(_, let outcome) = message else { return .silent }
            return switch outcome {
            case .logDamaged(let position): .stopped(at: position)
            case .malformed, .refused, .busy, .tooManySignIns: .writing
            case .accepted, .storageFull, .failed, .unknownVersion: .silent
            }
        }
    }
}
