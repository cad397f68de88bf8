internal import Domain
internal import HTTP
internal import JSON
internal import QRCode
internal import ReadModels
internal import SQLite
internal import System

/// Answers about keys, codes, accounts and guests: what the host sees of who may come in.
struct AccessAnswers {
    let model: Model<AccessReader>

    /// All of it is short: a party's.
    private func rows<Row>(
        _ rows: [Row], at position: Position, _ write: (Row, inout JSONWriter) -> Void
    ) throws(SQLiteError) -> Response {
        let body = try list { json in
            json.array { json in
                for row in rows { json.object { write(row, &$0) } }
            }
            return rows.count
        }
        return privateAnswer(body, at: position)
    }

    private func row<Row>(
        _ row: Row, at position: Position, _ write: (Row, inout JSONWriter) -> Void
    ) -> Response {
        var json = JSONWriter()
        json.object { write(row, &$0) }
        return privateAnswer(data(json.bytes), at: position)
    }

    func keys(_ usage: Usage) -> Response {
        model.answer { reader, state throws(SQLiteError) in
            try rows(reader.keys(), at: state.position) { write($0, usage, into: &$1) }
        }
    }

    private func write(_ key: KeyRow, _ usage: Usage, into json: inout JSONWriter) {
        json.member("id", key.id)
        json.member("name", key.name)
        json.member("plan", key.plan.rawValue)
        json.member("is_web_key", key.isWebKey)
        json.member("created_at", key.createdAt.description)
        json.member("disabled_at", orNull: key.disabledAt?.description)
        let counted = usage.total(of: key.id)
        json.member("requests", counted?.requests ?? 0)
        json.member("last_used_at", orNull: counted?.lastUsed)
    }

    /// `revealed` is what the commands process says: codes in clear, of those in use.
    func codes(_ items: [QueryItem], revealed: [UInt8]) -> Response {
        var query = Query(items)
        let statuses = ["active", "used", "expired", "revoked"]
        let wanted = query.value(
            "status", "must be one of \(statuses.joined(separator: ", "))"
        ) { text in statuses.contains(text) ? text : nil }
        var clear: [String: JSONObject] = [:]
        for item in (try? JSONValue(parsing: revealed).array) ?? [] {
            if let object = item.object, let id = object["id"]?.string { clear[id] = object }
        }
        let now = Time(microseconds: Clock.wallMicroseconds())
        return model.answer(query) { reader, state throws(SQLiteError) in
            let codes = try reader.codes().filter { wanted == nil || $0.status(at: now) == wanted }
            return try rows(codes, at: state.position) { write($0, clear[$0.id], now, into: &$1) }
        }
    }

    private func write(
        _ code: CodeRow, _ clear: JSONObject?, _ now: Time, into json: inout JSONWriter
    ) {
        json.member("id", code.id)
        json.member("code", orNull: clear?["code"]?.string)
        json.member("registration_url", orNull: clear?["registration_url"]?.string)
        drawLink(of: clear, into: &json)
        json.member("status", code.status(at: now))
        json.member("max_uses", code.maxUses)
        json.member("used", code.used)
        json.member("notes", code.notes)
        json.member("is_join_code", code.isJoinCode)
        json.member("created_at", code.createdAt.description)
        json.member("expires_at", code.expiresAt.description)
        json.member("revoked_at", orNull: code.revokedAt?.description)
    }

    /// A code as the commands process tells it, and its link as phones read it.
    func drawn(_ document: [UInt8]) -> [UInt8] {
        guard let code = try? JSONValue(parsing: document).object else { return document }
        var json = JSONWriter()
        json.object { json in
            for member in code.members {
                json.name(member.name)
                json.value(member.value)
            }
            drawLink(of: code, into: &json)
        }
        return json.bytes
    }

    private func drawLink(of code: JSONObject?, into json: inout JSONWriter) {
        json.name("qr")
        guard let url = code?["registration_url"]?.string, let drawing = QRCode(url) else {
            return json.null()
        }
        json.object { json in
            json.member("side", Int64(drawing.side))
            json.member("path", drawing.path)
        }
    }

    func accounts() -> Response {
        model.answer { reader, state throws(SQLiteError) in
            try rows(reader.accounts(), at: state.position) { write($0, into: &$1) }
        }
    }

    func account(_ id: String) -> Response {
        model.answer { reader, state throws(SQLiteError) in
            guard let account = try reader.account(id), account.removedAt == nil else {
                return Problem.notFound("account").response
            }
            return row(account, at: state.position) { write($0, into: &$1) }
        }
    }

    private func write(_ account: AccountRow, into json: inout JSONWriter) {
        json.member("id", account.id)
        json.member("username", account.username)
        json.member("role", account.role)
        json.member("created_at", account.createdAt.description)
        json.member("last_signed_in_at", orNull: account.seenAt?.description)
    }

    func guests() -> Response {
        model.answer { reader, state throws(SQLiteError) in
            try rows(reader.guests(), at: state.position) { write($0, into: &$1) }
        }
    }

    func guest(_ id: String) -> Response {
        model.answer { reader, state throws(SQLiteError) in
            guard let guest = try reader.guests(id).first else {
                return Problem.notFound("guest").response
            }
            return row(guest, at: state.position) { write($0, into: &$1) }
        }
    }

    private func write(_ guest: GuestRow, into json: inout JSONWriter) {
        let now = Time(microseconds: Clock.wallMicroseconds())
        let status =
            guest.reason == "disabled"
            ? "disabled" : guest.endedAt != nil || guest.expiresAt <= now ? "gone" : "here"
        json.member("id", guest.id)
        json.member("username", guest.username)
        json.member("status", status)
        json.member("code_id", guest.codeID)
        json.member("registered_at", guest.createdAt.description)
        json.member("expires_at", guest.expiresAt.description)
        json.member("ended_at", orNull: guest.endedAt?.description)
    }
}
