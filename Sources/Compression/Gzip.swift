import CZlib

/// gzip (RFC 1952), for answers that are made once and sent often.
public enum Gzip {
    /// The bytes as one gzip member.
    ///
    /// The same input and level give the same output: no time, no file name.
    public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        var stream = z_stream()
        let started = czlib_gzip_init(&stream, Int32(min(max(level, 1), 9)))
        guard started == Z_OK else { fatalError("No memory to compress \(bytes.count) bytes.") }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                // The bound holds the whole member, so that one call finishes it.
                let result = deflate(&stream, Z_FINISH)
                precondition(result == Z_STREAM_END, "deflateBound was too small.")
            }
            count = bound - Int(stream.avail_out)
        }
    }
}
