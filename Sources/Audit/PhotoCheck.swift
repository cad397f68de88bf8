internal import Domain
internal import EventStore
internal import System

/// Whether the photos that a log names lie in `media/` as it says.
public struct PhotoCheck: Equatable, Sendable {
    /// Photos that the log names.
    public private(set) var count = 0
    /// Those that are missing or hold something else: `media/NAME`, in the order of the log.
    public private(set) var flawed: [String] = []

    /// Looks through a log and the `media/` in a directory.
    ///
    /// With `digests` every photo is read; without, lengths are compared, which takes no time.
    /// - Throws: ``LogError`` where the log cannot be read, ``SystemError`` where a photo cannot.
    public static func run(log path: String, in directory: String, digests: Bool) throws
        -> PhotoCheck
    {
        let log = try LogReader(path: path)
        var check = PhotoCheck()
        var last = Position.start
        while true {
            let events = try log.read(type: "ImageUploaded", after: last, limit: 1_000)
            for event in events {
                guard
                    case .image(.uploaded(let image)) = try EventCoding.decode(
                        type: event.type, schema: event.schema, data: event.data)
                else { continue }
                check.count += 1
                let file = "media/\(image.name)"
                if try !isWhole("\(directory)/\(file)", image, digests) {
                    check.flawed.append(file)
                }
            }
            guard events.count == 1_000, let end = events.last?.position else { return check }
            last = end
        }
    }

    private static func isWhole(
        _ path: String, _ image: ImageUploaded, _ digests: Bool
    ) throws(SystemError) -> Bool {
        guard let size = Files.size(path), Int64(size) == image.bytes else { return false }
        return digests ? try fileDigest(path) == image.sha256 : true
    }
}
