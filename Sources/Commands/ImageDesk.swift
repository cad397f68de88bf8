internal import Crypto
internal import Domain
internal import Pictures
internal import Synchronization
internal import System
internal import Tokens

/// An upload that lies in `spool/`, to be checked and stored under a grant.
struct ImageWork: Sendable {
    let grant: UploadGrant
    let dataDirectory: String

    var spool: String { "\(dataDirectory)/spool/\(grant.name.id)" }
    var media: String { "\(dataDirectory)/media/\(grant.name)" }
}

/// What became of it.
struct ImageResult: Sendable {
    enum Finding: Sendable {
        /// The file is in `media/`, on the disk; only the event is missing.
        case stored(ImageUploaded)
        case refused(Refusal)
        case diskFull
        case failed(String)
    }

    let grant: UploadGrant
    let finding: Finding
}

/// Has uploads checked and stored beside the writer, one at a time: a photo of ten megabytes takes a while to read,
/// to copy without its metadata and to sync.
///
/// One owner, one thread, and that is the loop's; each upload has a thread of its own while it is worked at.
final class ImageDesk {
    /// So many may be waiting, a few seconds' work; who comes then is to come again later.
    static let mostJobs = 8

    private let wakeup: Wakeup
    private let finished = Finished()
    private var jobs: [(token: UInt64, work: ImageWork)] = []
    private var isAtWork = false
    /// From the first look at an upload until it is decided: a second one of that name would take its file.
    private var names: Set<ImageName> = []

    /// What threads hand back.
    private final class Finished: Sendable {
        let results = Mutex<[(token: UInt64, result: ImageResult)]>([])
    }

    init() throws(SystemError) { wakeup = try Wakeup() }

    /// For an ``EventLoop``; readable when ``take()`` has something.
    var descriptor: Int32 { wakeup.descriptor }

    /// Has an upload stored; what became of it comes with the token from ``take()``.
    ///
    /// - Throws: ``Refusal/alreadyUploaded`` where one of that name is being stored.
    /// - Returns: false where too many are waiting.
    func ask(_ work: ImageWork, token: UInt64) throws(Refusal) -> Bool {
        guard !names.contains(work.grant.name) else { throw .alreadyUploaded }
        guard jobs.count < Self.mostJobs else { return false }
        names.insert(work.grant.name)
        jobs.append((token, work))
        beginNext()
        return true
    }

    /// What has been finished since the last call, without waiting.
    func take() -> [(token: UInt64, result: ImageResult)] {
        wakeup.drain()
        let results = finished.results.withLock { results in
            defer { results = [] }
            return results
        }
        if !results.isEmpty {
            isAtWork = false
            beginNext()
        }
        return results
    }

    /// The event is in the log, or never will be.
    func settled(_ result: ImageResult) { names.remove(result.grant.name) }

    private func beginNext() {
        guard !isAtWork, !jobs.isEmpty else { return }
        isAtWork = true
        let (token, work) = jobs.removeFirst()
        let (finished, wakeup) = (finished, wakeup)
        @Sendable func finish(_ finding: ImageResult.Finding) {
            let result = ImageResult(grant: work.grant, finding: finding)
            finished.results.withLock { $0.append((token, result)) }
            wakeup.ring()
        }
        do throws(SystemError) {
            try Thread.start("photo") {
                // Orders go first.
                do { try Limits.lowPriority() } catch {
                    Standard.error("barback commands: \(error)\n")
                }
                finish(work.store())
            }
        } catch {
            finish(.failed("\(error)"))
        }
    }
}

extension ImageWork {
    fileprivate func store() -> ImageResult.Finding {
        do {
            let file = try Files.readRegular(spool, limit: Picture.mostBytes)
            if let bytes = grant.bytes, bytes != Int64(file.count) {
                return .refused(.uploadRefused)
            }
            let picture = try Picture(stripping: file)
            guard picture.format.contentType == grant.contentType else {
                return .refused(.noPicture(wanted: grant.contentType))
            }
            try Files.writeAtomically(picture.bytes, to: media)
            return .stored(
                ImageUploaded(
                    name: grant.name, contentType: grant.contentType,
                    bytes: Int64(picture.bytes.count), width: Int64(picture.width),
                    height: Int64(picture.height),
                    sha256: SHA256().digest(of: picture.bytes).hex, drinkID: grant.drinkID))
        } catch let fault as PictureFault {
            return .refused(refusal(for: fault))
        } catch let error as SystemError where error.isDiskFull {
            return .diskFull
        } catch let error as SystemError where error.isMissing && error.subject == spool {
            // Its sender has left meanwhile.
            return .refused(.notFound("upload"))
        } catch {
            return .failed("a photo was not stored: \(error)")
        }
    }

    private func refusal(for fault: PictureFault) -> Refusal {
        switch fault {
        case .noPicture: .noPicture(wanted: grant.contentType)
        case .damaged(let reason): .invalid([FieldError("image", reason)])
        case .tooLarge(let width, let height):
            .invalid([
                FieldError(
                    "image",
                    "is \(width) by \(height) pixels; at most \(Picture.mostPixels) a side are taken"
                )
            ])
        }
    }
}
