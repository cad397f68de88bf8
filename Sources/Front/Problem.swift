internal import Domain
internal import HTTP
internal import JSON
internal import Wire

/// An error as RFC 9457 wants it: a status, a stable code for programs, a sentence for people.
struct Problem: Error {
    let status: Int
    let code: String
    let title: String
    let detail: String
    var errors: [FieldError] = []
    var headers: [(String, String)] = []

    var response: Response {
        var json = JSONWriter()
        json.object { json in
            json.member("type", "about:blank")
            json.member("title", title)
            json.member("status", Int64(status))
            json.member("detail", detail)
            json.member("code", code)
            guard !errors.isEmpty else { return }
            json.name("errors")
            json.array { json in
                for error in errors {
                    json.object {
                        $0.member("field", error.field)
                        $0.member("message", error.message)
                    }
                }
            }
        }
        return Response(
            status: status,
            headers: [
                ("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
            ] + headers, body: json.bytes)
    }

    func with(_ headers: [(String, String)]) -> Problem {
        var problem = self
        problem.headers += headers
        return problem
    }

    private static let retrySoon = [("Retry-After", "1")]

    // MARK: What the domain refuses

    /// The one table of refusals: status, code, sentence.
    init(_ refusal: Domain.Refusal) {
        switch refusal {
        case .invalid(let errors):
            self.init(
                422, "invalid", "Some values are wrong",
                errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ") + ".")
            self.errors = errors
        case .notFound(let kind):
            self.init(404, "not_found", "Not found", "There is no such \(kind).")
        case .notAllowed:
            self.init(403, "not_allowed", "Not allowed", "Only the bar may do this.")
        case .orderingPaused(let message):
            self.init(
                409, "ordering_paused", "The bar takes no orders now",
                message ?? "The bar is taking a short break. The menu stays open.")
        case .notOnMenu(let drink):
            self.init(409, "not_on_menu", "Not on the menu", "\(drink) is not on the menu now.")
        case .soldOut(let missing):
            self.init(
                409, "sold_out", "Sold out", "No \(missing.joined(separator: ", no ")) left.")
        case .tooManyActiveOrders(let limit):
            self.init(
                409, "too_many_active_orders", "You have orders waiting",
                "You have \(limit) orders waiting already; one has to be ready first.")
        case .invalidTransition(let from, let to):
            self.init(
                409, "invalid_transition", "The order cannot move there",
                "An order that is \(from.rawValue) cannot become \(to.rawValue).")
        case .statusChanged(let present):
            self.init(
                409, "status_changed", "Somebody was faster",
                "The order is \(present.rawValue) by now.")
        case .versionChanged(let present):
            self.init(
                412, "version_changed", "Somebody was faster",
                "This was changed meanwhile and is at version \(present); read it again.")
        case .sectionNotEmpty(let drinks):
            self.init(
                409, "section_not_empty", "The section has drinks",
                "Move or delete its drinks first; there are \(drinks).")
        case .notSignedIn: self = .badToken
        case .wrongCode:
            self.init(
                403, "wrong_code", "The code does not open",
                "This registration code lets nobody in; ask the bar for another.")
        case .wrongPassword:
            self.init(
                401, "wrong_credentials", "That did not match",
                "The name or the password is wrong.", headers: Self.challenge)
        case .nameTaken:
            self.init(
                409, "name_taken", "The name is taken",
                "Somebody here goes by this name already; choose another.")
        case .lastAdmin:
            self.init(
                409, "last_admin", "The last administrator stays",
                "Add another administrator first.")
        case .uploadRefused:
            self.init(
                403, "upload_refused", "This may not be uploaded here",
                "The upload address is over, or is for another method, type, size or name; ask for a fresh one."
            )
        case .alreadyUploaded:
            self.init(
                409, "already_uploaded", "The photo is there",
                "Each upload address takes one photo, once; ask for a fresh one.")
        case .noPicture(let wanted):
            self.init(
                415, "no_picture", "Not such a picture",
                "The bytes are no picture of the type \(wanted).")
        case .keyReused:
            self.init(
                422, "key_reused", "The key was used before",
                "This Idempotency-Key belongs to another request; use a fresh one.")
        }
    }

    // MARK: What the commands process says

    /// Nil for an accepted command.
    init?(_ outcome: CommandOutcome) {
        switch outcome {
        case .accepted: return nil
        case .refused(let refusal): self.init(refusal)
        case .malformed(let reason):
            self.init(400, "malformed_body", "The body cannot be read", "\(reason).")
        case .busy: self = .busy
        case .storageFull:
            self.init(
                503, "storage_full", "The disk is full",
                "The bar's disk is full; nothing was stored. The host has to make room.",
                headers: [("Retry-After", "10")])
        case .logDamaged(let position):
            self.init(
                503, "log_damaged", "The log is damaged",
                "The log is damaged at position \(position); nothing is written any more.",
                headers: [("Retry-After", "60")])
        case .failed:
            self.init(
                500, "failed", "Something broke",
                "The bar could not do this; nothing was stored. Its log says why.")
        case .tooManySignIns: self = .tooManyPasswords
        case .unknownVersion:
            self.init(
                503, "upgrading", "The bar is being upgraded", "Try again in a moment.",
                headers: Self.retrySoon)
        }
    }

    static let busy = Problem(
        503, "busy", "Too much at once", "The bar has more orders than it can take; try again.",
        headers: retrySoon)
    static let noWriter = Problem(
        503, "writer_unavailable", "The bar cannot write now",
        "Nobody knows whether this was stored; send it again with the same Idempotency-Key.",
        headers: retrySoon)
    static let writerAway = Problem(
        503, "writer_unavailable", "The bar cannot write now",
        "Nothing was stored; try again in a moment.", headers: retrySoon)
    static let notReady = Problem(
        503, "not_ready", "Not ready yet", "The bar is still setting the shelf; try again.",
        headers: retrySoon)
    static let stillBehind = Problem(
        503, "still_behind", "Not there yet",
        "This answer is not as new as you asked for; try again.", headers: retrySoon)
    static let positionAhead = Problem(
        409, "position_ahead", "That position does not exist",
        "Barback-After is beyond the end of the log; forget it and ask again.")

    // MARK: What the front refuses

    static let noRoute = Problem(404, "no_route", "Not found", "There is nothing at this address.")
    static func notFound(_ kind: String) -> Problem { Problem(Domain.Refusal.notFound(kind)) }
    static func badHeader(_ name: String, _ sentence: String) -> Problem {
        Problem(400, "bad_header", "A header is wrong", "\(name) \(sentence).")
    }
    static func unknownParameter(_ name: String) -> Problem {
        Problem(
            400, "unknown_parameter", "Unknown parameter",
            "This address has no query parameter \(name).")
    }
    static func wrongMethod(allow: String) -> Problem {
        Problem(
            405, "method_not_allowed", "Not that way", "This address answers \(allow).",
            headers: [("Allow", allow)])
    }
    static let wrongType = Problem(
        415, "unsupported_media_type", "Not that type",
        "The body must be sent as application/json.")
    static let wrongHost = Problem(
        421, "misdirected", "Not this host",
        "The bar does not go by this name; open its own address, or start it with --base-url.")
    static let noKey = Problem(
        401, "no_api_key", "An API key is needed", "Send the header X-Api-Key with every request.")
    static let unknownKey = Problem(
        401, "unknown_api_key", "The key opens nothing",
        "This API key is unknown or was disabled; ask the host for another.")
    static let notSignedIn = Problem(
        401, "not_signed_in", "Who are you?",
        "Send an access token: Authorization: Bearer, from POST /register or POST /auth/login.",
        headers: challenge)
    static let badToken = Problem(
        401, "bad_token", "The token is not good",
        "The token is wrong, has ended or was ended; refresh it or sign in again.",
        headers: [("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
    static let tooManyPasswords = Problem(
        429, "too_many_sign_ins", "Too many at once",
        "Many passwords are being checked; try again in a few seconds.",
        headers: [("Retry-After", "3")])
    static let badTicket = Problem(
        401, "bad_ticket", "The ticket is not good",
        "A ticket is good once, for 30 seconds; get another one from POST /events/ticket.")
    static func tooManyStreams(_ limit: Int) -> Problem {
        Problem(
            429, "too_many_streams", "Too many open",
            "You have \(limit) event streams open already; close one first.",
            headers: [("Retry-After", "10")])
    }
    static let tooManyRequests = Problem(
        429, "too_many_requests", "Too fast", "Wait a moment, as Retry-After says.")
    static let tooManyGuesses = Problem(
        429, "too_many_guesses", "Too many tries",
        "That was wrong too often; wait a moment, as Retry-After says.")
    private static let challenge = [("WWW-Authenticate", "Bearer")]

    /// What the gate refused before any of this was asked.
    init(_ refusal: HTTP.Refusal) {
        let code =
            switch refusal {
            case .malformed: "malformed_request"
            case .unknownCoding: "unknown_transfer_coding"
            case .targetTooLong: "target_too_long"
            case .headTooLarge: "head_too_large"
            case .bodyTooLarge: "body_too_large"
            case .bodyNotStored: "storage_full"
            case .unsupportedVersion: "unsupported_version"
            }
        self.init(refusal.status, code, "The request was refused", refusal.sentence)
    }

    private init(
        _ status: Int, _ code: String, _ title: String, _ detail: String,
        headers: [(String, String)] = []
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.headers = headers
    }
}
