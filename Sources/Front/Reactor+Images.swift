internal import Domain
internal import HTTP
internal import JSON
internal import System
internal import Tokens
internal import Wire

// Photos: an upload goes to spool/ under a grant, without an API key; what is stored is shown from media/.
extension Reactor {
    /// Before a byte of the photo is read: the grant, and whether all that was said fits it.
    func admitUpload(
        _ name: ImageName, _ head: borrowing Request
    ) throws(Problem) -> Admission {
        let now = Time(microseconds: Clock.wallMicroseconds())
        let grant = try grant(head, at: now)
        guard head.method == .put, grant.name == name, now < grant.until,
            head.header("Content-Type")?.lowercased() == grant.contentType
        else { throw Problem(Domain.Refusal.uploadRefused) }
        // More than may ever come is told apart from other than was promised.
        if let announced = head.contentLength, announced <= Self.mostImageBytes,
            let bytes = grant.bytes, bytes != Int64(announced)
        {
            throw Problem(Domain.Refusal.uploadRefused)
        }
        guard !Files.exists(path(of: name)) else { throw Problem(Domain.Refusal.alreadyUploaded) }
        return .file(try spoolFile(name), limit: Self.mostImageBytes)
    }

    private func grant(_ head: borrowing Request, at now: Time) throws(Problem) -> UploadGrant {
        guard let verifier = authorizer.publicKeys.uploads else { throw .notReady }
        let query = head.target.query
        guard query.count == 1, query[0].name == "grant",
            let claims = try? verifier.verify(query[0].value, at: now),
            let grant = UploadGrant(claims)
        else { throw Problem(Domain.Refusal.uploadRefused) }
        return grant
    }

    private func spoolFile(_ name: ImageName) throws(Problem) -> BodyFile {
        do throws(BodyFileError) {
            return try BodyFile(path: "\(settings.dataDirectory)/spool/\(name.id)")
        } catch {
            switch error {
            // Another one under the same grant is on its way.
            case .exists: throw Problem(Domain.Refusal.alreadyUploaded)
            case .failed(let reason):
                Standard.log("barback front: an upload cannot be stored: \(reason)")
                throw Problem(HTTP.Refusal.bodyNotStored)
            }
        }
    }

    /// The photo has come: the commands process believes none of it.
    func store(_ name: ImageName, _ request: borrowing Request, _ ticket: Ticket) -> Outcome {
        var json = JSONWriter()
        json.object { $0.member("grant", request.target.query.first?.value ?? "") }
        return send(
            CommandRequest(
                route: .storeImage, credential: .none, target: name.description, body: json.bytes),
            ticket)
    }

    func image(_ name: ImageName) -> Response {
        let type = name.ending == "jpg" ? "image/jpeg" : "image/\(name.ending)"
        return Response.file(
            path(of: name),
            headers: [
                ("Content-Type", type),
                // A name is given once, so what stands under it never changes.
                ("Cache-Control", "public, max-age=31536000, immutable"),
                ("Content-Security-Policy", "default-src 'none'; sandbox"),
            ]) ?? Problem.notFound("photo").response
    }

    private func path(of name: ImageName) -> String { "\(settings.dataDirectory)/media/\(name)" }

    /// As many as the commands process reads.
    static let mostImageBytes = 10 * 1_048_576

    /// Removes what uploads of a front that was killed have left in spool/.
    ///
    /// One that is under way is written to, and has two minutes.
    static func sweepSpool(_ dataDirectory: String) throws(SystemError) {
        let spool = "\(dataDirectory)/spool"
        for name in try Files.list(spool) where Files.ageSeconds("\(spool)/\(name)") ?? 0 > 180 {
            try Files.remove("\(spool)/\(name)")
        }
    }
}
