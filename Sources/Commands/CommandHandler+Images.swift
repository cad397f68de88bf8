internal import Domain
internal import EventStore
internal import JSON
internal import Pictures
internal import System
internal import Tokens
internal import Wire

// Photos: who may upload one, and what happens once it is stored.
extension CommandHandler {
    /// A signed permission to upload one photo within ten minutes.
    func grantUpload(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let format = PictureFormat(contentType: work.body.text("content_type", &rules))
        if format == nil {
            let types = PictureFormat.allCases.map(\.contentType).joined(separator: ", ")
            rules.refuse("content_type", "must be one of \(types)")
        }
        let filename = work.body.text("filename", &rules)
        var bytes: Int64?
        if work.body.has("size") {
            let sizes = 1...Int64(Picture.mostBytes)
            let sentence = "must be a whole number from 1 to \(Picture.mostBytes)"
            let size = work.body.integer("size", &rules, otherwise: 1, sentence)
            if !sizes.contains(size) { rules.refuse("size", sentence) }
            bytes = size
        }
        let drinkID = try drinkID(work.body, &rules)
        try rules.check()
        guard let format else { throw Refusal.invalid(rules.errors) }
        let (at, uuid) = newID()
        let name = ImageName(id: ImageID(uuid), after: filename, ending: format.fileExtension)
        let grant = UploadGrant(
            name: name, contentType: format.contentType, bytes: bytes, drinkID: drinkID,
            caller: work.caller, session: work.who.session, at: at)
        var json = JSONWriter()
        json.object { json in
            json.member(
                "upload_url", "/images/uploads/\(name)?grant=\(vault.sign(grant, at: at))")
            json.member("image_url", name.url)
            json.member("image_key", name.key)
            json.member("expires_at", grant.until.description)
        }
        return unchanged(name.description, &batch, document: json.bytes)
    }

    private func drinkID(_ body: RequestBody, _ rules: inout FieldRules) throws -> DrinkID? {
        guard let text = body.optionalText("drink_id", &rules) else { return nil }
        if let id = DrinkID(text), let drink = try aggregates.drink(id)?.drink, !drink.isDeleted {
            return id
        }
        rules.refuse("drink_id", "names no drink of this menu")
        return nil
    }

    /// What has to be done beside the writer before an upload is decided.
    ///
    /// - Throws: ``Refusal/uploadRefused``, ``Refusal/alreadyUploaded``, and ``LogError``.
    func imageWork(for request: CommandRequest) throws -> ImageWork {
        let token = try? JSONValue(parsing: request.body).object?["grant"]?.string
        let moment = now()
        guard let token,
            let claims = try? vault.verifier(at: moment, type: .upload).verify(token, at: moment),
            let grant = UploadGrant(claims), grant.name.description == request.target
        else { throw Refusal.uploadRefused }
        // Whoever may do nothing any more uploads nothing either.
        if let session = grant.session {
            guard let state = state.access.sessions[session], state.expires > moment else {
                throw Refusal.uploadRefused
            }
        }
        guard try !aggregates.hasImage(grant.name.id) else { throw Refusal.alreadyUploaded }
        return ImageWork(grant: grant, dataDirectory: vault.directory)
    }

    func storeImage(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        guard let image = work.image else { throw Refusal.uploadRefused }
        let uploaded: ImageUploaded
        switch image.finding {
        case .stored(let image): uploaded = image
        case .refused(let refusal): throw refusal
        case .diskFull: return .storageFull
        case .failed(let reason): return .failed(reason)
        }
        var events = [staged(.image(.uploaded(uploaded)), .noStream, log.stamp(now()))]
        // It may have been deleted meanwhile.
        if let id = uploaded.drinkID, let (present, version) = try aggregates.drink(id),
            !present.isDeleted, let shown = try present.show(uploaded.name)
        {
            var drink = present
            events.append(staged(.drink(shown), .exactly(version), log.stamp(now())))
            drink.evolve(shown)
            aggregates.set(drink, version.next)
        }
        return stage(
            events, StoredReply(created: true, id: uploaded.name.description), work, &batch,
            by: image.grant.caller, document: Self.document(uploaded))
    }

    /// Removes photos that no event names once they are a day old: what a crash between file and event has left.
    func sweepMedia() throws {
        let media = "\(vault.directory)/media"
        try Files.makeDirectory(media)
        for file in try Files.list(media) where Files.ageSeconds("\(media)/\(file)") ?? 0 > 86_400 {
            // `NAME.PID.NUMBER.tmp` is one that was being written. What is not ours stays.
            let isUnfinished = file.hasSuffix(".tmp")
            let parts = file.split(separator: ".", omittingEmptySubsequences: false)
            let text = isUnfinished ? parts.prefix(2).joined(separator: ".") : file
            guard let name = ImageName(text), try isUnfinished || !aggregates.hasImage(name) else {
                continue
            }
            try Files.remove("\(media)/\(file)")
        }
    }

    private static func document(_ image: ImageUploaded) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("image_key", image.name.key)
            json.member("image_url", image.name.url)
            json.member("content_type", image.contentType)
            json.member("bytes", image.bytes)
            json.member("width", image.width)
            json.member("height", image.height)
            json.member("drink_id", orNull: image.drinkID?.description)
        }
        return json.bytes
    }
}
