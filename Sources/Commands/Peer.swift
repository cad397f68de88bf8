internal import System
internal import Wire

/// One connection to the commands process: bytes in, frames out of them, replies back.
final class Peer {
    private let socket: FileDescriptor
    private var input: [UInt8] = []
    private var output = Outbox()

    init(_ socket: consuming FileDescriptor) { self.socket = socket }

    var descriptor: Int32 { socket.raw }
    var hasOutput: Bool { !output.isEmpty }

    /// Replies that a client does not fetch are not kept without end.
    static let mostOutput = 8 << 20
    var isStuck: Bool { output.count > Self.mostOutput }

    /// Reads what is there and hands on each complete frame.
    ///
    /// - Returns: false when the other side has gone or talks nonsense.
    func read(_ take: (Frame.Message) -> Void) throws(SystemError) -> Bool {
        switch try socket.read(appendingTo: &input, limit: 1 << 18) {
        case .ended: return false
        case .wouldBlock: return true
        case .bytes: break
        }
        var start = 0
        do throws(WireError) {
            while let message = try Frame.read(input, from: &start) { take(message) }
        } catch {
            return false
        }
        input.removeFirst(start)
        return true
    }

    func reply(_ outcome: CommandOutcome, to number: UInt64) {
        output.append { Frame.append(outcome, number: number, to: &$0) }
    }

    /// Writes as much as the socket takes; false when the other side has gone.
    func flush() throws(SystemError) -> Bool { try output.flush(to: socket) }
}
