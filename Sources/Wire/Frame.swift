/// One message on the socket between a process that asks and the commands process.
///
///     4 bytes  length of what follows, at most 131,072
///     1 byte   version of this layout: 3
///     1 byte   kind: 1 request, 2 reply, 3 "where does the log end?"
///     8 bytes  number chosen by the asker; the reply repeats it
///     ...      ``CommandRequest``, ``CommandOutcome``, nothing
///
/// Integers are little-endian. Many requests may be under way on one connection; replies come in any
/// order. A frame of an unknown version is answered as ``CommandOutcome/unknownVersion``: during an
/// upgrade a front of one release meets commands of the next.
public enum Frame {
    public static let version: UInt8 = 3
    public static let longest = 131_072
    static let headerLength = 14

    public enum Message: Sendable {
        case request(number: UInt64, CommandRequest)
        case reply(number: UInt64, CommandOutcome)
        /// Answered by an accepted outcome with the log's last position.
        case headQuestion(number: UInt64)
        case otherVersion(number: UInt64)
    }

    public static func append(
        _ request: CommandRequest, number: UInt64, to bytes: inout [UInt8]
    ) {
        append(kind: 1, number, to: &bytes) { request.encode(into: &$0) }
    }

    public static func append(_ reply: CommandOutcome, number: UInt64, to bytes: inout [UInt8]) {
        append(kind: 2, number, to: &bytes) { reply.encode(into: &$0) }
    }

    public static func appendHeadQuestion(number: UInt64, to bytes: inout [UInt8]) {
        append(kind: 3, number, to: &bytes) { _ in }
    }

    private static func append(
        kind: UInt8, _ number: UInt64, to bytes: inout [UInt8], _ body: (inout WireEncoder) -> Void
    ) {
        var encoder = WireEncoder()
        swap(&encoder.bytes, &bytes)
        let start = encoder.bytes.count
        encoder.integer(UInt32(0))
        encoder.byte(version)
        encoder.byte(kind)
        encoder.integer(number)
        body(&encoder)
        let length = UInt32(encoder.bytes.count - start - 4)
        for place in 0..<4 {
            encoder.bytes[start + place] = UInt8(truncatingIfNeeded: length >> UInt32(8 * place))
        }
        swap(&encoder.bytes, &bytes)
    }

    /// Reads the frame that starts at `start` and moves `start` past it; nil until it is complete.
    ///
    /// - Throws: ``WireError``; the connection cannot be trusted after that.
    public static func read(
        _ bytes: [UInt8], from start: inout Int
    ) throws(WireError) -> Message? {
        guard bytes.count - start >= 4 else { return nil }
        var header = WireDecoder(bytes, start..<bytes.count)
        let length = Int(try header.integer() as UInt32)
        guard (headerLength - 4...longest).contains(length) else {
            throw WireError(reason: "a frame of \(length) bytes")
        }
        guard bytes.count - start - 4 >= length else { return nil }
        var body = WireDecoder(bytes, start + 4..<start + 4 + length)
        start += 4 + length
        let frameVersion = try body.byte()
        let kind = try body.byte()
        let number: UInt64 = try body.integer()
        guard frameVersion == version else { return .otherVersion(number: number) }
        switch kind {
        case 1: return .request(number: number, try CommandRequest(from: &body))
        case 2: return .reply(number: number, try CommandOutcome(from: &body))
        case 3: return .headQuestion(number: number)
        default: throw WireError(reason: "a frame of kind \(kind)")
        }
    }
}
