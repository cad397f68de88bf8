import System
import Wire

/// A line of its own to the commands process, as only the front has one: whoever speaks here has taken over the
/// front.
final class CommandSocket {
    private let descriptor: FileDescriptor
    private var input: [UInt8] = []
    private var last: UInt64 = 0

    init(_ bar: Bar) throws {
        descriptor = try UnixSocket.connect(bar.data + "/run/commands.sock")
    }

    func ask(_ request: CommandRequest) throws -> CommandOutcome {
        last += 1
        var bytes: [UInt8] = []
        Frame.append(request, number: last, to: &bytes)
        try descriptor.writeAll(bytes)
        let end = seconds() + 30
        while seconds() < end {
            var start = 0
            while let message = try Frame.read(input, from: &start) {
                if case .reply(last, let outcome) = message {
                    input.removeFirst(start)
                    return outcome
                }
            }
            input.removeFirst(start)
            guard descriptor.waitUntilReady(reading: true, timeoutMilliseconds: 30_000),
                try descriptor.read(appendingTo: &input) != .ended
            else { break }
        }
        throw NoAnswer(description: "the commands process does not answer \(request.route.text)")
    }

    func ask(
        _ route: CommandRoute, as credential: Credential, target: String = "",
        _ body: String = "{}"
    ) throws -> CommandOutcome {
        try ask(
            CommandRequest(
                route: route, credential: credential, target: target, body: Array(body.utf8)))
    }
}
