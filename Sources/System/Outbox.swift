/// Bytes on their way into a nonblocking descriptor, in the order in which they were added.
public struct Outbox: Sendable {
    private var bytes: [UInt8] = []
    private var written = 0

    public init() {}

    /// How many bytes have not been taken yet.
    public var count: Int { bytes.count - written }
    public var isEmpty: Bool { count == 0 }

    /// Adds what the closure appends.
    public mutating func append(_ write: (inout [UInt8]) -> Void) { write(&bytes) }

    /// Writes as much as is taken now; what is left waits until the descriptor is writable.
    ///
    /// - Returns: false when the other side has gone.
    public mutating func flush(to descriptor: borrowing FileDescriptor) throws(SystemError) -> Bool
    {
        while !isEmpty {
            switch try descriptor.write(bytes, from: written) {
            case .bytes(let count): written += count
            case .wouldBlock:
                forgetWritten()
                return true
            case .ended: return false
            }
        }
        bytes.removeAll(keepingCapacity: true)
        written = 0
        return true
    }

    /// A reader that is always a little behind would have everything kept that it was ever sent.
    ///
    /// Only once it is the larger part, so that no byte is moved more than once.
    private mutating func forgetWritten() {
        guard written > bytes.count / 2 else { return }
        bytes.removeFirst(written)
        written = 0
    }

    /// Bytes in memory, those taken already included.
    var held: Int { bytes.count }
}
